-- What was told so far of those about to be told anew, set aside to be compared: int_lifecycle__restated. Who was
-- unknown so far has one row without an axis. Where a build died before it compared, its rows are still there:
-- they are what was told, and the histories are half of that build. A stretch ends where the next begins.
{% macro set_told_aside() -%}
    {%- set scope = ref('int_lifecycle__scope') -%}
    {%- set aside = this.incorporate(path={'identifier': 'int_lifecycle__before'}) -%}
    {%- set is_kept = execute and adapter.get_relation(aside.database, aside.schema, aside.identifier) -%}
    {%- set told = adapter.get_relation(this.database, this.schema, this.identifier) if execute -%}
    {%- set is_full = is_full_lifecycle() %}
    {#- An increment has everybody in its scope: DuckDB need not read of others who they are. #}
    {%- set whose = 'coalesce(scope.{0}, told.{0})' if is_full else 'scope.{0}' %}
    {{ 'insert into ' ~ aside ~ ' by name' if is_kept else 'create table ' ~ aside ~ ' as' }}
    {% if told -%}
    {% if not is_full -%}
    {#- Found first and joined then: an outer join reads every row there is. #}
    with theirs as materialized (
        select n, axis, value, valid_from from {{ told }} where n in {{ short_names(scope) }}
    )
    {% endif -%}
    select
        {{ whose.format('subject_id') }} as subject_id, {{ whose.format('n') }} as n,
        told.axis, told.value, told.valid_from
    from {{ scope }} as scope
    {{ 'full join ' ~ told if is_full else 'left join theirs' }} as told on scope.n = told.n
    where
        not {{ whose.format('is_account') }}
        {{ 'and ' ~ whose.format('n') ~ ' not in (select n from ' ~ aside ~ ')' if is_kept }}
    {%- else -%}
    select
        null::varchar as subject_id, scope.n, null::varchar as axis, null::varchar as value,
        null::date as valid_from
    from {{ scope }} as scope
    where not scope.is_account {{ 'and scope.n not in (select n from ' ~ aside ~ ')' if is_kept }}
    {%- endif %}
{%- endmacro %}
