-- One row per consent box of an instant form, with the wording people saw.
with boxes as (
    select
        form_id,
        locale,
        unnest(from_json(
            boxes,
            '[{"key": "VARCHAR", "text": "VARCHAR", "is_required": "BOOLEAN", "is_checked_by_default": "BOOLEAN"}]'
        )) as box
    from {{ ref('stg_meta__forms') }}
)

select
    form_id,
    locale,
    box.key as box_key,
    box.text as wording_text,
    coalesce(box.is_required, false) as is_required,
    coalesce(box.is_checked_by_default, false) as is_checked_by_default
from boxes
