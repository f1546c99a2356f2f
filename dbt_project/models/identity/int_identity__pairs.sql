-- One row per pair of profiles that some rule holds for one person, with all rules that say so.
with pairs as (
    select * from {{ ref('match__same_email') }}
    union all
    select * from {{ ref('match__same_phone') }}
    union all
    select * from {{ ref('match__same_platform_id') }}
)

select
    least(left_profile_id, right_profile_id) as left_profile_id,
    greatest(left_profile_id, right_profile_id) as right_profile_id,
    list(distinct match_rule order by match_rule) as match_rules,
    sum(weight) as weight,
    arg_max(match_rule, (weight, match_rule)) as best_rule,
    arg_max(reason, (weight, match_rule)) as reason
from pairs
where left_profile_id <> right_profile_id
group by 1, 2
