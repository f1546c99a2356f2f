-- All that a history reads of a recommendation, to see whether it reads otherwise than last time.
{% macro referrals_told() -%}
    select
        referrer_id as subject_id,
        concat_ws('|', referee_id, event_id, status, given_on) as detail,
        converted_on as since,
        reversed_on as until
    from {{ ref('int_referrals') }}
{%- endmacro %}
