-- One row per person of the CRM. Two who were merged are two here: the number of who survived links them. Of several
-- addresses the first counts; of several numbers a mobile one, and another as the landline.
with persons as (
    select
        *,
        'pipedrive:' || _account || ':person:' || _key as profile_id,
        -- Other shapes than these are none.
        coalesce(
            from_json(
                payload -> '$.emails', '[{"value": "VARCHAR", "primary": "VARCHAR", "label": "VARCHAR"}]'
            ),
            []
        ) as emails,
        coalesce(
            from_json(
                payload -> '$.phones', '[{"value": "VARCHAR", "primary": "VARCHAR", "label": "VARCHAR"}]'
            ),
            []
        ) as phones
    from {{ latest(source('raw_pipedrive', 'persons'), keep_deleted=true) }}
),

numbered as (
    select
        *,
        {{ pipedrive_first('emails') }} as email,
        coalesce(
            list_filter(phones, lambda one: one['label'] = 'mobile')[1]['value'], {{ pipedrive_first('phones') }}
        ) as phone
    from persons
),

organizations as (
    select
        _account,
        _key,
        payload ->> '$.name' as organization_name
    from {{ latest(source('raw_pipedrive', 'organizations')) }}
)

select
    -- ids
    numbered.profile_id,
    numbered._account as account,
    'person' as object,
    coalesce(mergers.survivor_profile_id, numbered.profile_id) as survivor_profile_id,
    -- identifiers
    nullif(trim(numbered.email), '') as email,
    nullif(trim(numbered.phone), '') as phone,
    nullif(trim(list_filter(numbered.phones, lambda one: one['value'] <> numbered.phone)[1]['value']), '') as landline,
    nullif(trim(numbered.payload ->> '$.first_name'), '') as first_name,
    nullif(trim(numbered.payload ->> '$.last_name'), '') as last_name,
    -- Who has no name is called by their address.
    case
        when (numbered.payload ->> '$.name') not like '%@%'
            then nullif(trim(numbered.payload ->> '$.name'), '')
    end as full_name,
    coalesce(
        nullif(trim(organizations.organization_name), ''), nullif(trim(numbered.payload ->> '$.organization_name'), '')
    ) as company,
    nullif(trim(numbered.payload ->> '$.job_title'), '') as job_title,
    nullif(trim(numbered.payload ->> '$.birthday'), '') as birth_date,
    -- booleans
    {{ is_test_name("numbered.payload ->> '$.name'") }} as is_test,
    numbered._is_deleted as is_deleted,
    -- times
    coalesce(try_cast(numbered.payload ->> '$.add_time' as timestamptz), numbered._occurred_at) as created_at,
    numbered._first_seen_at as first_seen_at,
    numbered._last_seen_at as last_seen_at,
    numbered._touched_at as touched_at,
    numbered._known_since as known_since,
    numbered._ingested_at as ingested_at
from numbered
left join {{ ref('stg_pipedrive__mergers') }} as mergers on numbered.profile_id = mergers.loser_profile_id
left join organizations
    on
        numbered._account = organizations._account
        and (numbered.payload ->> '$.org_id') = organizations._key
