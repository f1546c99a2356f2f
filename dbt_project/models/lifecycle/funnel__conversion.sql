-- One row per step of the funnel and month in which people entered its first stage, and one per step for all of
-- them (`cohort_month` empty): how many reached the second, or beyond, within the days given. People are followed
-- from the day they first entered. Only those count of whom we can know: a cohort whose youngest member has not had
-- the time is immature, and a rate of fewer than 30 people is hidden, for it says more than it knows.
{{ config(materialized='view') }}
{% set days = var('lifecycle')['funnel_days'] %}
-- An ambassador may have bought once: who became one is read on the axis that knows them, everything else on the axis
-- of purchases alone.
{% set steps = [
    ('lead', 'prospect', 2), ('lead', 'first_time_customer', 3), ('prospect', 'first_time_customer', 3),
    ('first_time_customer', 'repeat_customer', 4), ('repeat_customer', 'loyal_customer', 5),
    ('first_time_customer', 'ambassador', 6)
] %}
{% set stages = ['lead', 'prospect', 'first_time_customer', 'repeat_customer'] %}
with commercial as (
    select * from {{ stage_history('commercial_stage') }}
),

with_ambassadors as (
    select * from {{ stage_history('stage') }}
),

histories as (
    select 'commercial_stage' as axis, * from commercial
    union all
    select 'stage' as axis, *
    from with_ambassadors
    where n in (select n from with_ambassadors where stage = 'ambassador')
),

first_days as (
    select
        n,
        {%- for stage in stages %}
        min(valid_from) filter (where stage = '{{ stage }}') as {{ stage }}_on{{ ',' if not loop.last }}
        {%- endfor %}
    from commercial
    group by n
),

-- One look at each history for all steps at once.
walked as (
    select
        histories.n,
        any_value(histories.customer_id) as customer_id,
        unnest([
            {%- for from_stage, to_stage, rank in steps %}
            {%- set axis = 'stage' if rank == 6 else 'commercial_stage' %}
            {
                'step_number': {{ loop.index }},
                'from_stage': '{{ from_stage }}',
                'to_stage': '{{ to_stage }}',
                'to_rank': {{ rank }},
                'entered_on': any_value(first_days.{{ from_stage }}_on),
                'reached_on': min(histories.valid_from) filter (
                    where histories.axis = '{{ axis }}'
                    and histories.value_rank >= {{ rank }}
                    and histories.valid_from >= first_days.{{ from_stage }}_on
                ),
                'last_reversed_on': max(histories.valid_from) filter (
                    where histories.axis = '{{ axis }}'
                    and histories.is_reversal
                    and histories.value_rank < {{ rank }}
                    and histories.valid_from >= first_days.{{ from_stage }}_on
                )
            }{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as step
    from histories
    inner join first_days on histories.n = first_days.n
    group by histories.n
),

reached as (
    select
        customer_id,
        step.step_number,
        step.from_stage,
        step.to_stage,
        step.to_rank,
        step.entered_on,
        step.reached_on,
        step.last_reversed_on
    from walked
    where step.entered_on is not null
),

-- What the day on which they reached it brought.
takings as (
    select profiles.customer_id, orders.order_date, sum(orders.net_converted) as net
    from {{ ref('int_orders') }} as orders
    inner join {{ ref('int_customer_profiles') }} as profiles on orders.profile_id = profiles.profile_id
    where orders.order_date <= {{ as_of('lifecycle') }}
    group by all
),

followed as (
    select
        reached.*,
        date_trunc('month', reached.entered_on)::date as cohort_month,
        reached.reached_on - reached.entered_on as days_to_reach,
        coalesce(reached.reached_on - reached.entered_on <= {{ days }}, false) as is_converted,
        case when reached.to_rank between 3 and 5 then takings.net end as value
    from reached
    left join takings on reached.customer_id = takings.customer_id and reached.reached_on = takings.order_date
),

-- All together are those who have had the time, from whichever month.
counted as (
    select * from followed
    union all by name
    select * replace (null as cohort_month) from followed where entered_on + {{ days }} <= {{ as_of('lifecycle') }}
),

grouped as (
    select
        step_number,
        from_stage,
        to_stage,
        cohort_month,
        count(*) as entered_count,
        count(*) filter (where is_converted) as converted_count,
        count(*) filter (where is_converted and last_reversed_on >= reached_on) as reversed_count,
        median(days_to_reach) filter (where is_converted) as median_days,
        median(value) filter (where is_converted) as median_value,
        case
            when (cohort_month + interval 1 month)::date - 1 + {{ days }} > {{ as_of('lifecycle') }} then 'immature'
            when count(*) < 30 then 'too_few'
            else 'mature'
        end as status
    from counted
    group by step_number, from_stage, to_stage, cohort_month
)

select
    step_number,
    from_stage,
    to_stage,
    cohort_month,
    {{ days }} as within_days,
    entered_count,
    converted_count,
    status,
    case when status = 'mature' then converted_count / entered_count end as conversion_rate,
    case when status = 'mature' then {{ wilson('converted_count', 'entered_count', '-1') }} end as rate_at_least,
    case when status = 'mature' then {{ wilson('converted_count', 'entered_count', '1') }} end as rate_at_most,
    case when converted_count >= 30 then reversed_count / converted_count end as reversal_rate,
    reversed_count,
    case when status = 'mature' then median_days end as median_days,
    case when status = 'mature' then median_value end as median_value,
    -- What the step brings a day. Reached on the day itself, it counts as one day.
    case when status = 'mature' then converted_count * median_value / greatest(median_days, 1) end as velocity
from grouped
