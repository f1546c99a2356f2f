-- The stages of customers as they stand on the given day: what began later is not known, what ended later is open,
-- and who came later is nobody yet.
{% macro stage_history(axis) -%}
    (
        select
            n,
            subject_id as customer_id,
            value::varchar as stage,
            value_rank::integer as value_rank,
            valid_from,
            case when valid_to <= {{ as_of('lifecycle') }} then valid_to end as valid_to,
            lag(value_rank) over (partition by n order by valid_from) as rank_before,
            case
                when valid_to <= {{ as_of('lifecycle') }}
                    then lead(value_rank) over (partition by n order by valid_from)
            end as rank_after,
            is_reversal
        from {{ ref('int_lifecycle__history') }}
        where axis = '{{ axis }}' and not is_account and valid_from <= {{ as_of('lifecycle') }}
    )
{%- endmacro %}
