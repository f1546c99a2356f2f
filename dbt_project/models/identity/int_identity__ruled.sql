-- One row per pair of profiles that some rule speaks of, with what all of them add up to. The index of match
-- rules: a new one adds its line here. What names, places and contact points say is match__resemblance.
with rules as (
    select * from {{ ref('match__same_platform_id') }}
    union all
    select * from {{ ref('match__judged_together') }}
    union all
    select * from {{ ref('match__judged_apart') }}
)

select
    least(one.n, other.n) as left_n,
    greatest(one.n, other.n) as right_n,
    sum(rules.weight) as weight,
    list(distinct rules.match_rule order by rules.match_rule) as match_rules,
    arg_max(rules.match_rule, (abs(rules.weight), rules.match_rule)) as best_rule,
    arg_max(rules.reason, (abs(rules.weight), rules.match_rule)) as reason
from rules
inner join {{ ref('int_profile_features') }} as one on rules.left_profile_id = one.profile_id
inner join {{ ref('int_profile_features') }} as other on rules.right_profile_id = other.profile_id
where one.n <> other.n
group by 1, 2
