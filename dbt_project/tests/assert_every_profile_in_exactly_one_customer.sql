-- No record is lost for lack of an identifier and none stands in two people: the spine of identifiers, the
-- profiles and the customers agree.
{{ config(meta={'dagster': {'ref': {'name': 'customer_profiles'}}}) }}
select profile_id, 'not once in customer_profiles' as problem
from (
    select identifiers.profile_id, count(profiles.profile_id) as times
    from {{ ref('identifiers') }} as identifiers
    left join {{ ref('customer_profiles') }} as profiles on identifiers.profile_id = profiles.profile_id
    where identifiers.identifier_type = 'profile'
    group by identifiers.profile_id
)
where times <> 1

union all

select customers.customer_id, 'customer without a profile' as problem
from {{ ref('customers') }} as customers
where not exists (
    select 1 from {{ ref('customer_profiles') }} as profiles where profiles.customer_id = customers.customer_id
)
