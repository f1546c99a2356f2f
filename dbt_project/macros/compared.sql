-- Profiles as the comparison sees them: their features, the other forms of their names, and whose else their values
-- are. `people`: rows of int_profile_features.
{% macro compared(people) -%}
    select
        people.n,
        people.first_name,
        people.last_name,
        firsts.forms as first_forms,
        lasts.forms as last_forms,
        firsts.initials as first_initials,
        firsts.initials_of as first_initials_of,
        coalesce(firsts.is_known_first_name, false) as is_known_first_name,
        full_names.standing as full_name_standing,
        people.email,
        people.mailbox,
        emails.standing as email_standing,
        people.phone,
        people.other_phone,
        phones.standing as phone_standing,
        coalesce(people.phone_kind = 'landline', false) as is_landline,
        people.birth_date,
        birth_dates.standing as birth_date_standing,
        people.street,
        people.city,
        people.postcode,
        people.country,
        people.company,
        people.national_id,
        people.is_evasive and coalesce(
            people.email, people.phone, people.birth_date, people.national_id, people.street,
            people.postcode, people.city, people.company
        ) is null as is_evasive
    from {{ people }} as people
    left join {{ ref('int_names') }} as firsts on people.first_name = firsts.name
    left join {{ ref('int_names') }} as lasts on people.last_name = lasts.name
    {%- for kind in ('full_name', 'email', 'phone', 'birth_date') %}
    left join {{ ref('int_identity__standings') }} as {{ kind }}s
        on people.key_{{ kind }} = {{ kind }}s.key and {{ kind }}s.kind = '{{ kind }}'
    {%- endfor %}
{%- endmacro %}
