-- One row per profile and the anchor of its phone number. Weaker than an address: numbers are handed on,
-- and families share them.
{{ config(materialized='view') }}

select
    anchor_profile_id as left_profile_id,
    profile_id as right_profile_id,
    'same_phone' as match_rule,
    6.0 as weight,
    'both gave the phone number ' || contact_value as reason
from {{ ref('int_identifiers') }}
where identifier_type = 'phone' and profile_id <> anchor_profile_id
