    select
        'tillpoint' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at,
        email, phone, first_name, last_name
    from {{ ref('stg_tillpoint__members') }}
