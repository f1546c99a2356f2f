-- One row per stretch in which a subject had three occasions, at least a month from first to last: three
-- parcels in one week are one impulse.
{{ config(materialized='ephemeral') }}

{{ stage_intervals(
    ref('int_purchase_states'),
    'occasion_count >= ' ~ var('lifecycle')['loyal_occasions']
    ~ ' and last_occasion_date - first_occasion_date >= ' ~ var('lifecycle')['loyal_span_days'],
    'loyal_customer', 5
) }}
