-- One row per pair of profiles a person had better look at: alike but not enough (`pair`), alike enough yet
-- kept apart by what contradicts it (`cut`), or held for one in a group of too many spellings (`crowded`: its
-- weakest pair). Judged pairs are review_queue's business.
with paired as (
    select
        weighed.*,
        one.founder_n as one_founder,
        other.founder_n as other_founder,
        weighed.weight >= {{ var('matching')['threshold_bits'] }} as is_accepted
    from {{ ref('int_identity__weighed') }} as weighed
    inner join {{ ref('int_customer_profiles') }} as one on weighed.left_n = one.n
    inner join {{ ref('int_customer_profiles') }} as other on weighed.right_n = other.n
),

spellings as (
    select profiles.founder_n
    from {{ ref('int_customer_profiles') }} as profiles
    inner join {{ ref('int_profile_features') }} as features on profiles.n = features.n
    group by profiles.founder_n
    having count(*) > 40 and count(distinct features.full_name) > 20
),

crowded as (
    select paired.* from paired
    semi join spellings on paired.one_founder = spellings.founder_n
    where paired.is_accepted and paired.one_founder = paired.other_founder
    qualify row_number() over (partition by paired.one_founder order by paired.weight, left_n, right_n) = 1
),

chosen as (
    select *, case when is_accepted then 'cut' else 'pair' end as kind
    from paired
    where one_founder <> other_founder and coalesce(weight > -500, true)
    union all
    select *, 'crowded' as kind from crowded
)

select
    least(one.profile_id, other.profile_id) as left_profile_id,
    greatest(one.profile_id, other.profile_id) as right_profile_id,
    chosen.weight,
    {{ spoken_for('chosen', 'one', 'other') }} as reason,
    chosen.kind
from chosen
inner join {{ ref('int_profile_features') }} as one on chosen.left_n = one.n
inner join {{ ref('int_profile_features') }} as other on chosen.right_n = other.n
