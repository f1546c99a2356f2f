-- One row per recommendation that brought a first order of another person in another home, undone ones too: from
-- when to when it spoke for whoever gave it.
{{ config(materialized='view') }}

select
    referrer_id as customer_id,
    referee_id,
    event_id,
    order_id,
    converted_on,
    reversed_on
from {{ ref('int_referrals') }}
where status in ('converted', 'undone')
