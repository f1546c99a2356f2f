-- What speaks for a pair being one person, in words; takes a row of int_identity__weighed and the features of
-- both. The figures behind it are in `firsthand why`.
{% macro spoken_for(weighed, one, other) -%}
    concat_ws(
        '; ',
        {{ weighed }}.reason,
        case when {{ one }}.email = {{ other }}.email then 'both gave the e-mail address ' || {{ one }}.email end,
        case
            when {{ one }}.email <> {{ other }}.email and {{ weighed }}.bits_email > 4 then 'e-mail addresses alike'
        end,
        case
            when {{ one }}.phone in ({{ other }}.phone, {{ other }}.other_phone)
                then 'both gave the phone number ' || {{ one }}.phone
            when {{ one }}.other_phone in ({{ other }}.phone, {{ other }}.other_phone)
                then 'both gave the phone number ' || {{ one }}.other_phone
            when {{ weighed }}.bits_phone > 4 then 'phone numbers alike'
        end,
        case when {{ one }}.national_id = {{ other }}.national_id then 'same national id' end,
        case
            when {{ one }}.full_name = {{ other }}.full_name then 'same name'
            when {{ weighed }}.bits_first_name + {{ weighed }}.bits_last_name >= 4 then 'names alike'
        end,
        case when {{ one }}.birth_date = {{ other }}.birth_date then 'same birth date' end,
        case
            when {{ weighed }}.bits_place > 6 then 'same postal address'
            when {{ weighed }}.bits_place > 2 then 'same town'
        end,
        case when {{ one }}.company = {{ other }}.company then 'same company' end
    )
{%- endmacro %}
