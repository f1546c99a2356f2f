-- One row per customer, axis and stretch of days that a build told otherwise than the one before: the past as it was
-- corrected, with what had been said. An erased number is in none.
{{ config(materialized='view') }}

select
    restated_at,
    customer_id,
    axis,
    changed_on,
    value_then,
    value_now,
    why
from {{ source('door', 'restatements') }}
-- depends_on: {{ ref('int_lifecycle__restated') }}
