-- What was told so far of those about to be told anew, set aside to be compared: int_lifecycle__restated.
{% macro set_told_aside() -%}
    {%- set scope, settled = ref('int_lifecycle__scope'), ref('int_lifecycle__settled') -%}
    {%- set aside = this.incorporate(path={'identifier': 'int_lifecycle__before'}) -%}
    {%- set told = adapter.get_relation(database=this.database, schema=this.schema, identifier=this.identifier)
        if execute -%}
    create or replace table {{ aside }} as
    {% if told -%}
    select subject_id, n, axis, value, valid_from, valid_to from {{ told }}
    where not is_account {{ 'and n in (select n from ' ~ scope ~ ')' if not is_full_lifecycle() }}
    {%- else -%}
    select
        null::varchar as subject_id, null::bigint as n, null::varchar as axis, null::varchar as value,
        null::date as valid_from, null::date as valid_to
    where false
    {%- endif %}
{%- endmacro %}
