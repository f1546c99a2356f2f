-- One row per household: customers who share a line, a house or a mailbox, linked and never merged. Named after
-- the customer whose record reached us first, in the way of the customer number.
with shared_values as (
    select household_id, count(distinct kind || ' ' || shown)::integer as shared_value_count
    from (
        select household_id, unnest(kinds) as kind, unnest(shown_values) as shown
        from {{ ref('int_household_members') }}
    )
    group by household_id
)

select
    members.household_id,
    mode(traits.last_name order by traits.last_name) as name,
    count(*)::integer as size,
    {{ local_day('min(members.shared_since)') }} as since,
    mode(traits.postcode order by traits.postcode) as postcode,
    mode(traits.city order by traits.city) as city,
    any_value(shared_values.shared_value_count) as shared_value_count
from {{ ref('int_household_members') }} as members
inner join shared_values on members.household_id = shared_values.household_id
left join {{ ref('int_customer_traits') }} as traits on members.customer_id = traits.customer_id
group by members.household_id
