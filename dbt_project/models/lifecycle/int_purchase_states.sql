-- One row per subject of this build and stretch of days in which the same purchase occasions counted: how many, the
-- first and the last of them, and the gaps between.
{{ config(materialized='ephemeral') }}

select * from {{ purchase_states_of(scope_of(ref('int_purchase_runs'))) }}
