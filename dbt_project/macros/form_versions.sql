-- Each version of a form tool's forms, with the stretch of time in which it held. Forms are edited and deleted, and an
-- answer is worth what was asked: the oldest wording we know holds for all before it.
{% macro form_versions(tool) -%}
(
    select
        _account as account,
        _key as form_id,
        payload,
        case when _ordinal > 1 then _recorded_at end as worded_from,
        lead(_recorded_at) over (partition by _account, _key, _via order by _ordinal) as worded_until
    from {{ history(source('raw_' ~ tool, 'forms')) }}
)
{%- endmacro %}
