-- One row per profile: all that matching compares, normalised, and the keys by which it meets others. `n` is its
-- short name inside these tables: a join on a number costs a tenth of a join on a text.
{{ config(materialized='kept', keys=['n'], stale=['int_identity__changes']) }}
-- depends_on: {{ ref('int_identity__changes') }}

{% set is_full = is_full_identity() %}

with {% if not is_full %}changed as materialized (
    -- at first: so each processor takes part of them
    from {{ changed_profiles() }}
),

{% endif %}told as (
    select
        *,
        -- Two words in the box of the first name and none in the other: the whole name, as many forms get it.
        case
            when last_name is null and (first_name is null or contains(trim(first_name), ' '))
                then coalesce(full_name, first_name)
        end as whole_name,
        {{ phone_digits('phone') }} as phone_digits,
        {{ phone_digits('landline') }} as landline_digits,
        {{ email_contact('email') }} as contact_email
    from {{ ref('profiles') if is_full else 'changed' }}
),

measured as (
    select *, {{ length_of_first_word('whole_name') }} as first_word_length from told
),

dialled as (
    select
        * exclude (first_name, last_name),
        case
            when whole_name is not null then {{ first_of_full_name('whole_name', 'first_word_length') }}
            else first_name
        end as given_first_name,
        case
            when whole_name is not null then {{ last_of_full_name('whole_name', 'first_word_length') }}
            else last_name
        end as given_last_name,
        {{ plain_phone('phone_digits', 'phone_region') }} as plain_phone,
        {{ plain_phone('landline_digits', 'phone_region') }} as plain_landline
    from measured
),

read as (
    select
        dialled.* exclude (email),
        {{ name_key('given_first_name') }} as first_name,
        {{ name_key('given_last_name') }} as last_name,
        {{ email_match('contact_email') }} as match_email,
        coalesce(plain_phone, phones.e164) as e164,
        coalesce({{ plain_phone_kind('plain_phone') }}, phones.phone_kind) as phone_kind,
        coalesce(plain_landline, landlines.e164) as other_e164
    from dialled
    -- Most are plain, and of those none is looked for.
    left join {{ ref('int_phones') }} as phones
        on
            case when dialled.plain_phone is null then trim(dialled.phone) end = phones.raw_value
            and dialled.phone_region = phones.phone_region
    left join {{ ref('int_phones') }} as landlines
        on
            case when dialled.plain_landline is null then trim(dialled.landline) end = landlines.raw_value
            and dialled.phone_region = landlines.phone_region
),

judged as {{ 'materialized' if not is_full }} (
    select
        *,
        split_part(match_email, '@', 1) as local_part,
        -- a whole family's address is nobody's in particular, like an office's
        case
            when starts_with(match_email, 'fami') then regexp_matches(match_email, '^(famille|family|familie)[._-]')
            else false
        end as is_family_email,
        {{ is_placeholder("'email'", 'match_email') }}
        or match_email in (select match_value from {{ ref('placeholder_values') }} where identifier_type = 'email')
            as is_nobodys_email,
        {{ is_placeholder("'phone'", 'e164') }}
        or e164 in (select match_value from {{ ref('placeholder_values') }} where identifier_type = 'phone')
            as is_nobodys_phone,
        -- "Test Test" is nobody's name; whoever is really called Test has another name besides
        case
            when coalesce({{ is_placeholder("'name'", 'first_name') }}, true)
                then coalesce({{ is_placeholder("'name'", 'last_name') }}, true)
            else false
        end as is_nobodys_name
    from read
),

normalised as (
    select
        {{ short_name('profile_id') }} as n,
        profile_id,
        created_at,
        first_seen_at,
        touched_at,
        case when not is_nobodys_email then match_email end as email,
        -- the mailbox whoever runs it: "marie.durand42" at any provider
        case
            when not is_nobodys_email and roles.local_part is null and not is_family_email and length(judged.local_part) >= 5
                then replace(replace(replace(judged.local_part, '.', ''), '_', ''), '-', '')
        end as mailbox,
        roles.local_part is not null or is_family_email as is_role_email,
        case when not is_nobodys_phone then e164 end as phone,
        case when not ({{ is_placeholder("'phone'", 'other_e164') }}) then other_e164 end as other_phone,
        phone_kind,
        -- gave something only to get past the form; a mailbox masked by whoever exported it is not that
        coalesce(is_nobodys_email and not contains(match_email, '*') or is_nobodys_phone, false) as is_evasive,
        case when not is_nobodys_name then first_name end as first_name,
        case when not is_nobodys_name then last_name end as last_name,
        -- in either order: boxes are filled the wrong way round
        case
            when not is_nobodys_name and first_name is not null and last_name is not null
                then least(first_name, last_name) || ' ' || greatest(first_name, last_name)
        end as full_name,
        {{ birth_key("regexp_replace(birth_date, '[^0-9]', '', 'g')") }} as birth_date,
        {{ place_key('street') }} as street,
        {{ place_key('city') }} as city,
        case
            when regexp_full_match(postcode, '[A-Z0-9]+') then postcode
            else nullif(regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g'), '')
        end as postcode,
        {{ country_code('country') }} as country,
        {{ place_key('company') }} as company,
        nullif(regexp_replace(upper(national_id), '[^A-Z0-9]', '', 'g'), '') as national_id,
        platform_id
    from judged
    left join {{ ref('role_addresses') }} as roles on judged.local_part = roles.local_part
)

select
    *
    {%- for name, columns in keys().items() %},
    case
        {#- Of a part of a column the column is asked: what is there has a beginning. #}
        when {% for column in columns %}{{ column.split('[')[0] }} is not null{{ ' and ' if not loop.last }}{% endfor %}
            then {{ digest(columns | join(" || '|' || ")) if name in evidence() else meeting_point(columns) }}
    end as key_{{ name }}
    {%- endfor %}
from normalised
