-- The rows of a table whose short names are among `numbers`, a query. Through rowid: DuckDB then reads the columns of
-- those rows, and not of all.
{% macro rows_numbered(table, numbers) -%}
    (select * from {{ table }} where rowid in (select found.rowid from {{ table }} as found where found.n in ({{ numbers }})))
{%- endmacro %}
