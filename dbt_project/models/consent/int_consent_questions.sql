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
    select points.*, channels.channel, 'marketing' as purpose
    from {{ ref('int_consent_points') }} as points
    inner join (values ('email', 'email'), ('phone', 'sms'), ('phone', 'phone'), ('post', 'post'))
        as channels (contact_type, channel)
        on points.contact_type = channels.contact_type
    union all
    select points.*, purposes.channel, purposes.purpose
    from {{ ref('int_consent_points') }} as points
    inner join purposes
        on points.contact_type = purposes.contact_type and points.contact_value = purposes.contact_value
)

select
    questions.contact_type,
    questions.contact_value,
    questions.match_value,
    questions.is_role,
    questions.channel,
    questions.purpose,
    questions.policy_country,
    policies.regime,
    policies.needs_double_opt_in,
    policies.purchase_months,
    policies.inquiry_months,
    policies.soft_opt_in_months,
    policies.allows_generic_addresses
from questions
inner join policies
    on questions.policy_country = policies.country and questions.channel = policies.channel
