-- One row per profile: the customer it belongs to. The customer's number is that of its founder, the
-- profile that reached us first; so a later record never flips it, a merge keeps the older number and a
-- split gives each side its old one back. A profile nobody matches is a customer of its own.
{{ config(materialized='kept', keys=['n'], stale=['int_identity__clusters', 'int_identity__changes']) }}
{% set is_full = is_full_identity() %}
{% set features = ref('int_profile_features') if is_full
    else rows_numbered(ref('int_profile_features'), 'select n from ' ~ ref('int_identity__clusters')) %}
-- depends_on: {{ ref('int_identity__changes') }}

with grouped as (
    select features.n, features.first_seen_at, features.created_at, features.profile_id, clusters.cluster
    from {{ features }} as features
    inner join {{ ref('int_identity__clusters') }} as clusters on features.n = clusters.n
),

founders as (
    select
        cluster,
        arg_min(
            struct_pack(n, profile_id), (first_seen_at, coalesce(created_at, timestamptz 'infinity'), profile_id)
        ) as founder
    from grouped
    group by cluster
),

named as (
    select cluster, founder, {{ own_number('founder.profile_id') }} as customer_id from founders
),

numbered as (
    select *, {{ own_number('profile_id') }} as own_number from {{ features }}
)

select
    numbered.n,
    numbered.profile_id,
    numbered.created_at,
    numbered.first_seen_at,
    numbered.own_number,
    coalesce(named.founder.n, numbered.n) as founder_n,
    coalesce(clusters.connected_n, numbered.n) as connected_n,
    coalesce(named.customer_id, numbered.own_number) as customer_id
from numbered
{{ 'left' if is_full else 'inner' }} join {{ ref('int_identity__clusters') }} as clusters on numbered.n = clusters.n
left join named on clusters.cluster = named.cluster
