-- One row per pair of profiles that a person said are two: they never end up under one number, whatever else
-- ties them (int_identity__clusters cuts what would join them).
{{ config(materialized='view') }}

select
    left_profile_id,
    right_profile_id,
    'judged_apart' as match_rule,
    -1000.0 as weight,
    'judged two people by ' || judged_by || ' on ' || {{ local_day('judged_at') }} || coalesce(': ' || reason, '')
        as reason
from {{ ref('int_judgements') }}
where verdict = 'apart'
