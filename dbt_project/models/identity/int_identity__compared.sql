-- One row per profile as the comparison sees it: its features, and whose else its values are.
{{ config(materialized='view') }}

select
    features.n,
    features.first_name,
    features.last_name,
    features.first_forms,
    features.last_forms,
    features.first_initials,
    features.first_initials_of,
    features.is_known_first_name,
    full_names.standing as full_name_standing,
    features.email,
    features.mailbox,
    emails.standing as email_standing,
    features.phone,
    features.other_phone,
    phones.standing as phone_standing,
    coalesce(features.phone_kind = 'landline', false) as is_landline,
    features.birth_date,
    birth_dates.standing as birth_date_standing,
    features.street,
    features.city,
    features.postcode,
    features.country,
    features.company,
    features.national_id,
    features.is_evasive and coalesce(
        features.email, features.phone, features.birth_date, features.national_id, features.street,
        features.postcode, features.city, features.company
    ) is null as is_evasive
from {{ ref('int_profile_features') }} as features
left join {{ ref('int_identity__standings') }} as full_names
    on features.full_name = full_names.match_value and full_names.kind = 'full_name'
left join {{ ref('int_identity__standings') }} as emails
    on features.email = emails.match_value and emails.kind = 'email'
left join {{ ref('int_identity__standings') }} as phones
    on features.phone = phones.match_value and phones.kind = 'phone'
left join {{ ref('int_identity__standings') }} as birth_dates
    on features.birth_date = birth_dates.match_value and birth_dates.kind = 'birth_date'
