-- One row per word met as somebody's first or last name in fields of their own: how often it was which.
-- Tells "Durand Marie" from "Marie Durand" by what this company's own people are called, without a list.
select
    match_value as word,
    count(distinct profile_id) filter (where identifier_type = 'first_name') as first_name_count,
    count(distinct profile_id) filter (where identifier_type = 'last_name') as last_name_count
from {{ ref('identifiers') }}
where identifier_type in ('first_name', 'last_name') and match_value is not null
group by match_value
