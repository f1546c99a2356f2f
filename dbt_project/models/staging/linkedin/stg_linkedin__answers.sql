-- One row per answered question of a lead and per consent it gave. The API tells both by number, and an edited form
-- has new numbers: they are looked up in the version of the form that the lead answered, which comes with it (or that
-- we have read ourselves). A file tells answers by the words of their questions, consents among them.
{{ config(materialized='view') }}

with versions as (
    select
        _account as account,
        _key as form_id,
        payload ->> '$.versionId' as form_version,
        payload -> '$.content' as content
    from {{ history(source('raw_linkedin', 'forms')) }}
    qualify row_number() over (
        partition by _account, _key, payload ->> '$.versionId' order by _recorded_at desc, _ordinal desc
    ) = 1
),

leads as (
    select
        leads.account,
        leads.response_key,
        leads.form_id,
        leads.payload,
        case
            when json_type(leads.payload -> '$.form.content') = 'OBJECT' then leads.payload -> '$.form.content'
            else versions.content
        end as content
    from {{ form_responses('linkedin') }} as leads
    left join versions
        on
            leads.account = versions.account
            and leads.form_id = versions.form_id
            and (leads.payload ->> '$.form_version') = versions.form_version
),

shown as (
    select
        * exclude (content),
        from_json(
            content -> '$.questions',
            '[{"questionId": "VARCHAR", "name": "VARCHAR", "predefinedField": "VARCHAR", "question": "JSON",'
            || '"questionDetails": "JSON"}]'
        ) as questions,
        from_json(
            content -> '$.legalInfo.consents', '[{"id": "VARCHAR", "consent": "JSON", "checkRequired": "BOOLEAN"}]'
        ) as consents
    from leads
),

answers as (
    select * exclude (payload), unnest(from_json(payload -> '$.formResponse.answers', '["JSON"]')) as answer
    from shown
),

numbered as (
    select *, list_filter(questions, lambda one: one.questionid = (answer ->> '$.questionId'))[1] as question
    from answers
),

asked as (
    select
        *,
        -- The words of a choice's options.
        list_transform(
            from_json(
                question.questiondetails -> '$.multipleChoiceQuestionDetails.options',
                '[{"id": "VARCHAR", "text": "JSON"}]'
            ),
            lambda one: struct_pack(id := one.id, text := {{ linkedin_words('one.text') }})
        ) as options,
        answer -> '$.answerDetails.multipleChoiceAnswer.options' as chosen
    from numbered
),

accepted as (
    select * exclude (payload), unnest(from_json(payload -> '$.formResponse.consentResponses', '["JSON"]')) as box
    from shown
),

agreed as (
    select *, list_filter(consents, lambda one: one.id = (box ->> '$.consentId'))[1] as consent
    from accepted
    -- One that was not accepted was left alone, and silence is no answer.
    where (box ->> '$.accepted') = 'true'
),

told as (
    select account, response_key, form_id, unnest(from_json(payload -> '$.answers', '["JSON"]')) as answer
    from shown
    -- What the platform itself told knows more.
    where (payload -> '$.formResponse') is null
)

select
    account,
    response_key,
    form_id,
    -- What LinkedIn itself takes the question for is the same in every language.
    coalesce(lower(question.predefinedfield), question.name, answer ->> '$.questionId', '') as question_ref,
    {{ linkedin_words('question.question') }} as question_text,
    'text' as question_type,
    false as is_required,
    false as is_checked_by_default,
    -- An address or a phone is one if it looks like one, by whichever way it came.
    case question.predefinedfield
        when 'FIRST_NAME' then 'first_name'
        when 'LAST_NAME' then 'last_name'
        when 'COMPANY_NAME' then 'company'
        when 'CITY' then 'city'
        when 'ZIP_CODE' then 'postcode'
        when 'COUNTRY' then 'country'
        else 'text'
    end as answer_type,
    trim(coalesce(
        answer ->> '$.answerDetails.textQuestionAnswer.answer',
        array_to_string({{ option_words('chosen', 'options') }}, '; ')
    )) as answer_text
from asked

union all

select
    account,
    response_key,
    form_id,
    'consent:' || coalesce(box ->> '$.consentId', '') as question_ref,
    {{ linkedin_words('consent.consent') }} as question_text,
    'legal' as question_type,
    coalesce(consent.checkrequired, false) as is_required,
    false as is_checked_by_default,
    'boolean' as answer_type,
    'true' as answer_text
from agreed

union all

{{ answers_in_words() }}
