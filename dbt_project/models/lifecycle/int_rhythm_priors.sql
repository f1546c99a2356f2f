-- One row per month in which somebody bought: how long customers in general let pass between two purchases, as
-- known when the month began. A purchase is judged by its own month's row, so no later knowledge reaches back.
--
-- Learnt only from purchases old enough for a late return to have been seen: 365 days, or as old as they were far
-- from the company's first sale. Recent ones can only show short gaps. Without 200 such gaps of 100 customers, or in
-- the first half year, `is_learnt` is false and the fixed days of firsthand.yaml hold.
--
-- Whole days, and the variance within customers to two digits: a merge that moves one gap then moves no month.
{% set before = adapter.get_relation(database=target.database, schema=this.schema, identifier=this.identifier)
    if not is_full_lifecycle() and execute %}
{% set settings = var('lifecycle') %}

with gaps as (
    select
        occasion_date,
        gap_days,
        gap_count,
        n,
        -- What this gap adds to the sum of squares within its customer, and to its degrees of freedom.
        case
            when gap_count = 3 then log_gap_square_sum - log_gap_sum ** 2 / 3
            when gap_count > 3
                then ln(gap_days) ** 2 - log_gap_sum ** 2 / gap_count
                + (log_gap_sum - ln(gap_days)) ** 2 / (gap_count - 1)
            else 0
        end as squares,
        case when gap_count = 3 then 2 when gap_count > 3 then 1 else 0 end as freedom,
        occasion_date - gap_days as bought_on,
        run_from,
        run_to
    from {{ ref('int_purchase_runs') }}
    where
        gap_days is not null
        -- People's, not firms'.
        and n not in (select {{ digest('account_id') }} from {{ ref('int_account_members') }})
),

opening as (
    select min(valid_from) as opened_on from {{ ref('int_valid_orders') }}
),

-- The first month that begins after all it takes: the purchase matured, the next one came, the run began.
entered as (
    select
        last_day(greatest(
            bought_on + least(365, bought_on - (select opened_on from opening))::integer - 1, occasion_date, run_from
        )) + 1 as from_month,
        last_day(run_to) + 1 as to_month,
        gap_days,
        squares,
        freedom,
        (gap_count = 1)::integer as customers
    from gaps
),

-- In with the one month, out with the other; what was lost before it had matured comes and goes in one. (A filter that
-- compares the two would be carried down to where `opened_on` is not known yet, and pair every row with it.)
turns as (
    select from_month as month, gap_days, 1 as sign, squares, freedom, customers
    from entered
    union all
    select greatest(from_month, to_month), gap_days, -1, -squares, -freedom, -customers
    from entered
    where to_month is not null
),

turned as (
    select
        month,
        gap_days,
        sum(sign) as gaps,
        sum(squares) as squares,
        sum(freedom) as freedom,
        sum(customers) as customers
    from turns
    group by month, gap_days
),

months as (
    select distinct date_trunc('month', occasion_date)::date as month
    from (select distinct occasion_date from {{ ref('int_purchase_runs') }}) as days
    where occasion_date is not null
),

-- How often each gap had been seen when the month began.
seen as (
    select
        months.month,
        turned.gap_days,
        sum(turned.gaps) as gaps,
        sum(turned.squares) as squares,
        sum(turned.freedom) as freedom,
        sum(turned.customers) as customers
    from months
    inner join turned on months.month >= turned.month
    group by months.month, turned.gap_days
    having sum(turned.gaps) > 0
),

ranked as (
    select
        *,
        sum(gaps) over (partition by month order by gap_days) as gaps_so_far,
        sum(gaps) over (partition by month) as gaps_in_all
    from seen
),

learnt as (
    select
        month,
        any_value(gaps_in_all) as gap_count,
        sum(customers) as customer_count,
        min(gap_days) filter (where gaps_so_far >= 0.25 * gaps_in_all) as p25,
        min(gap_days) filter (where gaps_so_far >= 0.5 * gaps_in_all) as median_days,
        min(gap_days) filter (where gaps_so_far >= 0.75 * gaps_in_all) as p75,
        round(sum(squares) / nullif(sum(freedom), 0), 2) as within
    from ranked
    group by month
),

spread as (
    select *, (ln(p75) - ln(p25)) / 1.349 as s0 from learnt
),

-- Too few with three gaps to tell the two apart: k = 2.
parted as (
    select
        *,
        case when within is null then s0 ** 2 / 3 else greatest(s0 ** 2 - within, 0.05) end as between_variance,
        -- Never nothing: whoever bought once has no gap to divide by.
        greatest(coalesce(within, 2 * s0 ** 2 / 3), 0.01) as within_variance
    from spread
),

priors as (
    select
        months.month,
        coalesce(parted.gap_count, 0)::integer as gap_count,
        coalesce(parted.customer_count, 0)::integer as customer_count,
        parted.median_days::integer as median_days,
        parted.p25::integer as p25_days,
        parted.p75::integer as p75_days,
        parted.within_variance,
        parted.between_variance,
        coalesce(
            parted.gap_count >= {{ settings['prior_gaps'] }} and parted.customer_count >= {{ settings['prior_customers'] }}
            and months.month >= opening.opened_on + 180,
            false
        ) as is_learnt
    from months
    cross join opening
    left join parted on months.month = parted.month
)

select
    priors.*,
    {% if before -%}
        -- Whoever bought in a month that reads otherwise now has to be looked at again.
        (priors.median_days, priors.p25_days, priors.p75_days, priors.within_variance, priors.is_learnt)
        is distinct from (before.median_days, before.p25_days, before.p75_days, before.within_variance, before.is_learnt)
        as is_changed
    {%- else -%}
        false as is_changed
    {%- endif %}
from priors
{%- if before %}
left join {{ before }} as before on priors.month = before.month
{%- endif %}
