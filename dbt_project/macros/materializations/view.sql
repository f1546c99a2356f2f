-- A view, in one statement. dbt-duckdb's own makes it beside, renames twice and drops.
{% materialization view, adapter='duckdb', supported_languages=['sql'] %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks) }}
    {% if existing is not none and existing.type != 'view' %}{{ adapter.drop_relation(existing) }}{% endif %}
    {% if config.get('contract').enforced %}{{ get_assert_columns_equivalent(compiled_code) }}{% endif %}
    {% call statement('main') -%}
        create or replace view {{ target_relation }} as ({{ compiled_code }}
        )
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(target_relation, model) %}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
