-- Inside identity a profile goes by 60 bits of the digest of its id; should two ever share them, nobody may be
-- published as somebody else.
{{ config(meta={'dagster': {'ref': {'name': 'int_profile_features'}}}) }}
select n, count(*) as profiles
from {{ ref('int_profile_features') }}
group by n
having count(*) > 1
