-- The mobile number of a Brevo contact, with the plus that Brevo leaves out; for those known by phone only
-- it may stand nowhere but in their invented e-mail address.
{% macro brevo_phone(payload) -%}
    '+' || nullif(regexp_replace(coalesce(
        {{ payload }} ->> '$.attributes.SMS',
        nullif(regexp_extract({{ payload }} ->> '$.email', '^(\d+)@mailin-sms\.com$', 1), '')
    ), '\D', '', 'g'), '')
{%- endmacro %}
