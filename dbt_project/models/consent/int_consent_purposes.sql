-- One row per purpose anyone may ask about, with the word the law files have for it. Lists are purposes of their
-- own: a yes to marketing is none to newsletter:<list>, nor the other way round.
select
    purpose,
    purpose_group
from (values
    ('marketing', 'promotional'), ('review_request', 'promotional'), ('b2b_prospecting', 'promotional'),
    ('profiling', 'profiling'), ('ad_user_data', 'ad_user_data'), ('ad_personalization', 'ad_personalization')
) as fixed (purpose, purpose_group)
union
select distinct
    purpose,
    'promotional' as purpose_group
from {{ ref('consent_acts') }}
where starts_with(purpose, 'newsletter:')
