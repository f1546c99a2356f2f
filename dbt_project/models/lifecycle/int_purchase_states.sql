-- One row per customer and stretch of days in which the same purchase occasions counted: how many, the
-- first and the last of them. Orders of one local day are one occasion (a split basket).
with occasions as (
    select
        customer_id,
        valid_from as occasion_date,
        -- The occasion lasts as long as any order of that day does.
        case when bool_or(valid_to is null) then null else max(valid_to) end as valid_to,
        arg_max(end_cause, (valid_to, end_cause)) as end_cause,
        min(order_id) as evidence
    from {{ ref('int_valid_orders') }}
    group by customer_id, valid_from
),

changes as (
    select customer_id, occasion_date as valid_from, 'event' as cause, evidence from occasions
    union all
    select customer_id, valid_to, end_cause, evidence from occasions where valid_to is not null
),

-- One change a day: gained evidence is named before lost evidence.
days as (
    select *
    from changes
    qualify row_number() over (partition by customer_id, valid_from order by cause = 'event' desc, evidence) = 1
),

stretches as (
    select *, lead(valid_from) over (partition by customer_id order by valid_from) as valid_to
    from days
)

select
    stretches.customer_id,
    stretches.valid_from,
    stretches.valid_to,
    stretches.cause,
    stretches.evidence,
    count(occasions.occasion_date) as occasion_count,
    min(occasions.occasion_date) as first_occasion_date,
    max(occasions.occasion_date) as last_occasion_date
from stretches
left join occasions
    on
        stretches.customer_id = occasions.customer_id
        and occasions.occasion_date <= stretches.valid_from
        and coalesce(occasions.valid_to > stretches.valid_from, true)
group by all
