-- One row per form; `fields` keeps each question's wording.
select
    _account as account,
    _key as form_id,
    payload ->> '$.title' as form_name,
    payload ->> '$.settings.language' as language,
    payload -> '$.fields' as fields
from {{ latest(source('raw_typeform', 'forms')) }}
