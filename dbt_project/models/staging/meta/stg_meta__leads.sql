-- One row per answer to an instant form on Facebook or Instagram.
with read as (
    select *, false as was_made_to_try
    from {{ latest(source('raw_meta', 'leads'), keep_deleted=true) }}
    union all
    -- Counted and listed apart by the platform.
    select *, true as was_made_to_try
    from {{ latest(source('raw_meta', 'test_leads'), keep_deleted=true) }}
),

leads as (
    select
        *,
        from_json(payload -> '$.field_data', '[{"name": "VARCHAR", "values": ["VARCHAR"]}]') as answers
    from read
    -- Pushed as a lead before anybody could tell that it is none.
    qualify row_number() over (partition by _account, _key order by was_made_to_try desc) = 1
)

select
    -- ids
    'meta:' || _account || ':lead:' || _key as profile_id,
    _account as account,
    'lead' as object,
    payload ->> '$.form_id' as form_id,
    nullif(payload ->> '$.campaign_id', '0') as campaign_id,
    nullif(payload ->> '$.ad_id', '0') as ad_id,
    -- identifiers: Meta names its own questions; the work_ ones are asked on B2B forms
    {{ meta_answer('answers', ['email', 'work_email']) }} as email,
    {{ meta_answer('answers', ['phone_number', 'work_phone_number']) }} as phone,
    {{ meta_answer('answers', ['first_name']) }} as first_name,
    {{ meta_answer('answers', ['last_name']) }} as last_name,
    {{ meta_answer('answers', ['full_name']) }} as full_name,
    {{ meta_answer('answers', ['company_name', 'company']) }} as company,
    {{ meta_answer('answers', ['street_address']) }} as street,
    {{ meta_answer('answers', ['city']) }} as city,
    {{ meta_answer('answers', ['post_code', 'zip_code']) }} as postcode,
    {{ meta_answer('answers', ['country']) }} as country,
    {{ meta_answer('answers', ['date_of_birth']) }} as birth_date,
    -- A custom question is named by its slug in the form's language: "where did you hear of us?"
    list_filter(
        answers, lambda answer: regexp_matches(lower(answer.name), 'hear|entendu|connu|discover|découvert')
    )[1]['values'][1] as said_they_heard_from,
    -- what they ticked; the wording is on the form
    payload -> '$.custom_disclaimer_responses' as boxes,
    -- booleans
    coalesce(
        was_made_to_try
        -- What Meta's own test tool writes into every field.
        or contains(payload ->> '$.field_data', '<test lead:'),
        false
    ) as is_test,
    coalesce(try_cast(payload ->> '$.is_organic' as boolean), false) as is_organic,
    _is_deleted as is_deleted,
    -- texts
    payload ->> '$.campaign_name' as campaign_name,
    case payload ->> '$.platform' when 'ig' then 'instagram' else 'facebook' end as channel,
    -- times
    _occurred_at as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from leads
