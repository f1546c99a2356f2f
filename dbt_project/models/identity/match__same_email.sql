-- One row per profile and the anchor of its mailbox: strong evidence that both are one person. The guards
-- (whose mailbox it is, under which name) are in int_identifiers.
{{ config(materialized='view') }}

select
    anchor_profile_id as left_profile_id,
    profile_id as right_profile_id,
    'same_email' as match_rule,
    8.0 as weight,
    'both gave the e-mail address ' || contact_value as reason
from {{ ref('int_identifiers') }}
where identifier_type = 'email' and profile_id <> anchor_profile_id
