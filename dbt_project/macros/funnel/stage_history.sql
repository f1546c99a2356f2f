-- The stages of customers as they stand on the given day: what began later is not known, what ended later is open.
-- `commercial` leaves ambassador out, as the axis of that name does.
{% macro stage_history(axis) -%}
    (
        select
            customer_id,
            value as stage,
            value_rank,
            valid_from,
            case when valid_to <= {{ as_of('lifecycle') }} then valid_to end as valid_to,
            lag(value_rank) over (partition by customer_id order by valid_from) as rank_before,
            case
                when valid_to <= {{ as_of('lifecycle') }}
                    then lead(value_rank) over (partition by customer_id order by valid_from)
            end as rank_after,
            is_reversal
        from {{ ref('customer_stages') }}
        where axis = '{{ axis }}' and valid_from <= {{ as_of('lifecycle') }}
    )
{%- endmacro %}
