-- One row per act about permission that a platform told of, on a contact point and never on a person.
with acts as (
    select * from {{ ref('consent__meta_boxes') }}
    union all by name
    select * from {{ ref('consent__form_answers') }}
    union all by name
    select * from {{ ref('consent__form_confirmations') }}
    union all by name
    select * from {{ ref('consent__shopify_states') }}
    union all by name
    select * from {{ ref('consent__checkout_boxes') }}
    union all by name
    select * from {{ ref('consent__prestashop_states') }}
    union all by name
    select * from {{ ref('consent__yotpo_unsubscribers') }}
    union all by name
    select * from {{ ref('consent__square_states') }}
    union all by name
    select * from {{ ref('consent__brevo_states') }}
    union all by name
    select * from {{ ref('consent__mailchimp_states') }}
    union all by name
    select * from {{ ref('consent__klaviyo_states') }}
    union all by name
    select * from {{ ref('consent__hubspot_states') }}
    union all by name
    select * from {{ ref('consent__pipedrive_states') }}
    union all by name
    select * from {{ ref('consent__salesforce_states') }}
    union all by name
    select * from {{ ref('consent__file_columns') }}
    union all by name
    select * from {{ ref('consent__messages') }}
    union all by name
    select * from {{ ref('consent__relations') }}
    union all by name
    select * from {{ ref('consent__soft_opt_in') }}
),

-- A state is about the address it was shown for; an answer on a form about those given with it.
pointed as (
    select
        acts.*,
        case acts.channel when 'email' then 'email' when 'post' then 'post' else 'phone' end as contact_type,
        coalesce(
            case when acts.channel = 'email' then {{ email_contact('acts.raw_value') }} end,
            -- Shops and mail tools keep numbers in E.164 already.
            case
                when acts.channel <> 'email'
                    then '+' || regexp_replace(acts.raw_value, '\D', '', 'g')
            end,
            points.contact_value
        ) as contact_value
    from acts
    left join {{ ref('identifiers') }} as points
        on
            case when acts.raw_value is null then acts.profile_id end = points.profile_id
            and case acts.channel when 'email' then 'email' when 'post' then 'post' else 'phone' end
            = points.identifier_type
)

select
    consent_act_id,
    platform,
    profile_id,
    contact_type,
    contact_value,
    channel,
    purpose,
    act,
    actor,
    basis,
    occurred_at,
    occurred_at_precision,
    ingested_at,
    evidence_record_id,
    coalesce(needs_confirmation, false) as needs_confirmation,
    wording_version,
    wording_text,
    locale,
    collection_point,
    evidence,
    reason,
    {{ mailbox('contact_type', 'contact_value') }} as match_value,
    {{ point_key('contact_type', 'contact_value') }} as point_key,
    {{ point_key('contact_type', mailbox('contact_type', 'contact_value')) }} as mailbox_key
from pointed
where contact_value is not null
-- One profile may have given two numbers: an act each.
qualify row_number() over (partition by consent_act_id, contact_type, contact_value order by occurred_at) = 1
