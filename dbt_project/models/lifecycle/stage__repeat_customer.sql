-- One row per stretch in which a subject had at least two purchase occasions: a third of buyers come back
-- once, and more than half of those once more.
{{ config(materialized='ephemeral') }}

{{ stage_intervals(ref('int_purchase_states'), 'occasion_count >= 2', 'repeat_customer', 4) }}
