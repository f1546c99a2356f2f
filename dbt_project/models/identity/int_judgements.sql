-- One row per pair of profiles that a person's judgement is in force on: the newest decides, and one that
-- was withdrawn leaves the pair to the rules again. Either profile may be unknown, yet or by now.
{{ config(materialized='view') }}

with newest as (
    select *
    from {{ source('door', 'judgements') }}
    qualify row_number() over (
        partition by left_profile_id, right_profile_id
        order by judged_at desc, ingested_at desc, judgement_id desc
    ) = 1
)

select left_profile_id, right_profile_id, verdict, judged_by, reason, evidence, judged_at, ingested_at
from newest
where verdict <> 'withdrawn'
