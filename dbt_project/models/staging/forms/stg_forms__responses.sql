-- One row per submitted response of any form tool. Who answered is in the answers: by type for e-mail and phone,
-- by the question's ref or wording for names, since most tools have no name type.
with submitted as (
    {% for tool in form_tools() %}
        {% if not loop.first %}union all{% endif %}
        select '{{ tool.name }}' as platform, * from {{ form_responses(tool.name) }}
    {% endfor %}
),

words as (
    select
        *,
        -- "first name | votre prenom"
        coalesce({{ name_key('question_ref') }}, '') || ' | ' || coalesce({{ name_key('question_text') }}, '')
            as question
    from {{ ref('stg_forms__answers') }}
    where answer_type <> 'boolean'
),

meant as (
    select
        platform,
        account,
        response_key,
        answer_text,
        case
            when answer_type <> 'text' then answer_type
            -- Asked for in a plain text field, or told by a file, which has no types.
            when
                regexp_matches(question, '\b(e mail|email|mail|courriel)\b')
                and regexp_full_match(answer_text, '[^@\s]+@[^@\s]+\.[^@\s]+')
                then 'email'
            when
                regexp_matches(question, '\b(phone|telephone|tel|mobile|portable|gsm|cellulaire)\b')
                and regexp_full_match(answer_text, '[+(]?[0-9][0-9 ().+/-]{6,}')
                then 'phone_number'
            when regexp_matches(question, 'full name|nom complet|nom et prenom|prenom et nom|\| your name$|\| name$')
                then 'full_name'
            when regexp_matches(question, 'first name|prenom') then 'first_name'
            when regexp_matches(question, 'last name|surname|nom de famille|^nom \||\| (votre )?nom$')
                then 'last_name'
            when regexp_matches(question, 'company|societe|entreprise') then 'company'
            when regexp_matches(question, '\| ((your|votre) )?(city|town|ville)$') then 'city'
            when regexp_matches(question, '\| ((your|votre) )?(postcode|postal code|zip code|code postal)$')
                then 'postcode'
            when regexp_matches(question, '\| ((your|votre) )?(country|pays)$') then 'country'
            when regexp_matches(question, 'hear|entendu|connu|discover|decouvert') then 'said_they_heard_from'
        end as meaning,
        case when answer_type = 'hidden' then lower(question_ref) end as hidden_name
    from words
),

answers as (
    select
        platform,
        account,
        response_key,
        min(answer_text) filter (where meaning = 'email') as email,
        min(answer_text) filter (where meaning = 'first_name') as first_name,
        min(answer_text) filter (where meaning = 'last_name') as last_name,
        min(answer_text) filter (where meaning = 'full_name') as full_name,
        min(answer_text) filter (where meaning = 'company') as company,
        min(answer_text) filter (where meaning = 'street') as street,
        min(answer_text) filter (where meaning = 'city') as city,
        min(answer_text) filter (where meaning = 'postcode') as postcode,
        min(answer_text) filter (where meaning = 'said_they_heard_from') as said_they_heard_from,
        min(answer_text) filter (where meaning = 'phone_number') as phone,
        min(answer_text) filter (where meaning = 'country' or hidden_name = 'country') as country,
        min(answer_text) filter (where hidden_name = 'utm_source') as utm_source,
        min(answer_text) filter (where hidden_name = 'utm_campaign') as campaign_id
    from meant
    group by platform, account, response_key
),

-- Of tools that may call one response differently by API, webhook and file; no others are looked through.
renamed as (
    select
        submitted.*,
        coalesce(lower(answers.email), answers.phone) as person,
        list_position(['api', 'webhook', 'file'], submitted.told_by) as way_rank
    from submitted
    inner join answers
        on
            submitted.platform = answers.platform
            and submitted.account = answers.account
            and submitted.response_key = answers.response_key
    where submitted.told_by is not null
),

-- One response told twice: the same person's, of the same form or campaign, within a day, by another way. With two
-- clicks it is two responses; of one way there are never two of one. Its profile stays, for a number may have been
-- given; its event and its place in the ledger are those of the richer way.
twins as (
    select
        poorer.platform,
        poorer.account,
        poorer.response_key,
        max(richer.touched_at) as touched_at
    from renamed as poorer
    inner join renamed as richer
        on
            poorer.platform = richer.platform
            and poorer.account = richer.account
            and poorer.person = richer.person
            and poorer.way_rank > richer.way_rank
    where
        (
            poorer.form_id = richer.form_id
            or poorer.ad_campaign_id = richer.ad_campaign_id
            -- A file that does not name its form tells the second.
            or poorer.form_id is null
            and date_trunc('second', poorer.created_at) = date_trunc('second', richer.created_at)
        )
        and coalesce(poorer.click_id, richer.click_id, '') = coalesce(richer.click_id, poorer.click_id, '')
        and abs(date_diff('second', poorer.created_at, richer.created_at)) <= 86400
    group by poorer.platform, poorer.account, poorer.response_key
)

select
    -- ids
    submitted.platform || ':' || submitted.account || ':' || submitted.object || ':' || submitted.response_key
        as profile_id,
    submitted.platform,
    submitted.account,
    submitted.object,
    submitted.form_id,
    -- identifiers
    answers.email,
    answers.phone,
    answers.first_name,
    answers.last_name,
    answers.full_name,
    answers.company,
    answers.street,
    answers.city,
    answers.postcode,
    answers.country,
    -- texts
    answers.said_they_heard_from,
    -- What an ad platform says of its own ad is better than the address of a page.
    coalesce(submitted.ad_channel, answers.utm_source) as utm_source,
    coalesce(submitted.ad_campaign_id, answers.campaign_id) as campaign_id,
    submitted.click_id,
    -- booleans
    submitted.is_told_test
    or {{ is_test_name("concat_ws(' ', answers.first_name, answers.last_name, answers.full_name)") }} as is_test,
    submitted.is_deleted,
    twins.response_key is not null or submitted.is_again as is_twin,
    -- times
    submitted.created_at,
    submitted.first_seen_at,
    submitted.last_seen_at,
    -- A question read for the first time may be what tells a name from a town; a twin that came takes an event away.
    greatest(submitted.touched_at, forms.touched_at, twins.touched_at) as touched_at,
    submitted.ingested_at,
    submitted.known_since
from submitted
left join answers
    on
        submitted.platform = answers.platform
        and submitted.account = answers.account
        and submitted.response_key = answers.response_key
left join {{ ref('stg_forms__forms') }} as forms
    on
        submitted.platform = forms.platform
        and submitted.account = forms.account
        and submitted.form_id = forms.form_id
left join twins
    on
        submitted.platform = twins.platform
        and submitted.account = twins.account
        and submitted.response_key = twins.response_key
