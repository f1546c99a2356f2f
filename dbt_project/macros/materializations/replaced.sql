-- A table made anew by each build, in one statement. dbt's own `table` makes it beside, renames twice and drops, which
-- takes longer than a night's work on most of ours.
{% materialization replaced, adapter='duckdb', supported_languages=['sql'] %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks) }}
    {% if existing is not none and existing.type != 'table' %}{{ adapter.drop_relation(existing) }}{% endif %}
    {% call statement('main') -%}
        create or replace table {{ target_relation }} as ({{ sql }}
        )
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
