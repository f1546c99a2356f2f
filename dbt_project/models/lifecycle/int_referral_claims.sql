-- One row per time somebody is said to have sent somebody: a line of a referral tool's file, a code at the
-- checkout, a code in the link that led there, an answer to "who sent you". Whether it counts: int_referrals.
{{ config(materialized='view') }}

with told as (
    select
        mentions.customer_id as referrer_id,
        referees.customer_id as referee_id,
        mentions.event_id,
        mentions.given_on,
        'file' as via,
        mentions.said as code,
        mentions.order_name,
        null::varchar as order_id
    from {{ ref('int_referral_mentions') }} as mentions
    inner join {{ ref('int_customer_profiles') }} as referees on mentions.referee_profile_id = referees.profile_id
    where mentions.event_type = 'referral_given'
),

-- A code that two people gave away is a campaign's, and nobody's.
owners as (
    select upper(trim(code)) as spoken, min(referrer_id) as referrer_id
    from told
    where code is not null
    group by 1
    having count(distinct referrer_id) = 1
),

carried as (
    select customer_id as referee_id, event_id, given_on, 'code' as via, unnest(codes) as said, order_id
    from {{ ref('int_referral_mentions') }}
    where event_type = 'order_paid'
    union all
    select customer_id, event_id, given_on, if(event_type = 'order_paid', 'link', 'answer'), said, order_id
    from {{ ref('int_referral_mentions') }}
    where event_type <> 'referral_given' and said is not null
),

answered as (
    select *, {{ email_match(email_contact('said')) }} as address
    from carried
    where via = 'answer' and contains(said, '@')
),

-- An answer may be an address. A name never is: too many people share one.
mailboxes as (
    select points.match_value as address, min(profiles.customer_id) as referrer_id
    from {{ ref('int_contact_points') }} as points
    inner join {{ ref('int_customer_profiles') }} as profiles on points.profile_id = profiles.profile_id
    where
        points.identifier_type = 'email' and not points.is_role and not points.is_placeholder
        and points.match_value in (select answered.address from answered)
    group by points.match_value
    having count(distinct profiles.customer_id) = 1
)

select * from told
union all by name
select owners.referrer_id, carried.* exclude (said), carried.said as code
from carried
inner join owners on upper(trim(carried.said)) = owners.spoken
union all by name
select mailboxes.referrer_id, answered.* exclude (said, address)
from answered
inner join mailboxes on answered.address = mailboxes.address
