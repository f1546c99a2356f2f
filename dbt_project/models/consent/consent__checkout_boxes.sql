-- One row per box that somebody ticked, or took the tick off again, in a shop and channel its words name. A box left
-- alone is silence; one at the checkout is ticked once, and nobody takes it back there. Stripe says "opted out" of
-- whoever leaves its box, and is taken at its word.
with changed as (
    select *, unnest({{ named_channels('wording_text') }}) as channel
    from {{ ref('stg_woocommerce__boxes') }}
    qualify is_ticked is distinct from lag(is_ticked, 1, false) over (
        partition by profile_id, place, record_key, via, box_key order by version_number
    )
)

select
    concat_ws(
        ':', profile_id, place, record_key, box_key, channel, if(is_ticked, 'grant', 'withdraw'), epoch_ms(recorded_at)
    ) as consent_act_id,
    profile_id,
    'woocommerce' as platform,
    case when channel = 'email' then email else phone end as raw_value,
    channel,
    'marketing' as purpose,
    if(is_ticked, 'grant', 'withdraw') as act,
    'person' as actor,
    'consent' as basis,
    recorded_at as occurred_at,
    'second' as occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    box_key || ':' || left(sha256(wording_text), 16) as wording_version,
    wording_text,
    place as collection_point,
    if(is_ticked, 'ticked a box in the shop', 'took the tick off in the shop') as reason
from changed
where is_ticked or place = 'account'

union all

select
    profile_id || ':promotions:' || session_id as consent_act_id,
    profile_id,
    'stripe' as platform,
    email as raw_value,
    'email' as channel,
    'marketing' as purpose,
    if(promotions = 'opt_in', 'grant', 'deny') as act,
    'person' as actor,
    'consent' as basis,
    created_at as occurred_at,
    'second' as occurred_at_precision,
    known_since as ingested_at,
    session_id as evidence_record_id,
    'promotions:' || left(sha256(coalesce(wording_text, '')), 16) as wording_version,
    wording_text,
    'checkout' as collection_point,
    if(promotions = 'opt_in', 'agreed at the checkout', 'did not agree at the checkout') as reason
from {{ ref('stg_stripe__sessions') }}
where promotions in ('opt_in', 'opt_out') and not is_test
