-- One row per version of a profile: how each of its channels stood then, since when, by which way, and why it was
-- suppressed. What Klaviyo calls implicit permission (may be written to, for nothing was ever said) is nobody's yes and
-- is not read.
with versions as (
    select
        *,
        payload -> '$.attributes' as attributes,
        payload -> '$.attributes.subscriptions' as subscriptions,
        payload -> '$.attributes.subscriptions.email.marketing' as mail
    from {{ history(source('raw_klaviyo', 'profiles')) }}
)

select
    'klaviyo:' || _account || ':profile:' || _key as profile_id,
    nullif(trim(attributes ->> '$.email'), '') as email,
    nullif(trim(attributes ->> '$.phone_number'), '') as phone,
    list_filter(
        [
            {%- for channel in ('email', 'sms', 'whatsapp') %}
                struct_pack(
                    channel := '{{ channel }}',
                    consent := upper(subscriptions ->> '$.{{ channel }}.marketing.consent'),
                    stated_at := try_cast(
                        subscriptions ->> '$.{{ channel }}.marketing.consent_timestamp' as timestamptz
                    ),
                    method := subscriptions ->> '$.{{ channel }}.marketing.method',
                    method_detail := nullif(trim(subscriptions ->> '$.{{ channel }}.marketing.method_detail'), ''),
                    is_double := coalesce(
                        (subscriptions ->> '$.{{ channel }}.marketing.double_optin') = 'true', false
                    )
                ){{ ',' if not loop.last }}
            {%- endfor %}
        ],
        lambda one: one['consent'] is not null
    ) as channels,
    -- Of everything, or of one list; under its older name in older revisions. Other shapes than these are none.
    list_concat(
        coalesce(
            from_json(
                coalesce(mail -> '$.suppression', mail -> '$.suppressions'),
                '[{"list_id": "VARCHAR", "reason": "VARCHAR", "timestamp": "VARCHAR"}]'
            ),
            []
        ),
        coalesce(
            from_json(
                mail -> '$.list_suppressions', '[{"list_id": "VARCHAR", "reason": "VARCHAR", "timestamp": "VARCHAR"}]'
            ),
            []
        )
    ) as suppressions,
    _recorded_at as recorded_at,
    _ingested_at as ingested_at,
    _via as via,
    _ordinal as version_number
from versions
