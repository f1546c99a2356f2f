-- One row per answer to a form, with the question as it was worded then, and per box that was ticked. A box left alone
-- is told as "false" and is silence. A box for a kind of mail is for that mail, and for promotion where the company
-- says that this kind is.
{{ config(materialized='view') }}

with told as (
    select
        account,
        response_key,
        form_id,
        answered_at,
        unnest(from_json(payload -> '$.values', '["JSON"]')) as answer
    from {{ form_responses('hubspot') }}
),

named as (
    select
        told.account,
        told.response_key,
        told.form_id,
        told.answered_at,
        answer ->> '$.name' as question_ref,
        trim(answer ->> '$.value') as answer_text,
        nullif(regexp_extract(answer ->> '$.name', '^LEGAL_CONSENT\.subscription_type_(\d+)$', 1), '')
            as subscription_id
    from told
),

asked as (
    select
        named.* exclude (answered_at),
        questions.question_text,
        coalesce(questions.field_type = 'single_checkbox', false)
        or starts_with(named.question_ref, 'LEGAL_CONSENT.') as is_box,
        coalesce(questions.is_required, named.question_ref = 'LEGAL_CONSENT.processing') as is_required,
        coalesce(questions.is_checked_by_default, false) as is_checked_by_default,
        types.is_marketing
    from named
    left join {{ ref('stg_hubspot__questions') }} as questions
        on
            named.account = questions.account
            and named.form_id = questions.form_id
            and named.question_ref = questions.question_ref
            and coalesce(named.answered_at >= questions.worded_from, true)
            and coalesce(named.answered_at < questions.worded_until, true)
    left join {{ ref('stg_hubspot__subscription_types') }} as types
        on named.account = types.account and named.subscription_id = types.subscription_id
)

select
    account,
    response_key,
    form_id,
    question_ref,
    -- A box whose words nobody knows any more has none.
    coalesce(question_text, case when not is_box then question_ref end) as question_text,
    case when is_box then 'box' else 'text' end as question_type,
    is_required,
    is_checked_by_default,
    case
        when is_box then 'boolean'
        when question_ref = 'email' then 'email'
        when question_ref in ('phone', 'mobilephone') then 'phone_number'
        when question_ref = 'firstname' then 'first_name'
        when question_ref = 'lastname' then 'last_name'
        when question_ref = 'company' then 'company'
        when question_ref = 'address' then 'street'
        when question_ref = 'city' then 'city'
        when question_ref = 'zip' then 'postcode'
        when question_ref = 'country' then 'country'
        when regexp_full_match(question_ref, 'utm_\w+') then 'hidden'
        else 'text'
    end as answer_type,
    case when is_box then 'true' else answer_text end as answer_text,
    -- All kinds of mail are e-mail. What no kind is known of is worth its words.
    case when subscription_id is not null then ['email'] end as channels,
    case
        when is_marketing then ['marketing', 'newsletter:' || subscription_id]
        when subscription_id is not null then ['newsletter:' || subscription_id]
    end as purposes
from asked
where question_ref is not null and (not is_box or lower(answer_text) in ('true', 'yes', 'oui', '1', 'checked', 'on'))
-- A form's versions may meet in one moment.
qualify row_number() over (partition by account, response_key, question_ref, answer_text order by question_text) = 1
