-- One row per marketing state of a shop customer and channel, once each time it changed, dated by the
-- shop. NOT_SUBSCRIBED was never asked: no act. PENDING waits for the click in a mail: a grant that
-- needs confirming. An unknown opt-in level proves nothing: somebody imported it; nor does a yes without a date.
--
-- A new date alone is no change: a tool that stamps everybody every night grants nobody anything. A yes that came
-- along when the address was changed was never said of the new one.
with changed as (
    select
        *,
        coalesce((state, opt_in_level, updated_at) = lag((state, opt_in_level, updated_at)) over customer, false)
        and coalesce(raw_value <> lag(raw_value) over customer, false) as is_carried
    from {{ ref('stg_shopify__consent_states') }}
    window customer as (partition by profile_id, via, channel order by version_number)
    qualify (state, opt_in_level) is distinct from lag((state, opt_in_level)) over (
        partition by profile_id, via, channel, raw_value order by version_number
    )
),

acts as (
    select
        *,
        unnest(case
            when state = 'SUBSCRIBED' and (updated_at is null or is_carried) then ['asserted_grant']
            when state = 'SUBSCRIBED' and opt_in_level = 'CONFIRMED_OPT_IN' then ['grant', 'confirm']
            when state = 'SUBSCRIBED' and opt_in_level = 'SINGLE_OPT_IN' then ['grant']
            when state = 'SUBSCRIBED' then ['asserted_grant']
            when state = 'PENDING' then ['grant']
            when state = 'UNSUBSCRIBED' then ['withdraw']
            -- Personal data was erased there: treated as a no until the person acts again.
            when state = 'REDACTED' then ['asserted_optout']
        end) as act
    from changed
)

select
    profile_id || ':' || channel || ':' || lower(state) || ':' || act || ':'
    || epoch_ms(coalesce(updated_at, recorded_at)) || if(is_carried, ':carried', '') as consent_act_id,
    profile_id,
    'shopify' as platform,
    raw_value,
    channel,
    'marketing' as purpose,
    act,
    case when act like 'asserted%' then 'source_state' else 'person' end as actor,
    'consent' as basis,
    coalesce(updated_at, recorded_at) as occurred_at,
    case when updated_at is null then 'first_seen' else 'second' end as occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    state = 'PENDING' as needs_confirmation,
    'the shop says ' || lower(state) || coalesce(', ' || lower(replace(opt_in_level, '_', ' ')), '') as reason
from acts
