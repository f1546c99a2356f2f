-- One row per time somebody is said to have sent somebody: a line of a referral tool's file, a code at the
-- checkout, a code in the link that led there, an answer to "who sent you"; and in which days that is known: whose
-- a code is, the file may say later than it was used. Whether it counts: int_referrals.
{{ config(materialized='ephemeral') }}

with told as (
    select
        mentions.customer_id as referrer_id,
        referees.customer_id as referee_id,
        mentions.event_id,
        mentions.given_on,
        'file' as via,
        mentions.said as code,
        mentions.order_name,
        null::varchar as order_id,
        mentions.given_on as valid_from,
        null::date as valid_to
    from {{ ref('int_referral_mentions') }} as mentions
    inner join {{ ref('int_customer_profiles') }} as referees on mentions.referee_profile_id = referees.profile_id
    where mentions.event_type = 'referral_given'
),

-- A code that two people gave away is a campaign's, and nobody's, from the day on which the second did.
owners as (
    select
        spoken,
        referrer_id,
        given_on as owned_from,
        lead(given_on) over (partition by spoken order by given_on, referrer_id) as owned_until
    from (
        select upper(trim(code)) as spoken, referrer_id, min(given_on) as given_on
        from told
        where code is not null
        group by upper(trim(code)), referrer_id
    ) as givers
    qualify
        row_number() over (partition by spoken order by given_on, referrer_id) = 1
        and owned_from is distinct from owned_until
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

select referrer_id, referee_id, event_id, given_on, via, code, order_name, order_id, valid_from, valid_to
from told
union all
select
    owners.referrer_id, carried.referee_id, carried.event_id, carried.given_on, carried.via, carried.said, null,
    carried.order_id, greatest(carried.given_on, owners.owned_from) as valid_from, owners.owned_until
from carried
inner join owners on upper(trim(carried.said)) = owners.spoken
where coalesce(owners.owned_until > carried.given_on, true)
union all
select
    mailboxes.referrer_id, answered.referee_id, answered.event_id, answered.given_on, answered.via, null, null,
    answered.order_id, answered.given_on as valid_from, null
from answered
inner join mailboxes on answered.address = mailboxes.address
