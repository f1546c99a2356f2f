-- One row per subject and stretch of days in which the same purchase occasions counted: how many, the first and
-- the last of them, and the gaps between.
{{ config(materialized='view') }}

select
    * exclude (is_state, run_from, run_to),
    occasion_date as last_occasion_date
from {{ ref('int_purchase_runs') }}
where is_state
