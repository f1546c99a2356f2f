-- One row per thing a customer did, and whose channel it came by. What the contracts write where nobody said a source
-- is direct and has no owner. Any other word without a line in the seed is a source whose owner we do not know, and must
-- neither count as ours nor give way to an older one. Of two in the same second the one that is believed more is the
-- last: the order itself, then the order of `survivorship.sources`.
{% macro owner_touches() -%}
    select
        events.customer_id,
        events.occurred_at,
        (
            events.occurred_at, events.event_type = 'order_paid', {{ source_rank('events.platform') }}, events.event_id
        ) as turn,
        coalesce(
            channels.owner, platforms.owner, case when not {{ is_nobodys('events.channel') }} then 'unknown' end
        ) as owner,
        coalesce(channels.kind, platforms.kind, 'unknown') as kind
    from {{ ref('int_customer_events') }} as events
    left join {{ ref('channel_owners') }} as channels on lower(events.channel) = channels.word
    -- Where the channel says nothing ("form"), a record on a rented platform still came by it.
    left join {{ ref('channel_owners') }} as platforms
        on events.platform = platforms.word and platforms.kind = 'rented'
    where {{ is_own_act('events.event_type') }}
{%- endmacro %}

{% macro is_nobodys(channel) -%}
    (lower({{ channel }}) in ('shop', 'form', 'site', 'file', 'crm', 'direct'))
{%- endmacro %}

-- A friend who sent somebody is no channel of ours, though nobody owns it but us.
{% macro source_of(owner, kind) -%}
    case {{ kind }} when 'referral' then 'referral' else {{ owner }} end
{%- endmacro %}
