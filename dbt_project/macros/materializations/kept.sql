-- A table that is kept from build to build: an increment writes only what is new and takes out what is stale.
--
-- keys:  the columns that name a row.
-- stale: tables of the same schema with a column `n`; a row goes where any of its keys is among those. Without
--        it, a row goes where a new one has its key.
--
-- settled_by: 'lifecycle' where the histories decide whether this build is an increment, else identity does.
--
-- hands_on: an increment's new rows stay as a table of their own, <name>__fresh, for a later model that reads no others
--           and drops it.
--
-- dbt's own incremental asks the catalogue a dozen questions a table; a night of ten new leads would be
-- spent on those. Whether this build is an increment is decided once, for all.
{% materialization kept, adapter='duckdb', supported_languages=['sql'] %}
    {%- set keys = config.require('keys') -%}
    {%- set stale = config.get('stale', []) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set is_full = is_full_lifecycle() if config.get('settled_by') == 'lifecycle' else is_full_identity() -%}
    {{ run_hooks(pre_hooks) }}
    {% if is_full or existing is none %}
        {% if existing is not none and existing.type != 'table' %}{{ adapter.drop_relation(existing) }}{% endif %}
        {% call statement('main') -%}
            create or replace table {{ target_relation }} as ({{ sql }}
            )
        {%- endcall %}
    {% else %}
        {%- set hands_on = config.get('hands_on', false) -%}
        {%- set fresh = fresh_of(this) if hands_on else this.identifier ~ '__fresh' -%}
        {% call statement('fresh') -%}
            create or replace {{ 'temp' if not hands_on }} table {{ fresh }} as ({{ sql }}
            )
        {%- endcall %}
        {% for key in keys %}{% call statement('stale') -%}
            delete from {{ target_relation }} where {{ key }} in (
                {%- for table in stale %}
                select n from {{ this.incorporate(path={'identifier': table}) }} where n is not null
                {{- ' union all' if not loop.last }}
                {%- else %}
                select {{ key }} from {{ fresh }}
                {%- endfor %}
            )
        {%- endcall %}{% endfor %}
        {% call statement('main') -%}
            insert into {{ target_relation }} by name select * from {{ fresh }}
        {%- endcall %}
        {% if not hands_on %}{% call statement('end') -%} drop table {{ fresh }} {%- endcall %}{% endif %}
    {% endif %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

-- What an increment has just added to a kept table that hands it on.
{% macro fresh_of(relation) -%}
    {{ return(relation.incorporate(path={'identifier': relation.identifier ~ '__fresh'})) }}
{%- endmacro %}
