-- One row per profile: the customer it belongs to. The customer's number is that of its founder, the
-- profile that reached us first; so a later record never flips it, a merge keeps the older number and a
-- split gives each side its old one back. A profile nobody matches is a customer of its own.
{{ config(materialized='kept', keys=['n'], stale=['int_identity__clusters', 'int_identity__changes']) }}
{% set is_full = is_full_identity() %}
{% set features = ref('int_profile_features') if is_full
    else rows_numbered(ref('int_profile_features'), 'select n from ' ~ ref('int_identity__clusters')) %}
-- depends_on: {{ ref('int_identity__changes') }}

with numbered as {{ 'materialized' if not is_full }} (
    select n, profile_id, created_at, first_seen_at, {{ own_number('profile_id') }} as own_number from {{ features }}
),

founders as (
    select
        clusters.cluster,
        arg_min(
            struct_pack(n := numbered.n, own_number := numbered.own_number),
            (numbered.first_seen_at, coalesce(numbered.created_at, timestamptz 'infinity'), numbered.profile_id)
        ) as founder
    from numbered
    inner join {{ ref('int_identity__clusters') }} as clusters on numbered.n = clusters.n
    group by clusters.cluster
)

select
    numbered.n,
    numbered.profile_id,
    numbered.created_at,
    numbered.first_seen_at,
    numbered.own_number,
    coalesce(founders.founder.n, numbered.n) as founder_n,
    coalesce(clusters.connected_n, numbered.n) as connected_n,
    coalesce(founders.founder.own_number, numbered.own_number) as customer_id
from numbered
{{ 'left' if is_full else 'inner' }} join {{ ref('int_identity__clusters') }} as clusters on numbered.n = clusters.n
left join founders on clusters.cluster = founders.cluster
