-- One row per stretch in which a subject who bought had spoken for us often enough, at least once by a hard
-- act, and had said nothing bad since. It expires with the points.
{{ config(materialized='ephemeral') }}

{{ stage_intervals(
    scope_of(ref('int_advocacy_states')),
    'occasion_count >= 1 and points >= ' ~ var('lifecycle')['ambassador_points']
    ~ ' and hard_act_count >= 1 and not is_suspended',
    'ambassador', 6
) }}
