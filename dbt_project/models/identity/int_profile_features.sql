-- One row per profile: all that matching compares, normalised. `n` is its short name inside these tables: a
-- join on a number costs a tenth of a join on a text.
{{ config(materialized='kept', keys=['n'], stale=['int_identity__changes']) }}
-- depends_on: {{ ref('int_identity__changes') }}
{% set is_full = is_full_identity() %}
{% set profiles = ref('profiles') if is_full else 'changed' %}

with {% if not is_full %}changed as materialized (
    select now.* from {{ ref('profiles') }} as now semi join {{ ref('int_identity__changes') }} using (profile_id)
),

{% endif %}-- "Durand, Marie" says its order; everything else is read as first name first. Where that is wrong the
-- comparison still finds it, for it looks at names in both orders.
full_names as (
    select
        full_name,
        {{ first_of_full_name('full_name') }} as first_name,
        {{ last_of_full_name('full_name') }} as last_name
    from (select distinct full_name from {{ profiles }} where first_name is null and last_name is null)
),

-- Names come again and again: each spelling is read once.
spellings as (
    select first_name as spelling from {{ profiles }}
    union
    select last_name as spelling from {{ profiles }}
    union
    select unnest([first_name, last_name]) as spelling from full_names
),

formal as (
    select nickname, list(first_name order by first_name) as formal_names
    from {{ ref('nicknames') }}
    group by nickname
),

names as (
    select
        keyed.spelling,
        keyed.name,
        known.first_name is not null as is_known,
        {{ name_forms('keyed.name', 'formal.formal_names') }} as forms,
        {{ is_placeholder("'name'", 'keyed.name') }} as is_nobodys,
        -- "JF" and "J." are initials; those of "Jean-François" are "jf"
        case
            when length(replace(keyed.name, ' ', '')) <= 2 or regexp_full_match(keyed.name, '\p{L}( \p{L})*')
                then replace(keyed.name, ' ', '')
        end as initials,
        case
            when contains(keyed.name, ' ')
                then array_to_string(list_transform(string_split(keyed.name, ' '), lambda word: word[1]), '')
            else keyed.name[1]
        end as initials_of
    from (select spelling, {{ name_key('spelling') }} as name from spellings where spelling is not null) as keyed
    left join formal on keyed.name = formal.nickname
    left join {{ ref('first_names') }} as known on keyed.name = known.first_name
),

given as (
    select
        profiles.* exclude (first_name, last_name, full_name, email, phone, landline),
        firsts.name as first_name,
        lasts.name as last_name,
        firsts.forms as first_forms,
        lasts.forms as last_forms,
        firsts.initials as first_initials,
        firsts.initials_of as first_initials_of,
        firsts.is_known as is_known_first_name,
        -- "Test Test" is nobody's name; whoever is really called Test has another name besides
        coalesce(firsts.is_nobodys, true) and coalesce(lasts.is_nobodys, true) as is_nobodys_name,
        {{ email_contact('profiles.email') }} as contact_email,
        phones.e164,
        phones.phone_kind,
        landlines.e164 as other_e164
    from {{ profiles }} as profiles
    left join full_names
        on
            case when profiles.first_name is null and profiles.last_name is null then profiles.full_name end
            = full_names.full_name
    left join names as firsts on coalesce(profiles.first_name, full_names.first_name) = firsts.spelling
    left join names as lasts on coalesce(profiles.last_name, full_names.last_name) = lasts.spelling
    left join {{ ref('int_phones') }} as phones
        on trim(profiles.phone) = phones.raw_value and profiles.phone_region = phones.phone_region
    left join {{ ref('int_phones') }} as landlines
        on trim(profiles.landline) = landlines.raw_value and profiles.phone_region = landlines.phone_region
),

judged as (
    select
        given.*,
        split_part(match_email, '@', 1) as local_part,
        -- a whole family's address is nobody's in particular, like an office's
        coalesce(regexp_matches(match_email, '^(famille|family|familie)[._-]'), false) as is_family_email,
        {{ is_placeholder("'email'", 'match_email') }} or empty_emails.match_value is not null as is_nobodys_email,
        {{ is_placeholder("'phone'", 'e164') }} or empty_phones.match_value is not null as is_nobodys_phone
    from (select *, {{ email_match('contact_email') }} as match_email from given) as given
    left join {{ ref('placeholder_values') }} as empty_emails
        on given.match_email = empty_emails.match_value and empty_emails.identifier_type = 'email'
    left join {{ ref('placeholder_values') }} as empty_phones
        on given.e164 = empty_phones.match_value and empty_phones.identifier_type = 'phone'
)

select
    {{ short_name('profile_id') }} as n,
    profile_id,
    {{ own_number('profile_id') }} as own_number,
    platform,
    account,
    object,
    created_at,
    first_seen_at,
    case when not is_nobodys_email then match_email end as email,
    -- the mailbox whoever runs it: "marie.durand42" at any provider
    case
        when not is_nobodys_email and roles.local_part is null and not is_family_email and length(judged.local_part) >= 5
            then case
                when regexp_full_match(judged.local_part, '[a-z0-9]+') then judged.local_part
                else replace(replace(replace(judged.local_part, '.', ''), '-', ''), '_', '')
            end
    end as mailbox,
    roles.local_part is not null or is_family_email as is_role_email,
    case when not is_nobodys_phone then e164 end as phone,
    case when not ({{ is_placeholder("'phone'", 'other_e164') }}) then other_e164 end as other_phone,
    phone_kind,
    -- gave something only to get past the form; a mailbox masked by whoever exported it is not that
    coalesce(is_nobodys_email and not contains(match_email, '*') or is_nobodys_phone, false) as is_evasive,
    case when not is_nobodys_name then first_name end as first_name,
    case when not is_nobodys_name then last_name end as last_name,
    coalesce(is_known_first_name, false) as is_known_first_name,
    first_forms,
    last_forms,
    first_initials,
    first_initials_of,
    -- in either order: boxes are filled the wrong way round
    case
        when not is_nobodys_name and first_name is not null and last_name is not null
            then least(first_name, last_name) || ' ' || greatest(first_name, last_name)
    end as full_name,
    {{ birth_key("regexp_replace(birth_date, '[^0-9]', '', 'g')") }} as birth_date,
    {{ place_key('street') }} as street,
    {{ place_key('city') }} as city,
    nullif(regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g'), '') as postcode,
    {{ country_code('country') }} as country,
    {{ place_key('company') }} as company,
    nullif(regexp_replace(upper(national_id), '[^A-Z0-9]', '', 'g'), '') as national_id,
    platform_id
from judged
left join {{ ref('role_addresses') }} as roles on judged.local_part = roles.local_part
