-- One row per contact point of a person who objected as a whole, on any of their points: it holds for all
-- of them as long as they are one person.
select
    points.contact_type,
    points.contact_value,
    max(acts.occurred_at) as objected_at,
    arg_max(acts.consent_act_id, (acts.occurred_at, acts.consent_act_id)) as consent_act_id
from {{ ref('consent_acts') }} as acts
inner join {{ ref('int_customer_contact_points') }} as theirs
    on acts.contact_type = theirs.contact_type and acts.match_value = theirs.match_value
inner join {{ ref('int_customer_contact_points') }} as points on theirs.customer_id = points.customer_id
where
    acts.act = 'object'
    and {{ local_day('least(acts.occurred_at, acts.ingested_at)') }} <= {{ as_of('permission') }}
group by points.contact_type, points.contact_value
