-- One row per account and customer, with what ties them to it.
select
    account_id,
    customer_id,
    is_founder,
    matched_by,
    {{ local_day('since') }} as since,
    case matched_by
        when 'company_domain' then 'writes from ' || domain
        when 'company_name' then 'names ' || company
        else 'writes from ' || domain || ' and names ' || company
    end as reason
from {{ ref('int_account_members') }}
