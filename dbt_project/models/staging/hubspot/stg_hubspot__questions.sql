-- One row per thing a form asks and stretch of time in which it was worded so: fields by the property they fill, and
-- the boxes of consent, whose words are those above them and their own.
{{ config(materialized='view') }}

with versions as (
    select
        account,
        form_id,
        worded_from,
        worded_until,
        payload,
        payload -> '$.legalConsentOptions' as legal,
        list_concat(
            json_extract(payload, '$.fieldGroups[*].fields[*]'),
            -- asked only after a certain answer
            json_extract(payload, '$.fieldGroups[*].fields[*].dependentFields[*].dependentField')
        ) as fields
    from {{ form_versions('hubspot') }}
),

fields as (
    select account, form_id, worded_from, worded_until, unnest(fields) as field from versions
),

boxes as (
    select
        account, form_id, worded_from, worded_until,
        legal ->> '$.communicationConsentText' as words_above,
        unnest(json_extract(legal, '$.communicationsCheckboxes[*]')) as box
    from versions
),

asked as (
    select
        account, form_id, worded_from, worded_until,
        field ->> '$.name' as question_ref,
        field ->> '$.label' as question_text,
        field ->> '$.fieldType' as field_type,
        coalesce(field ->> '$.required' = 'true', false) as is_required,
        coalesce(lower(field ->> '$.defaultValue') = 'true', false) as is_checked_by_default,
        null as subscription_id
    from fields

    union all

    select
        account, form_id, worded_from, worded_until,
        'LEGAL_CONSENT.subscription_type_' || (box ->> '$.subscriptionTypeId') as question_ref,
        concat_ws(' ', words_above, box ->> '$.label') as question_text,
        'consent_box' as field_type,
        coalesce(box ->> '$.required' = 'true', false) as is_required,
        false as is_checked_by_default,
        box ->> '$.subscriptionTypeId' as subscription_id
    from boxes

    union all

    -- Without it nothing is sent: it lets the company answer, and permits no advertising.
    select
        account, form_id, worded_from, worded_until,
        'LEGAL_CONSENT.processing' as question_ref,
        concat_ws(' ', legal ->> '$.consentToProcessText', legal ->> '$.consentToProcessCheckboxLabel')
            as question_text,
        'consent_box' as field_type,
        true as is_required,
        false as is_checked_by_default,
        null as subscription_id
    from versions
)

select
    account,
    form_id,
    question_ref,
    -- Written with an editor: the words without its marks.
    nullif(trim(regexp_replace(
        regexp_replace(replace(question_text, '&nbsp;', ' '), '<[^>]*>', ' ', 'g'), '\s+', ' ', 'g'
    )), '') as question_text,
    field_type,
    is_required,
    is_checked_by_default,
    subscription_id,
    worded_from,
    worded_until
from asked
where question_ref is not null
