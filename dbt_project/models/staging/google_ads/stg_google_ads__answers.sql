-- One row per answered question of a lead. Google has words of its own for what it knows of a person; a question of
-- the company's own is told as people saw it, and consent is one of those. Nobody tells whether it had to be answered.
{{ config(materialized='view') }}

with told as (
    select
        account,
        response_key,
        form_id,
        unnest(from_json(payload -> '$.answers', '["JSON"]')) as answer
    from {{ form_responses('google_ads') }}
),

named as (
    select
        account,
        response_key,
        form_id,
        answer ->> '$.field' as field,
        trim(answer ->> '$.value') as answer_text,
        -- Asked for both, people are written to where they are at home.
        bool_or(answer ->> '$.field' = 'EMAIL') over (partition by account, response_key) as has_own_email,
        bool_or(answer ->> '$.field' = 'PHONE_NUMBER') over (partition by account, response_key) as has_own_phone
    from told
)

select
    account,
    response_key,
    form_id,
    coalesce({{ name_key('field') }}, '') as question_ref,
    field as question_text,
    'text' as question_type,
    false as is_required,
    false as is_checked_by_default,
    case field
        when 'EMAIL' then 'email'
        when 'WORK_EMAIL' then if(has_own_email, 'work_email', 'email')
        when 'PHONE_NUMBER' then 'phone_number'
        when 'WORK_PHONE' then if(has_own_phone, 'work_phone', 'phone_number')
        when 'FULL_NAME' then 'full_name'
        when 'FIRST_NAME' then 'first_name'
        when 'LAST_NAME' then 'last_name'
        when 'COMPANY_NAME' then 'company'
        when 'STREET_ADDRESS' then 'street'
        when 'CITY' then 'city'
        when 'POSTAL_CODE' then 'postcode'
        when 'COUNTRY' then 'country'
        else 'text'
    end as answer_type,
    answer_text
from named
