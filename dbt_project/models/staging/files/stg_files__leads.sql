-- One row per line of a dropped lead list, columns mapped by firsthand.yaml.
with leads as (
    -- One reading of each line for all its columns: lists may be long.
    select
        * exclude (payload),
        from_json(payload, '{
            "email": "VARCHAR", "phone": "VARCHAR", "first_name": "VARCHAR", "last_name": "VARCHAR",
            "full_name": "VARCHAR", "company": "VARCHAR", "street": "VARCHAR", "city": "VARCHAR",
            "postcode": "VARCHAR", "country": "VARCHAR", "language": "VARCHAR", "birth_date": "VARCHAR",
            "national_id": "VARCHAR",
            "source": "VARCHAR", "campaign": "VARCHAR", "form": "VARCHAR", "said_they_heard_from": "VARCHAR"
        }') as line
    from {{ latest(source('raw_files', 'leads'), keep_deleted=true) }}
)

select
    -- ids
    'files:' || _account || ':lead:' || _key as profile_id,
    _account as account,
    'lead' as object,
    nullif(line.campaign, '') as campaign_id,
    nullif(line.form, '') as form_id,
    -- identifiers
    line.email,
    line.phone,
    line.first_name,
    line.last_name,
    line.full_name,
    line.company,
    line.street,
    line.city,
    line.postcode,
    line.country,
    line.language,
    line.birth_date,
    line.national_id,
    -- texts: where the list says the person came from
    nullif(line.source, '') as lead_source,
    nullif(line.said_they_heard_from, '') as said_they_heard_from,
    _is_deleted as is_deleted,
    -- times
    _occurred_at as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from leads
