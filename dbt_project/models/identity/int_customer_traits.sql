-- One row per customer of whom anything is known: what they are called, where they live, from the claim that
-- won each. `customers` shows these, customer_fields says why.
select
    customer_id,
    max(first_name) as first_name,
    max(last_name) as last_name,
    nullif(concat_ws(' ', max(first_name), max(last_name)), '') as display_name,
    max(company) as company,
    max(job_title) as job_title,
    max(language) as language,
    max(street) as street,
    max(city) as city,
    max(postcode) as postcode,
    max(postal_address) as postal_address
from {{ ref('int_field_ranks') }}
-- One claim of each group, and no two groups share a column.
where claim_rank = 1
group by customer_id
