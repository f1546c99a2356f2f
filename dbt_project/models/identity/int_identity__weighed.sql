-- One row per pair of profiles with something to say for it: all evidence added up, in bits. Pairs far below
-- the threshold are forgotten; what parts the members of a group is looked at when the group is known.
{{ config(materialized='kept', keys=['left_n', 'right_n'], stale=['int_identity__scope']) }}
-- depends_on: {{ ref('int_identity__scope') }} {{ ref('int_settled') }}
{% set matching = var('matching') %}

with resemblance as (
    select * from {{ ref('match__resemblance') }}
    union all by name
    select * from {{ ref('match__same_contact') }}
),

summed as (
    select
        resemblance.* exclude (weight),
        resemblance.weight + coalesce(ruled.weight, 0)
        -- Nothing that is one person's alone in common, and many people about.
        - case
            when greatest(bits_email, bits_phone, bits_national_id) < 5
                then (select population_bits from {{ ref('int_settled') }})
            else 0
        end as weight,
        ruled.match_rules,
        ruled.best_rule,
        ruled.reason
    from resemblance
    left join {{ ref('int_identity__ruled') }} as ruled
        on resemblance.left_n = ruled.left_n and resemblance.right_n = ruled.right_n
)

select * from summed
where weight >= {{ matching['threshold_bits'] }} - {{ matching['doubtful_bits'] }} or match_rules is not null
