-- One row per event up to the given day that may tell who sent somebody: a line of a referral tool's file, an order
-- with codes or from a link with one, a form with an answer. Kept, since most events of a year tell nothing of it.
{{ config(materialized='kept', settled_by='lifecycle', keys=['n'], stale=['int_lifecycle__touched']) }}
{% set everybody, touched = ref('int_customer_events'), ref('int_lifecycle__touched') %}
-- depends_on: {{ ref('events') }} {{ ref('int_customer_profiles') }}

with events as {{ '' if is_full_lifecycle() else 'materialized' }} (
    {% if is_full_lifecycle() -%}
        select customer_id, event_id, event_type, event_date, evidence, details from {{ everybody }}
    {%- else -%}
        select
            profiles.customer_id, events.event_id, events.event_type,
            {{ local_day('events.occurred_at') }} as event_date, events.evidence, events.details
        from {{ ref('events') }} as events
        inner join (
            select * from {{ ref('int_customer_profiles') }}
            where customer_id in (select subject_id from {{ touched }})
        ) as profiles on events.profile_id = profiles.profile_id
        where {{ has_come('events.occurred_at', as_of('lifecycle')) }}
    {%- endif %}
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
    where event_type in ('referral_given', 'order_paid', 'lead_created', 'form_answered')
)

select *
from mentions
where event_type = 'referral_given' or said is not null or len(codes) > 0
