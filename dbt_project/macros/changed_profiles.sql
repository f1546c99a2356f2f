-- The profiles that changed, as they are. By when they were touched first: so DuckDB passes over all that is older.
{% macro changed_profiles() -%}
    {%- set changes = ref('int_identity__changes') -%}
    {%- set since = run_query("select min(touched_at) from " ~ changes).rows[0][0] if execute -%}
    (
        select * from {{ ref('profiles') }}
        where profile_id in (select profile_id from {{ changes }} where not is_gone)
        {{ "and touched_at >= timestamptz '" ~ since ~ "'" if since }}
    )
{%- endmacro %}
