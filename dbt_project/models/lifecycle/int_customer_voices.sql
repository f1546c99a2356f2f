-- One row per customer who ever answered, reviewed or recommended: what they said, on the given day.
with acts as (
    select customer_id, any_value(n) as n, count(*) filter (where act = 'referral') as referrals_converted
    from {{ ref('int_advocacy_acts') }}
    where
        valid_from <= {{ as_of('lifecycle') }}
        and coalesce(reversed_on > {{ as_of('lifecycle') }}, true)
    group by customer_id
),

points as (
    select n, points
    from {{ ref('int_advocacy_states') }}
    where valid_from <= {{ as_of('lifecycle') }} and coalesce(valid_to > {{ as_of('lifecycle') }}, true)
),

voices as (
    select
        customer_id,
        arg_max((details ->> '$.score')::integer, (occurred_at, event_id)) filter (where event_type = 'nps_given')
            as last_nps,
        count(*) filter (where event_type = 'review_written') as review_count,
        avg((details ->> '$.stars')::integer) filter (where event_type = 'review_written') as average_stars
    from {{ ref('int_customer_events') }}
    where event_type in ('nps_given', 'review_written', 'referral_given', 'referral_converted')
    group by customer_id
)

-- Whoever was named as the one who sent somebody may never have said a word to us.
select
    customer_id,
    voices.last_nps,
    voices.review_count,
    voices.average_stars,
    coalesce(points.points, 0) as advocacy_points,
    coalesce(acts.referrals_converted, 0) as referrals_converted
from voices
full outer join acts using (customer_id)
left join points on acts.n = points.n
