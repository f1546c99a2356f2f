-- Every number is some profile's own or was, each profile has one, and a current number points to itself.
{{ config(meta={'dagster': {'ref': {'name': 'customer_crosswalk'}}}) }}
select customer_number, customer_id, status
from {{ ref('customer_crosswalk') }}
where (status = 'current') is distinct from (customer_number = customer_id) and status <> 'erased'

union all

select customers.customer_id, null, 'not in the crosswalk'
from {{ ref('customers') }} as customers
left join {{ ref('customer_crosswalk') }} as numbers on customers.customer_id = numbers.customer_number
where numbers.status is distinct from 'current'

union all

select count(*)::varchar, null, 'more or fewer numbers than profiles'
from {{ ref('customer_crosswalk') }}
where status <> 'erased'
having count(*) <> (select count(*) from {{ ref('customer_profiles') }})
