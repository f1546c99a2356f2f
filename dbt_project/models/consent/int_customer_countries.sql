-- One row per customer whose country is known, with the jurisdiction whose law holds there: the country stated
-- last, else the one their number belongs to; a part of it by the postcode stated with it.
{{ config(materialized='table') }}

with chosen as (
    select
        customer_id,
        arg_max(struct_pack(country, postcode), (last_seen_at, country, postcode)) filter (where country is not null)
            as stated,
        max(dialled) as dialled
    from {{ ref('int_profile_places') }}
    group by customer_id
)

select
    chosen.customer_id,
    coalesce(chosen.stated.country, chosen.dialled) as country,
    coalesce(parts.jurisdiction, whole.jurisdiction, 'unknown') as jurisdiction
from chosen
left join {{ ref('law_places') }} as parts
    on
        coalesce(chosen.stated.country, chosen.dialled) = parts.country
        and left(coalesce(chosen.stated.postcode, ''), 1) = parts.postcode
left join {{ ref('law_places') }} as whole
    on coalesce(chosen.stated.country, chosen.dialled) = whole.country and whole.postcode = '*'
