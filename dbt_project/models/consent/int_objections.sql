-- One row per contact point and no that its person said as a whole, on any of their points: it holds for all of
-- them, from the day they are one person and as long as they are. Over all channels where they objected to
-- direct marketing; over those that the law names where a STOP holds for every number.
with points as (
    select
        points.contact_type,
        points.contact_value,
        points.match_value,
        points.profile_id,
        coalesce(linked.customer_id, points.own_number) as customer_id
    from {{ ref('int_profile_points') }} as points
    left join {{ ref('int_customers_on_day') }} as linked on points.own_number = linked.own_number
),

laws as (
    select distinct jurisdiction, stop_scope from {{ ref('law_places') }} where len(stop_scope) > 0
),

said as (
    select
        acts.consent_act_id,
        acts.contact_type,
        acts.contact_value,
        acts.match_value,
        acts.profile_id,
        acts.occurred_at,
        case when acts.act = 'object' then [] else laws.stop_scope end as channels
    from {{ ref('consent_acts') }} as acts
    left join {{ ref('int_consent_points') }} as asked
        on acts.contact_type = asked.contact_type and acts.contact_value = asked.contact_value
    left join laws on coalesce(asked.jurisdiction, 'unknown') = laws.jurisdiction
    where
        (
            acts.act = 'object'
            or (
                acts.act in ('withdraw', 'deny', 'complaint')
                and acts.purpose = 'marketing'
                and list_contains(laws.stop_scope, acts.channel)
            )
        )
        and {{ has_come('least(acts.occurred_at, acts.ingested_at)', as_of('permission')) }}
),

-- Who said so: whose record tells of it, else whoever has that point. Without a name nobody is taken out of it.
sayers as (
    select said.*, points.customer_id
    from said
    inner join points on said.contact_type = points.contact_type and said.match_value = points.match_value
    qualify
        points.profile_id = said.profile_id
        or not coalesce(bool_or(points.profile_id = said.profile_id) over (
            partition by said.consent_act_id, said.contact_value
        ), false)
)

select distinct
    points.contact_type,
    points.contact_value,
    sayers.channels,
    sayers.occurred_at as objected_at,
    sayers.consent_act_id
from sayers
inner join points on sayers.customer_id = points.customer_id
