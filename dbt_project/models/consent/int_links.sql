-- One row per customer number and stretch of days in which it led to one customer: what merges and splits did,
-- dated. A no that spread by a merge lasts as long as these say.
-- depends_on: {{ ref('int_identity__news') }}
{{ config(materialized='table') }}

select
    customer_number as own_number,
    customer_id,
    {{ local_day('since') }} as valid_from,
    lead({{ local_day('since') }}) over (partition by customer_number order by entry) as valid_to
from {{ source('door', 'identity_log') }}
