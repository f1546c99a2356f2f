-- One row per submitted response. Who answered is in the answers: by type for e-mail and phone, by the
-- question's ref or wording for names, since Typeform has no name type.
with words as (
    select
        *,
        -- "first name | votre prenom"
        coalesce({{ name_key('question_ref') }}, '') || ' | ' || coalesce({{ name_key('question_text') }}, '')
            as question
    from {{ ref('stg_typeform__answers') }}
),

answers as (
    select
        account,
        token,
        min(answer_text) filter (where answer_type = 'email') as email,
        min(answer_text) filter (where answer_type = 'phone_number') as phone,
        min(answer_text) filter (where regexp_matches(question, 'first name|prenom')) as first_name,
        min(answer_text) filter (
            where regexp_matches(question, 'last name|surname|nom de famille|^nom \||\| (votre )?nom$')
        ) as last_name,
        min(answer_text) filter (where regexp_matches(question, 'full name|nom complet')) as full_name,
        min(answer_text) filter (where regexp_matches(question, 'company|societe|entreprise')) as company,
        min(answer_text) filter (
            where regexp_matches(question, 'hear|entendu|connu|discover|decouvert')
        ) as said_they_heard_from
    from words
    where answer_type <> 'boolean'
    group by account, token
)

select
    -- ids
    'typeform:' || _account || ':response:' || _key as profile_id,
    _account as account,
    'response' as object,
    payload ->> '$.form_id' as form_id,
    -- identifiers
    answers.email,
    answers.phone,
    answers.first_name,
    answers.last_name,
    answers.full_name,
    answers.company,
    nullif(payload ->> '$.hidden.country', '') as country,
    -- texts
    answers.said_they_heard_from,
    nullif(payload ->> '$.hidden.utm_source', '') as utm_source,
    nullif(payload ->> '$.hidden.utm_campaign', '') as campaign_id,
    -- booleans
    {{ is_test_name("concat_ws(' ', answers.first_name, answers.last_name, answers.full_name)") }} as is_test,
    _is_deleted as is_deleted,
    -- times
    _occurred_at as created_at,
    _first_seen_at as first_seen_at,
    _last_seen_at as last_seen_at,
    _touched_at as touched_at,
    _known_since as known_since,
    _ingested_at as ingested_at
from {{ latest(source('raw_typeform', 'responses'), keep_deleted=true) }} as responses
left join answers on responses._account = answers.account and responses._key = answers.token
