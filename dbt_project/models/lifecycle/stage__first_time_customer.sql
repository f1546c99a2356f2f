-- One row per stretch in which a subject had at least one purchase occasion that counted.
{{ config(materialized='ephemeral') }}

{{ stage_intervals(ref('int_purchase_states'), 'occasion_count >= 1', 'first_time_customer', 3) }}
