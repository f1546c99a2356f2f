-- Whether the histories are computed anew for everybody, or only for whom something changed. Decided once a build,
-- by int_lifecycle__settled; every other model asks here.
{% macro is_full_lifecycle() -%}
    {%- set settled = ref('int_lifecycle__settled') -%}
    {%- if not execute or not load_relation(settled) -%} {{ return(true) }} {%- endif -%}
    {{ return(run_query('select is_full from ' ~ settled).rows[0][0]) }}
{%- endmacro %}

-- What an increment must have in common with the build before: code and settings as `firsthand` hands them over,
-- and what the rules read of them. The given day is not among them: histories know no day.
{% macro lifecycle_version() -%}
    {{ return(local_md5(var('identity_version') ~ var('lifecycle') | string ~ var('time_zone') ~ var('currency'))) }}
{%- endmacro %}

-- What the last build that ended well left of itself, nothing where it was of other columns.
{% macro lifecycle_epoch() -%}
    {%- set last = adapter.get_relation(
        database=target.database, schema='lifecycle', identifier='int_lifecycle__epoch'
    ) if execute -%}
    {%- if last and 'is_settled' in adapter.get_columns_in_relation(last) | map(attribute='name') -%}
        {{ return(last) }}
    {%- endif -%}
{%- endmacro %}

-- The epoch is worth nothing until the last model writes it again; until when was told remains, for the log of
-- what is told otherwise outlives builds that die.
{% macro unsettle_lifecycle() -%}
    {%- set last = lifecycle_epoch() -%}
    {%- if last -%} update {{ last }} set is_settled = false {%- endif -%}
{%- endmacro %}
