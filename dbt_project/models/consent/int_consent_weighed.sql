-- One row per contact point, channel and purpose somebody's acts bear on: the latest yes, no and confirmation of
-- the person, what systems merely assert, and what a relation may be worth. A yes holds for the very address it
-- was given on; a no for every spelling of the mailbox, and a no to marketing closes every promotional purpose
-- of the channel.
--
-- Which act it was is found by the greatest text of moment and id: arg_max over several columns takes ten times
-- as long. A moment in microseconds has 18 digits here, so that texts sort as moments do.
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
    where {{ has_come("case when act in ('deny', 'withdraw', 'object', 'complaint', 'asserted_optout')
        then least(occurred_at, ingested_at) else occurred_at end", as_of('permission')) }}
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

pointed as (
    select timed.*, points.point_n
    from timed
    inner join {{ ref('int_consent_points') }} as points
        on timed.contact_type = points.contact_type and timed.contact_value = points.contact_value
    where not timed.is_no
    union all
    select timed.*, points.point_n
    from timed
    inner join {{ ref('int_consent_points') }} as points
        on timed.contact_type = points.contact_type and timed.match_value = points.match_value
    where timed.is_no
),

borne as (
    select
        pointed.* exclude (purpose),
        bearings.purpose,
        bearings.purpose = bearings.said_purpose as is_said_of_it,
        (epoch_us(pointed.weighed_at) + 100000000000000000)::varchar as moment_key
    from pointed
    inner join bearings on pointed.kind = bearings.kind and pointed.purpose = bearings.said_purpose
)

select
    point_n,
    channel,
    purpose,
    -- A confirmation of something else says nothing of this.
    bool_or(is_no or is_said_of_it) as is_spoken_of,
    max(weighed_at) filter (where is_no) as no_at,
    -- Two systems often tell of one no: then the act of the person explains it, not the block it led to.
    max(moment_key || if(act = 'asserted_optout', '0', '1') || act || '|' || consent_act_id) filter (where is_no)[20:]
        as no_by,
    max(weighed_at) filter (where is_yes and is_said_of_it) as yes_at,
    -- Of two at one moment the one that holds longer.
    max(moment_key || coalesce(expires_on, date '9999-12-31') || consent_act_id)
    filter (where is_yes and is_said_of_it)[19:] as yes_by,
    max(weighed_at) filter (where is_yes and act = 'confirm') as confirmed_at,
    coalesce(
        ends_with(
            max(moment_key || needs_confirmation) filter (where is_yes and act = 'grant' and is_said_of_it), 'true'
        ),
        false
    ) as needs_confirmation,
    bool_or(act in ('grant', 'confirm') and expires_on <= {{ as_of('permission') }}) as had_yes,
    max(moment_key || consent_act_id) filter (where act = 'asserted_grant')[19:] as asserted_id,
    {{ last_relation('purchase', 'implied_purchase') }},
    {{ last_relation('inquiry', 'implied_inquiry') }},
    -- Three conditions: their own sale, similar goods, a way out offered there and then.
    {{ last_relation('soft_opt_in', 'soft_opt_in', "(evidence ->> '$.sale_order_id') is not null
        and (evidence ->> '$.similar_products') = 'true' and (evidence ->> '$.optout_offered') = 'true'") }},
    {{ last_relation('notice', 'b2b_relevance', "(evidence ->> '$.role') is not null") }},
    -- Without an end it runs until somebody says that it ended.
    max(coalesce(expires_on, date '9999-12-31')) filter (where basis = 'contract') as contract_until,
    max(coalesce(expires_on, date '9999-12-31') || consent_act_id) filter (where basis = 'contract')[11:] as contract_id
from borne
group by point_n, channel, purpose
