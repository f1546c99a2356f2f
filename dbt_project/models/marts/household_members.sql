-- One row per household and customer, with what they share with the others of it.
select
    household_id,
    customer_id,
    is_founder,
    array_to_string(list_distinct(kinds), ', ') as shared_kinds,
    shared_with_count,
    {{ local_day('shared_since') }} as shared_since,
    'shares ' || array_to_string(
        list_transform(list_zip(kinds, shown_values), lambda pair: 'the ' || pair[1] || ' ' || pair[2]), ' and '
    ) as reason
from {{ ref('int_household_members') }}
