-- One row per pair of profiles held for one person, with what speaks for it. Weights are bits: one more makes
-- it twice as likely.
{{ config(materialized='view') }}

select
    least(one.profile_id, other.profile_id) as left_profile_id,
    greatest(one.profile_id, other.profile_id) as right_profile_id,
    list_concat(coalesce(weighed.match_rules, []), ['resemblance']) as match_rules,
    weighed.weight,
    {{ best_rule('weighed', 'one', 'other') }} as best_rule,
    {{ spoken_for('weighed', 'one', 'other') }} as reason
from {{ ref('int_identity__weighed') }} as weighed
inner join {{ ref('int_profile_features') }} as one on weighed.left_n = one.n
inner join {{ ref('int_profile_features') }} as other on weighed.right_n = other.n
where weighed.weight >= {{ var('matching')['threshold_bits'] }}
