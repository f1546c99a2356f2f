-- One row per version of a line of a dropped lead list: what its permission columns said then, and of which
-- address. A later list may leave the column out or say otherwise; what was said stays said.
with lines as (
    select
        * exclude (payload),
        from_json(payload, '{
            "email": "VARCHAR", "created_at": "VARCHAR", "email_opt_in": "BOOLEAN", "sms_opt_in": "BOOLEAN",
            "phone_opt_in": "BOOLEAN", "post_opt_in": "BOOLEAN", "unsubscribed": "BOOLEAN", "consent_text": "VARCHAR",
            "consent_at": "VARCHAR"
        }') as line
    from {{ history(source('raw_files', 'leads')) }}
)

select
    'files:' || _account || ':lead:' || _key as profile_id,
    nullif(trim(line.email), '') as email,
    coalesce(line.email_opt_in, false) as takes_email,
    coalesce(line.sms_opt_in, false) as takes_sms,
    coalesce(line.phone_opt_in, false) as takes_calls,
    coalesce(line.post_opt_in, false) as takes_post,
    coalesce(line.unsubscribed, false) as is_unsubscribed,
    nullif(trim(line.consent_text), '') as consent_text,
    try_cast(line.consent_at as timestamptz) as consent_at,
    try_cast(line.created_at as timestamptz) as created_at,
    _recorded_at as recorded_at,
    _ingested_at as ingested_at,
    _via as via,
    _ordinal as version_number
from lines
