-- One row per lead and per contact. What became another record is a row of its own still: the number of what it became
-- links them. Nobody is without a last name there; what is not known is written as [not provided].
{% set facts = {
    'converted': "(payload ->> '$.ConvertedDate') is not null",
    'bounced': "(payload ->> '$.EmailBouncedDate') is not null",
} %}
with people as (
    {% for object, stream in {'lead': 'lead_records', 'contact': 'contacts'}.items() -%}
        select
            records.*,
            '{{ object }}' as object,
            told.converted_known_at,
            told.bounced_known_at
        from {{ latest(source('raw_salesforce', stream), keep_deleted=true) }} as records
        left join {{ first_told(source('raw_salesforce', stream), facts) }} as told
            on records._account = told._account and records._key = told._key
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

accounts as (
    select
        _account,
        _key,
        payload ->> '$.Name' as company
    from {{ latest(source('raw_salesforce', 'accounts')) }}
),

-- Who was a lead first was listed then.
converted as (
    select distinct
        _account,
        payload ->> '$.ConvertedContactId' as contact_id
    from {{ latest(source('raw_salesforce', 'lead_records'), keep_deleted=true) }}
    where (payload ->> '$.ConvertedContactId') is not null
)

select
    -- ids
    'salesforce:' || people._account || ':' || people.object || ':' || people._key as profile_id,
    people._account as account,
    people.object,
    people._account || ':' || coalesce(successors.record_id, people._key) as record_id,
    -- identifiers
    {{ salesforce_told("people.payload ->> '$.Email'") }} as email,
    coalesce(
        {{ salesforce_told("people.payload ->> '$.MobilePhone'") }},
        {{ salesforce_told("people.payload ->> '$.Phone'") }}
    ) as phone,
    coalesce(
        {{ salesforce_told("people.payload ->> '$.Phone'") }},
        {{ salesforce_told("people.payload ->> '$.HomePhone'") }}
    ) as landline,
    {{ salesforce_told("people.payload ->> '$.FirstName'") }} as first_name,
    {{ salesforce_told("people.payload ->> '$.LastName'") }} as last_name,
    coalesce({{ salesforce_told("people.payload ->> '$.Company'") }}, {{ salesforce_told('accounts.company') }})
        as company,
    {{ salesforce_told("people.payload ->> '$.Title'") }} as job_title,
    {% for ours, (of_lead, of_contact) in {
        'street': ('Street', 'MailingStreet'), 'city': ('City', 'MailingCity'),
        'postcode': ('PostalCode', 'MailingPostalCode'), 'country': ('Country', 'MailingCountry'),
    }.items() -%}
        coalesce(
            {{ salesforce_told("people.payload ->> '$." ~ of_lead ~ "'") }},
            {{ salesforce_told("people.payload ->> '$." ~ of_contact ~ "'") }}
        ) as {{ ours }},
    {% endfor -%}
    {{ salesforce_told("people.payload ->> '$.Birthdate'") }} as birth_date,
    -- booleans
    {{ is_test_name("concat_ws(' ', people.payload ->> '$.FirstName', people.payload ->> '$.LastName')") }} as is_test,
    converted.contact_id is not null as was_a_lead,
    -- What was merged away is told with all it was.
    people._is_deleted or coalesce((people.payload ->> '$.IsDeleted') = 'true', false) as is_deleted,
    -- times
    people._occurred_at as created_at,
    -- a day, and no time of it
    try_cast(people.payload ->> '$.ConvertedDate' as timestamptz) as converted_at,
    try_cast(people.payload ->> '$.EmailBouncedDate' as timestamptz) as bounced_at,
    coalesce(people.converted_known_at, people._ingested_at) as converted_known_at,
    coalesce(people.bounced_known_at, people._ingested_at) as bounced_known_at,
    people._first_seen_at as first_seen_at,
    people._last_seen_at as last_seen_at,
    people._touched_at as touched_at,
    people._known_since as known_since,
    people._ingested_at as ingested_at
from people
left join {{ ref('stg_salesforce__successors') }} as successors
    on people._account = successors.account and people._key = successors.former_id
left join accounts
    on people._account = accounts._account and (people.payload ->> '$.AccountId') = accounts._key
left join converted
    on people._account = converted._account and people._key = converted.contact_id and people.object = 'contact'
