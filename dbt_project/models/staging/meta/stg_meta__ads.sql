-- One row per ad, as it is named and stands now, and the post it shows.
select
    _account as account,
    _key as ad_id,
    payload ->> '$.campaign_id' as campaign_id,
    payload ->> '$.adset_id' as adset_id,
    payload ->> '$.name' as ad_name,
    payload ->> '$.status' as status,
    payload ->> '$.effective_status' as effective_status,
    coalesce(
        payload ->> '$.creative.effective_object_story_id', payload ->> '$.creative.effective_instagram_media_id'
    ) as post_id
from {{ latest(source('raw_meta', 'ads')) }}
