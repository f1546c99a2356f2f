-- One row per customer number that led to another's on the given day; every other number leads to itself.
select
    own_number,
    customer_id
from {{ ref('int_links') }}
where
    customer_id <> own_number
    and valid_from <= {{ as_of('permission') }}
    and coalesce(valid_to > {{ as_of('permission') }}, true)
