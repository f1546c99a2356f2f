-- All that a history reads of a recommendation, to see whether it reads otherwise than last time.
{% macro referrals_told() -%}
    select
        referrer_id as subject_id,
        concat_ws('|', referee_id, event_id, status, order_id) as detail,
        valid_from as since,
        valid_to as until
    from {{ ref('int_referrals') }}
{%- endmacro %}

-- Recommendations as they stood on a day, one row a pair.
{% macro referrals_on(day) -%}
(
    select
        referrals.* exclude (valid_from, valid_to),
        case
            when status in ('converted', 'undone')
                then max(valid_from) filter (where status = 'converted') over of_order
        end as converted_on,
        case when status = 'undone' then valid_from end as undone_on
    from {{ ref('int_referrals') }} as referrals
    where valid_from <= {{ day }}
    window of_order as (partition by referrer_id, referee_id, order_id)
    qualify coalesce(valid_to > {{ day }}, true)
)
{%- endmacro %}
