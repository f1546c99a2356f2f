-- One row per post of a Facebook page or medium of an Instagram account, with its figures over its life so far.
with posts as (
    select
        _account as account, _key as post_id, 'facebook' as surface, payload, _occurred_at,
        payload ->> '$.message' as post_text,
        payload ->> '$.status_type' as post_kind,
        payload ->> '$.permalink_url' as permalink,
        'post_media_view' as views_metric,
        'post_total_media_view_unique' as reach_metric
    from {{ latest(source('raw_meta', 'posts')) }}
    union all
    select
        _account, _key, 'instagram', payload, _occurred_at,
        payload ->> '$.caption',
        payload ->> '$.media_product_type',
        payload ->> '$.permalink',
        'views',
        'reach'
    from {{ latest(source('raw_meta', 'media')) }}
),

told as (
    select
        *,
        from_json(
            payload -> '$.insights.data', '[{"name": "VARCHAR", "values": [{"value": "VARCHAR"}]}]'
        ) as figures
    from posts
)

select
    account,
    post_id,
    surface,
    post_text,
    post_kind,
    permalink,
    _occurred_at as published_at,
    {{ meta_figure('figures', 'views_metric') }} as views,
    {{ meta_figure('figures', 'reach_metric') }} as reach,
    {{ meta_figure('figures', "'post_clicks'") }} as clicks,
    -- what people did with it; Instagram tells saves and shares among the figures only
    coalesce(
        try_cast(payload ->> '$.reactions.summary.total_count' as bigint),
        try_cast(payload ->> '$.like_count' as bigint)
    ) as reactions,
    coalesce(
        try_cast(payload ->> '$.comments.summary.total_count' as bigint),
        try_cast(payload ->> '$.comments_count' as bigint)
    ) as comments,
    coalesce(
        try_cast(payload ->> '$.shares.count' as bigint), {{ meta_figure('figures', "'shares'") }}
    ) as shares,
    {{ meta_figure('figures', "'saved'") }} as saves
from told
