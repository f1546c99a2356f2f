-- One row per contact of the CRM. Two that were merged there are two here: the number of who survived links them.
{% set bounced = "nullif(payload ->> '$.properties.hs_email_hard_bounce_reason_enum', '') is not null" %}
{% set facts, reached = {'bounced': bounced}, {} %}
{% for event_type, stage in {
    'became_mql': 'marketingqualifiedlead', 'became_sql': 'salesqualifiedlead', 'opportunity_opened': 'opportunity',
}.items() %}
    {# under its newer name, or its older one #}
    {% set moment = "coalesce(try_cast(payload ->> '$.properties.hs_v2_date_entered_" ~ stage ~ "' as timestamptz), "
        ~ "try_cast(payload ->> '$.properties.hs_lifecyclestage_" ~ stage ~ "_date' as timestamptz))" %}
    {% do reached.update({event_type: moment}) %}
    {% do facts.update({event_type: moment ~ ' is not null'}) %}
{% endfor %}
with recursive contacts as (
    select
        records.*,
        records.payload -> '$.properties' as properties,
        told.* exclude (_account, _key)
    from {{ latest(source('raw_hubspot', 'contacts'), keep_deleted=true) }} as records
    left join {{ first_told(source('raw_hubspot', 'contacts'), facts) }} as told
        on records._account = told._account and records._key = told._key
),

-- Every contact lists the numbers it took over.
merged as (
    select
        _account,
        _key as survivor,
        unnest(list_concat(
            string_split(coalesce(properties ->> '$.hs_merged_object_ids', ''), ';'),
            -- the number, a colon and when
            list_transform(
                string_split(coalesce(properties ->> '$.hs_calculated_merged_vids', ''), ';'),
                lambda one: split_part(one, ':', 1)
            )
        )) as loser
    from contacts
),

-- Who survived may have been merged into a third, who need not list them both.
survivors as (
    select _account, loser, max(survivor) as survivor
    from merged
    where loser <> '' and loser <> survivor
    group by _account, loser
),

-- However often that happened; of a ring, which no merging makes, nobody is the last.
chains as (
    select _account, loser, survivor from survivors
    union
    select chains._account, chains.loser, survivors.survivor
    from chains
    inner join survivors on chains._account = survivors._account and chains.survivor = survivors.loser
),

last_survivors as (
    select chains._account, chains.loser, max(chains.survivor) as survivor
    from chains
    left join survivors as further on chains._account = further._account and chains.survivor = further.loser
    where further.loser is null
    group by chains._account, chains.loser
)

select
    -- ids
    'hubspot:' || contacts._account || ':contact:' || contacts._key as profile_id,
    contacts._account as account,
    'contact' as object,
    contacts._account || ':' || coalesce(last_survivors.survivor, contacts._key) as contact_id,
    -- identifiers: what was cleared is an empty text
    nullif(trim(properties ->> '$.email'), '') as email,
    coalesce(nullif(trim(properties ->> '$.mobilephone'), ''), nullif(trim(properties ->> '$.phone'), '')) as phone,
    nullif(trim(properties ->> '$.phone'), '') as landline,
    nullif(trim(properties ->> '$.firstname'), '') as first_name,
    nullif(trim(properties ->> '$.lastname'), '') as last_name,
    nullif(trim(properties ->> '$.company'), '') as company,
    nullif(trim(properties ->> '$.jobtitle'), '') as job_title,
    nullif(trim(properties ->> '$.address'), '') as street,
    nullif(trim(properties ->> '$.city'), '') as city,
    nullif(trim(properties ->> '$.zip'), '') as postcode,
    nullif(trim(properties ->> '$.country'), '') as country,
    nullif(trim(properties ->> '$.hs_language'), '') as language,
    nullif(trim(properties ->> '$.date_of_birth'), '') as birth_date,
    -- booleans
    {{ is_test_name("concat_ws(' ', properties ->> '$.firstname', properties ->> '$.lastname')") }} as is_test,
    {{ bounced }} as has_bounced,
    contacts._is_deleted as is_deleted,
    -- times
    coalesce(
        try_cast(nullif(payload ->> '$.createdAt', '') as timestamptz), contacts._occurred_at
    ) as created_at,
    -- HubSpot does not date it; when it was first told is the best there is
    coalesce(contacts.bounced_changed_at, contacts._changed_at, contacts._last_seen_at) as bounced_at,
    coalesce(contacts.bounced_known_at, contacts._ingested_at) as bounced_known_at,
    contacts._first_seen_at as first_seen_at,
    contacts._last_seen_at as last_seen_at,
    contacts._touched_at as touched_at,
    contacts._known_since as known_since,
    contacts._ingested_at as ingested_at,
    -- stages of the sales team's, with the day HubSpot says they were reached, if they were; those a company made
    -- itself carry numbers, and what these mean nobody tells
    [
        {%- for event_type, moment in reached.items() %}
            struct_pack(
                event_type := '{{ event_type }}',
                reached_at := {{ moment }},
                known_at := coalesce({{ event_type }}_known_at, contacts._ingested_at)
            ){{ ',' if not loop.last }}
        {%- endfor %}
    ] as stages
from contacts
left join last_survivors on contacts._account = last_survivors._account and contacts._key = last_survivors.loser
