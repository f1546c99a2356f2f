-- One row per pair of profiles that a person said are one, and both of which are there: a profile nobody
-- holds links nothing, lest it bridge two others.
{{ config(materialized='view') }}

select
    judged.left_profile_id,
    judged.right_profile_id,
    'judged_together' as match_rule,
    -- More than all rules together can bring.
    1000.0 as weight,
    'judged one person by ' || judged.judged_by || ' on ' || {{ local_day('judged.judged_at') }}
    || coalesce(': ' || judged.reason, '') as reason
from {{ ref('int_judgements') }} as judged
inner join {{ ref('profiles') }} as left_profiles on judged.left_profile_id = left_profiles.profile_id
inner join {{ ref('profiles') }} as right_profiles on judged.right_profile_id = right_profiles.profile_id
where judged.verdict = 'together'
