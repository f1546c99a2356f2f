-- The profiles that changed, as they are.
{% macro changed_profiles() -%}
    (select * from {{ ref('profiles') }} where {{ is_changed('profile_id') }})
{%- endmacro %}

-- The same as matching knows them by now.
{% macro changed_features() -%}
    (select * from {{ ref('int_profile_features') }} where {{ is_changed('n') }})
{%- endmacro %}

-- By when they were touched first: so DuckDB passes over all that is older.
{% macro is_changed(name) -%}
    {%- set changes = ref('int_identity__changes') -%}
    {%- set since = run_query("select min(touched_at) from " ~ changes).rows[0][0] if execute -%}
    {{ name }} in (select {{ name }} from {{ changes }} where not is_gone)
    {{ "and touched_at >= timestamptz '" ~ since ~ "'" if since }}
{%- endmacro %}
