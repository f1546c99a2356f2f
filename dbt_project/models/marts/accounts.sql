-- One row per company that customers write from or name. Named after the customer whose record reached us first,
-- in the way of the customer number.
select
    members.account_id,
    coalesce(mode(members.company order by members.company), min(members.domain)) as name,
    mode(members.domain order by members.domain) as domain,
    count(distinct members.domain)::integer as domain_count,
    count(*)::integer as size,
    {{ local_day('min(members.since)') }} as since,
    mode(traits.city order by traits.city) as city
from {{ ref('int_account_members') }} as members
left join {{ ref('int_customer_traits') }} as traits on members.customer_id = traits.customer_id
group by members.account_id
