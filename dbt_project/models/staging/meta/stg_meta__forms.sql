-- One row per instant form. A form cannot be edited on Meta: an edit is a new form, so its wording is dated.
select
    _account as account,
    _key as form_id,
    payload ->> '$.name' as form_name,
    payload ->> '$.locale' as locale,
    -- fr_FR, en_CA: where its readers live, as far as anyone knows
    nullif(split_part(payload ->> '$.locale', '_', 2), '') as country,
    payload -> '$.legal_content.custom_disclaimer.checkboxes' as boxes,
    payload ->> '$.status' as status,
    -- times
    _touched_at as touched_at
from {{ latest(source('raw_meta', 'forms')) }}
