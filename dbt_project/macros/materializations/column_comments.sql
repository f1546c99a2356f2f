-- Descriptions as column comments. dbt-duckdb's own asks the catalogue first which columns exist, mart by mart; ours
-- have contracts, which have just been kept.
{% macro duckdb__alter_column_comment(relation, column_dict) %}
    {% for column in column_dict.values() %}
        comment on column {{ relation }}.{{ adapter.quote(column.name) }} is {{ duckdb_escape_comment(column.description) }};
    {% endfor %}
{% endmacro %}
