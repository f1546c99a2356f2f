    select
        profile_id || ':created' as event_id, profile_id, 'lead_created' as event_type, created_at as occurred_at,
        ingested_at, 'tillpoint' as platform, 'till' as channel, profile_id as evidence
    from {{ ref('stg_tillpoint__members') }}
