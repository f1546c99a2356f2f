-- One row per record of every customer about whom the rules are in doubt: what it says, so that a person who
-- decides sees all their records and not only the two that raised the doubt (review_queue).
with asked as (
    select left_customer_id as customer_id from {{ ref('review_queue') }}
    union
    select right_customer_id from {{ ref('review_queue') }}
)

select
    people.profile_id,
    people.customer_id,
    said.platform,
    said.object,
    people.created_at,
    people.first_seen_at,
    coalesce(nullif(concat_ws(' ', said.first_name, said.last_name), ''), said.full_name) as said_name,
    lower(trim(said.email)) as email,
    coalesce(said.phone, said.landline) as phone,
    nullif(concat_ws(' ', said.postcode, said.city), '') as place,
    said.birth_date,
    said.company
from {{ ref('int_customer_profiles') }} as people
semi join asked on people.customer_id = asked.customer_id
inner join {{ ref('profiles') }} as said on people.profile_id = said.profile_id
