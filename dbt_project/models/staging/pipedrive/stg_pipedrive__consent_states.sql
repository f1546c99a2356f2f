-- One row per version of a person: whether they may be written to, as Pipedrive held it then. Without Campaigns there
-- is no such status, and nothing is told.
with versions as (
    select
        *,
        coalesce(
            from_json(payload -> '$.emails', '[{"value": "VARCHAR", "primary": "VARCHAR", "label": "VARCHAR"}]'), []
        ) as emails
    from {{ history(source('raw_pipedrive', 'persons')) }}
)

select
    'pipedrive:' || _account || ':person:' || _key as profile_id,
    nullif(trim({{ pipedrive_first('emails') }}), '') as email,
    lower(payload ->> '$.marketing_status') as status,
    _recorded_at as recorded_at,
    _ingested_at as ingested_at,
    _via as via,
    _ordinal as version_number
from versions
where (payload ->> '$.marketing_status') is not null
