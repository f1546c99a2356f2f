-- One row per contact point, channel and purpose anyone may ask about, with the law of the given day.
with policies as (
    select *
    from {{ ref('consent_policies') }}
    where valid_from <= {{ as_of('permission') }}
    qualify row_number() over (partition by country, channel order by valid_from desc) = 1
),

purposes as (
    select distinct contact_type, contact_value, channel, purpose
    from {{ ref('consent_acts') }}
    where purpose <> 'marketing'
),

questions as (
    select points.contact_type, points.contact_value, channels.channel, 'marketing' as purpose
    from {{ ref('int_consent_points') }} as points
    inner join (values ('email', 'email'), ('phone', 'sms'), ('phone', 'phone'), ('post', 'post'))
        as channels (contact_type, channel)
        on points.contact_type = channels.contact_type
    union all
    select * from purposes
)

select
    points.contact_type,
    points.contact_value,
    points.match_value,
    points.is_role,
    questions.channel,
    questions.purpose,
    points.policy_country,
    policies.regime,
    policies.needs_double_opt_in,
    policies.purchase_months,
    policies.inquiry_months,
    policies.soft_opt_in_months,
    policies.allows_generic_addresses
from questions
inner join {{ ref('int_consent_points') }} as points
    on questions.contact_type = points.contact_type and questions.contact_value = points.contact_value
inner join policies
    on points.policy_country = policies.country and questions.channel = policies.channel
