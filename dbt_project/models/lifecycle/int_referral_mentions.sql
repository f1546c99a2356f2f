-- One row per event up to the given day that may tell who sent somebody: a line of a referral tool's file, an order
-- with codes or from a link with one, a form with an answer. Kept, since most events of a year tell nothing of it.
{{ config(materialized='kept', settled_by='lifecycle', keys=['n'], stale=['int_lifecycle__touched']) }}
{% set touched = ref('int_lifecycle__touched') %}

with events as (
    select
        profiles.customer_id, told.event_id, told.event_type, told.event_date, told.evidence, told.details
    from {{ events_of_touched() }} as told
    inner join {{ ref('int_customer_profiles') }} as profiles on told.profile_n = profiles.n
    where
        told.event_type in ('referral_given', 'order_paid', 'lead_created', 'form_answered')
        and {{ has_come('told.occurred_at', as_of('lifecycle')) }}
        {% if not is_full_lifecycle() %}
            and profiles.customer_id in (select subject_id from {{ touched }} where not is_account)
        {% endif %}
),

mentions as (
    select
        customer_id,
        {{ digest('customer_id') }} as n,
        event_id,
        event_type,
        event_date as given_on,
        case when event_type = 'order_paid' then evidence end as order_id,
        case
            when event_type = 'order_paid' then details ->> '$.link_code'
            when event_type = 'referral_given' then details ->> '$.code'
            else details ->> '$.said'
        end as said,
        case when event_type = 'order_paid' then from_json(details -> '$.codes', '["VARCHAR"]') end as codes,
        case when event_type = 'referral_given' then details ->> '$.referee_profile_id' end as referee_profile_id,
        case when event_type = 'referral_given' then details ->> '$.order_name' end as order_name
    from events
)

select *
from mentions
where event_type = 'referral_given' or said is not null or len(codes) > 0
