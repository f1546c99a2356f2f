-- One row per contact point, channel and purpose somebody's acts bear on: the latest yes, no and confirmation of
-- the person, what systems merely assert, and what a relation may be worth. A yes holds for the very address it
-- was given on; a no for every spelling of the mailbox, and a no to marketing closes every promotional purpose
-- of the channel.
with acts as (
    select
        *,
        act in ('deny', 'withdraw', 'object', 'complaint', 'asserted_optout') as is_no,
        -- What staff enter with a proof counts as the person's own.
        act in ('grant', 'confirm', 'reinstate_by_staff')
        and (actor = 'person' or (actor = 'staff' and proof_ref is not null))
        and coalesce(expires_on > {{ as_of('permission') }}, true) as is_yes
    from {{ ref('consent_acts') }}
    -- A no counts as soon as it happened or is known, a yes from when it happened.
    where {{ local_day("case when act in ('deny', 'withdraw', 'object', 'complaint', 'asserted_optout')
        then least(occurred_at, ingested_at) else occurred_at end") }} <= {{ as_of('permission') }}
),

timed as (
    select
        *,
        case when is_no then 'no' when act = 'confirm' then 'confirm' else 'other' end as kind,
        -- Where only the day is known, a no is its last moment and a yes its first: ties go to no.
        case
            when occurred_at_precision <> 'day' then occurred_at
            when is_no then {{ end_of_local_day('occurred_at') }}
            else {{ start_of_local_day('occurred_at') }}
        end as weighed_at
    from acts
),

bearings as (
    select 'other' as kind, purpose as said_purpose, purpose from {{ ref('int_consent_purposes') }}
    union
    select 'no' as kind, purpose as said_purpose, purpose from {{ ref('int_consent_purposes') }}
    union
    select 'no' as kind, 'marketing' as said_purpose, purpose
    from {{ ref('int_consent_purposes') }}
    where purpose_group = 'promotional'
    union
    -- A confirmed mailbox is confirmed for later yeses to anything.
    select 'confirm' as kind, said.purpose as said_purpose, confirmed.purpose
    from {{ ref('int_consent_purposes') }} as said
    cross join {{ ref('int_consent_purposes') }} as confirmed
),

spellings as (
    select distinct contact_type, match_value, contact_value from {{ ref('int_profile_points') }}
),

borne as (
    select timed.* exclude (purpose, contact_value), timed.contact_value, bearings.purpose, bearings.said_purpose
    from timed
    inner join bearings on timed.kind = bearings.kind and timed.purpose = bearings.said_purpose
    where not timed.is_no
    union all by name
    select
        timed.* exclude (purpose, contact_value), spellings.contact_value, bearings.purpose, bearings.said_purpose
    from timed
    inner join bearings on timed.kind = bearings.kind and timed.purpose = bearings.said_purpose
    inner join spellings
        on timed.contact_type = spellings.contact_type and timed.match_value = spellings.match_value
    where timed.is_no
)

select
    contact_type,
    contact_value,
    channel,
    purpose,
    max(weighed_at) filter (where is_no) as no_at,
    -- Two systems often tell of one no: then the act of the person explains it, not the block it led to.
    arg_max(
        struct_pack(act, id := consent_act_id), (weighed_at, act <> 'asserted_optout', consent_act_id)
    ) filter (where is_no) as no_by,
    max(weighed_at) filter (where is_yes and purpose = said_purpose) as yes_at,
    arg_max(
        struct_pack(id := consent_act_id, expires_on), (weighed_at, act, consent_act_id)
    ) filter (where is_yes and purpose = said_purpose) as yes_by,
    max(weighed_at) filter (where is_yes and act = 'confirm') as confirmed_at,
    coalesce(
        arg_max(needs_confirmation, (weighed_at, needs_confirmation))
        filter (where is_yes and act = 'grant' and purpose = said_purpose),
        false
    ) as needs_confirmation,
    bool_or(act in ('grant', 'confirm') and expires_on <= {{ as_of('permission') }}) as had_yes,
    max(occurred_at) filter (where act = 'asserted_grant') as asserted_at,
    arg_max(consent_act_id, occurred_at) filter (where act = 'asserted_grant') as asserted_id,
    {{ last_relation('purchase', 'implied_purchase') }},
    {{ last_relation('inquiry', 'implied_inquiry') }},
    -- Three conditions: their own sale, similar goods, a way out offered there and then.
    {{ last_relation('soft_opt_in', 'soft_opt_in', "(evidence ->> '$.sale_order_id') is not null
        and (evidence ->> '$.similar_products') = 'true' and (evidence ->> '$.optout_offered') = 'true'") }},
    {{ last_relation('notice', 'b2b_relevance', "(evidence ->> '$.role') is not null") }},
    -- Without an end it runs until somebody says that it ended.
    max(coalesce(expires_on, date '9999-12-31')) filter (where basis = 'contract') as contract_until,
    arg_max(consent_act_id, coalesce(expires_on, date '9999-12-31')) filter (where basis = 'contract') as contract_id
from borne
group by contact_type, contact_value, channel, purpose
