-- The histories as they stand on a day: what began by then, open where it had not ended. Restated, that is: with
-- all that is known today. As known on some day is another warehouse, built from what had reached us by then.
--
-- Nobody is without a stage: who is known only from a later day on is a lead at once.
{% macro histories_on(day, is_account) -%}
    select
        subject_id,
        axis::varchar as axis,
        value::varchar as value,
        value_rank::integer as value_rank,
        least(valid_from, {{ day }}) as valid_from,
        case when valid_to <= {{ day }} then valid_to end as valid_to,
        previous_value::varchar as previous_value,
        days_in_previous,
        cause,
        evidence,
        is_reversal,
        '{{ var("rule_version") }}' as rule_version,
        '{{ var("configuration") }}' as config_hash,
        (select known_through from {{ ref('int_lifecycle__epoch') }}) as known_through
    from {{ ref('int_lifecycle__history') }}
    where
        is_account = {{ is_account }}
        and (valid_from <= {{ day }} or (previous_value is null and axis in ('stage', 'commercial_stage')))
{%- endmacro %}
