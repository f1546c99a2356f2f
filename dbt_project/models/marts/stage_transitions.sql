-- One row per change of a customer on an axis: from which value to which, on which day, why, and after how long.
{{ config(materialized='view') }}

select
    customer_id,
    axis,
    valid_from as changed_on,
    previous_value as from_value,
    value as to_value,
    days_in_previous,
    cause,
    evidence,
    is_reversal
from {{ ref('customer_stages') }}
where previous_value is distinct from value and previous_value is not null
