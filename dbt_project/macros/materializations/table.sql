-- A table made anew by each build, in one statement. dbt-duckdb's own makes it beside, renames twice and drops, which
-- takes longer than a night's work on most of ours.
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks) }}
    {% if existing is not none and (existing.type != 'table' or model['language'] == 'python') %}
        {{ adapter.drop_relation(existing) }}
    {% endif %}
    {% if model['language'] == 'python' %}
        {% call statement('main', language='python') -%}
            {{- py_write_table(temporary=false, relation=target_relation, compiled_code=compiled_code) }}
        {%- endcall %}
    {% elif config.get('contract').enforced %}
        {{ get_assert_columns_equivalent(compiled_code) }}
        {% call statement('main') -%}
            create or replace table {{ target_relation }} {{ get_table_columns_and_constraints() }};
            insert into {{ target_relation }} by name ({{ compiled_code }}
            )
        {%- endcall %}
    {% else %}
        {% call statement('main') -%}
            create or replace table {{ target_relation }} as ({{ compiled_code }}
            )
        {%- endcall %}
    {% endif %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(target_relation, model) %}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
