-- One row per platform, campaign and day: how many people it reached, each counted once. Beside spend, because the
-- reach of ads cannot be added up; a platform that tells none per campaign has no row.
select
    'meta' as platform,
    campaign_id,
    spend_date,
    reach
from {{ ref('stg_meta__reach') }}
where level = 'campaign' and reach is not null

{% for platform in ad_platforms() if platform.has_reach %}
    union all

    select
        '{{ platform.name }}' as platform,
        campaign_id,
        spend_date,
        reach
    from {{ ref('stg_' ~ platform.name ~ '__reach') }}
    where reach is not null
{% endfor %}
