-- One row per stage of the sales team's that a contact reached, with the day HubSpot says it did. Stages a company
-- made itself carry numbers; what those mean nobody tells.
{{ config(materialized='view') }}

{% set stages = {
    'marketingqualifiedlead': 'became_mql', 'salesqualifiedlead': 'became_sql', 'opportunity': 'opportunity_opened',
} %}
with told as (
    {% for stage, event_type in stages.items() %}
        select
            profile_id,
            is_test,
            known_since,
            touched_at,
            '{{ event_type }}' as event_type,
            -- the same under an older name
            coalesce(
                nullif(properties ->> '$.hs_v2_date_entered_{{ stage }}', ''),
                nullif(properties ->> '$.hs_lifecyclestage_{{ stage }}_date', '')
            ) as entered
        from {{ ref('stg_hubspot__contacts') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    profile_id || ':' || event_type as event_id,
    profile_id,
    event_type,
    is_test,
    case
        when regexp_full_match(entered, '\d{12,14}') then to_timestamp(entered::bigint / 1000)
        else try_cast(entered as timestamptz)
    end as occurred_at,
    known_since,
    touched_at
from told
where entered is not null
