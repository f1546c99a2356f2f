-- One row per value by which a profile may be known; the type 'profile' is its own id, so that everybody
-- is in here once however little they told us.
with known_by as (
    select
        profile_id,
        platform,
        phone_region,
        coalesce(is_email_verified, false) as is_email_verified,
        first_seen_at,
        last_seen_at,
        replace(known_by, 'landline', 'phone') as identifier_type,
        trim(raw_value) as raw_value
    from (
        unpivot (
            select
                *,
                profile_id as profile,
                -- where a letter would arrive
                case
                    when street is not null and coalesce(postcode, city) is not null
                        then concat_ws(', ', street, concat_ws(' ', postcode, city), country)
                end as post
            from {{ ref('profiles') }}
        )
        on profile, email, phone, landline, first_name, last_name, full_name, company, job_title, street, city,
        postcode, country, language, birth_date, platform_id, post
        into name known_by value raw_value
    )
    where trim(raw_value) <> ''
),

-- Most numbers are plain; the others are looked up.
dialled as (
    select
        *,
        case when identifier_type = 'phone' then {{ plain_phone(phone_digits('raw_value'), 'phone_region') }} end
            as plain_phone
    from known_by
),

normalised as (
    select
        known_by.* exclude (plain_phone),
        coalesce({{ plain_phone_kind('known_by.plain_phone') }}, phones.phone_kind) as phone_kind,
        case identifier_type
            when 'email' then {{ email_contact('known_by.raw_value') }}
            when 'phone' then coalesce(known_by.plain_phone, phones.e164)
            when 'country' then {{ country_code('known_by.raw_value') }}
            when 'birth_date' then try_cast(known_by.raw_value as date)::varchar
            when 'postcode' then upper(known_by.raw_value)
            else known_by.raw_value
        end as contact_value
    from dialled as known_by
    left join {{ ref('int_phones') }} as phones
        -- A condition on the left side alone, beside the equalities, would make DuckDB compare all with all.
        on
            case when known_by.identifier_type = 'phone' and known_by.plain_phone is null then known_by.raw_value end
            = phones.raw_value
            and known_by.phone_region = phones.phone_region
)

select
    profile_id,
    platform,
    identifier_type,
    raw_value,
    contact_value,
    case
        when identifier_type = 'email' then {{ email_match('contact_value') }}
        when identifier_type in ('first_name', 'last_name', 'full_name', 'company', 'street', 'city')
            then {{ name_key('contact_value') }}
        when identifier_type = 'postcode' then replace(contact_value, ' ', '')
        when identifier_type = 'post' then {{ post_match('contact_value') }}
        else contact_value
    end as match_value,
    identifier_type = 'email' and is_email_verified as is_verified,
    phone_kind,
    first_seen_at,
    last_seen_at
from normalised
