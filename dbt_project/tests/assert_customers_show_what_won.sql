-- Each value of customers is the winner of customer_fields, and each winner is shown.
{{ config(meta={'dagster': {'ref': {'name': 'customer_fields'}}}) }}
with shown as (
    unpivot (
        select
            customer_id, first_name, last_name, company, job_title, language, city, postcode, postal_address,
            country, best_email, best_phone
        from {{ ref('customers') }}
    )
    on columns(* exclude (customer_id))
    into name field value value
),

winners as (
    select customer_id, field, value, value_rank from {{ ref('customer_fields') }} where is_winner
)

select
    coalesce(shown.customer_id, winners.customer_id) as customer_id,
    coalesce(shown.field, winners.field) as field
from shown
full outer join winners
    on shown.customer_id = winners.customer_id and shown.field = winners.field and shown.value = winners.value
where shown.customer_id is null or winners.value_rank is distinct from 1
