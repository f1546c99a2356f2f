-- One row per box a person ticked on an instant form and channel its wording names: a grant on the
-- address or number they gave with it. Not a grant: a box ticked beforehand (it proves nothing), a box
-- they had to tick (it was not free), a box left alone (silence is neither a yes nor a no).
with ticked as (
    select
        leads.profile_id,
        leads.created_at,
        leads.ingested_at,
        leads.form_id,
        unnest(from_json(leads.boxes, '[{"checkbox_key": "VARCHAR", "is_checked": "VARCHAR"}]')) as box
    from {{ ref('stg_meta__leads') }} as leads
    where not leads.is_test
),

worded as (
    select
        ticked.*,
        boxes.box_key,
        boxes.wording_text,
        boxes.locale,
        unnest({{ named_channels('boxes.wording_text') }}) as channel
    from ticked
    inner join {{ ref('stg_meta__form_boxes') }} as boxes
        on ticked.form_id = boxes.form_id and ticked.box.checkbox_key = boxes.box_key
    where
        ticked.box.is_checked in ('1', 'true')
        and not boxes.is_required
        and not boxes.is_checked_by_default
)

select
    worded.profile_id || ':box:' || worded.box_key || ':' || worded.channel as consent_act_id,
    worded.profile_id,
    'meta' as platform,
    worded.channel,
    'marketing' as purpose,
    'grant' as act,
    'person' as actor,
    'consent' as basis,
    worded.created_at as occurred_at,
    'second' as occurred_at_precision,
    worded.ingested_at,
    worded.profile_id as evidence_record_id,
    worded.form_id || ':' || worded.box_key || ':' || left(sha256(worded.wording_text), 16) as wording_version,
    worded.wording_text,
    worded.locale,
    worded.form_id as collection_point,
    'ticked a box on a form' as reason
from worded
