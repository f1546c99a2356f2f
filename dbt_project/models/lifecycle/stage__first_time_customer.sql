-- One row per stretch in which a subject had at least one purchase occasion that counted.
{{ config(materialized='view') }}

{{ stage_intervals(scope_of(ref('int_purchase_states')), 'occasion_count >= 1', 'first_time_customer', 3) }}
