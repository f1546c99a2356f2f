-- One row per profile: the customer it belongs to. The customer's number is that of its founder, the
-- profile that reached us first; so a later record never flips it, a merge keeps the older number and a
-- split gives each side its old one back. A profile nobody matches is a customer of its own.
{{ config(materialized='kept', keys=['n'], stale=['int_identity__clusters', 'int_identity__changes']) }}
{% set is_full = is_full_identity() %}
-- depends_on: {{ ref('int_identity__changes') }}

with grouped as (
    select features.n, features.first_seen_at, features.created_at, features.profile_id, clusters.cluster
    from {{ ref('int_profile_features') }} as features
    inner join {{ ref('int_identity__clusters') }} as clusters on features.n = clusters.n
),

founders as (
    select
        cluster,
        arg_min(n, (first_seen_at, coalesce(created_at, timestamptz 'infinity'), profile_id)) as founder_n
    from grouped
    group by cluster
)

select
    features.n,
    features.profile_id,
    features.platform,
    features.account,
    features.object,
    features.created_at,
    features.first_seen_at,
    features.own_number,
    coalesce(founder.n, features.n) as founder_n,
    coalesce(clusters.connected_n, features.n) as connected_n,
    coalesce(founder.own_number, features.own_number) as customer_id,
    coalesce(founder.profile_id, features.profile_id) as founder_profile_id
from {{ ref('int_profile_features') }} as features
{{ 'left' if is_full else 'inner' }} join {{ ref('int_identity__clusters') }} as clusters on features.n = clusters.n
left join founders on clusters.cluster = founders.cluster
left join {{ ref('int_profile_features') }} as founder on founders.founder_n = founder.n
