-- One row per time that a profile had left Square's mails where it had not before. Square does not say who did it: it
-- is taken for the person's no, which follows to a new address. That somebody has not left is nobody's yes.
with changes as (
    select
        *,
        lag(has_left, 1, false) over (partition by profile_id, via, email order by version_number) as had_left
    from {{ ref('stg_square__consent_states') }}
)

select
    concat_ws(':', profile_id, 'left', via, version_number) as consent_act_id,
    profile_id,
    'square' as platform,
    email as raw_value,
    'email' as channel,
    'marketing' as purpose,
    'asserted_optout' as act,
    'source_state' as actor,
    'consent' as basis,
    recorded_at as occurred_at,
    'second' as occurred_at_precision,
    ingested_at,
    profile_id as evidence_record_id,
    'left the mails sent by Square' as reason
from changes
where has_left and not had_left and email is not null
