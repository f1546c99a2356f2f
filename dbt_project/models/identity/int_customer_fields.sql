-- One row per customer, field and value anybody gave for it: its rank, who said it best, and why it won or
-- lost. A value that came second in one field may win in another only with its own name or address: those are
-- taken whole.
with said as (
    unpivot (
        select
            customer_id, profile_id, platform, last_seen_at, claim_rank, lost_by,
            first_name, last_name, company, job_title, language, city, postcode, postal_address
        from {{ ref('int_field_ranks') }}
    )
    on first_name, last_name, company, job_title, language, city, postcode, postal_address
    into name field value value
),

distinct_values as (
    select
        customer_id,
        field,
        value,
        min(claim_rank) as claim_rank,
        arg_min(
            struct_pack(profile_id, platform, said_at := last_seen_at, lost_by), claim_rank
        ) as best,
        count(*) as record_count
    from said
    group by customer_id, field, value
)

select
    customer_id,
    field,
    value,
    claim_rank = 1 as is_winner,
    -- The first place stays empty where the claim that was taken whole has no such part.
    row_number() over best_first + (min(claim_rank) over (partition by customer_id, field) > 1)::integer as value_rank,
    -- What the second lost by is what the best won by.
    coalesce(best.lost_by, lead(best.lost_by) over best_first, 'only_value') as decided_by,
    best.profile_id as profile_id,
    best.platform as platform,
    best.said_at as said_at,
    record_count
from distinct_values
window best_first as (partition by customer_id, field order by claim_rank)
