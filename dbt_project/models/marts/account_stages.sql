-- One row per account, axis and stretch of days with one value: what its people did, counted together, each from
-- the day they belong to it.
{{ config(materialized='view') }}

select subject_id as account_id, * exclude (subject_id)
from ({{ histories_on(as_of('lifecycle'), true) }}) as histories
