-- One row per kind of mail the company writes, and whether it promotes anything.
{{ config(materialized='view') }}

select
    _account as account,
    _key as subscription_id,
    payload ->> '$.name' as subscription_name,
    coalesce(lower(payload ->> '$.purpose') = 'marketing', false) as is_marketing
from {{ latest(source('raw_hubspot', 'subscription_types')) }}
