-- One row per purpose anyone may ask about, with the word the law files have for it. Lists are purposes of their
-- own: a yes to marketing is none to newsletter:<list>, nor the other way round.
select unnest(['marketing', 'review_request', 'b2b_prospecting']) as purpose, 'promotional' as purpose_group
union all
select unnest(['profiling', 'ad_user_data', 'ad_personalization']) as purpose, purpose as purpose_group
union all
select distinct
    purpose,
    'promotional' as purpose_group
from {{ ref('consent_acts') }}
where starts_with(purpose, 'newsletter:')
