-- One row per contact point, channel and purpose the person said something of: the latest no and the latest yes. A
-- no to marketing closes every promotional purpose of the channel.
with promotional as (
    select list(purpose) as purposes from {{ ref('int_consent_purposes') }} where purpose_group = 'promotional'
),

acts as (
    select
        counted.* exclude (purpose),
        unnest(
            case
                when counted.is_no and counted.purpose = 'marketing' then promotional.purposes
                else [counted.purpose]
            end
        ) as purpose
    from {{ ref('int_consent_counted') }} as counted
    cross join promotional
    where counted.is_no or counted.is_yes
)

select
    point_key,
    channel,
    purpose,
    max(weighed_at) filter (where is_no) as no_at,
    -- Two systems often tell of one no: then the act of the person explains it, not the block it led to.
    max(moment_key || if(act = 'asserted_optout', '0', '1') || act || '|' || consent_act_id) filter (where is_no)[20:]
        as no_by,
    max(weighed_at) filter (where is_yes_in_force) as yes_at,
    -- Of two at one moment the one that holds longer.
    max(moment_key || coalesce(expires_on, date '9999-12-31') || consent_act_id) filter (where is_yes_in_force)[19:]
        as yes_by,
    coalesce(
        ends_with(max(moment_key || needs_confirmation) filter (where is_yes_in_force and act = 'grant'), 'true'), false
    ) as needs_confirmation,
    bool_or(is_yes and not is_yes_in_force) as had_yes
from acts
group by point_key, channel, purpose
