-- One row per customer, axis and stretch of days with one value, from the first day on, without gap or
-- overlap; `valid_to` is exclusive and null for what holds on the given day.
{{ config(materialized='view') }}

select subject_id as customer_id, * exclude (subject_id)
from ({{ histories_on(as_of('lifecycle'), false) }}) as histories
