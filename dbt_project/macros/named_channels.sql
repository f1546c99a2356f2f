-- The channels a wording names, as a list: what somebody ticked covers these and no others.
{% macro named_channels(wording) -%}
    list_filter([
        case when regexp_matches({{ name_key(wording) }}, '\b(e mail|e mails|emails?|mails?|courriels?|newsletter|infolettre|lettre)\b') then 'email' end,
        case when regexp_matches({{ name_key(wording) }}, '\b(sms|textos?|text me|text messages?)\b') then 'sms' end,
        case when regexp_matches({{ name_key(wording) }}, '\b(telephone|phone|appels?|appele e?|rappels?|rappele e?|calls?|call me)\b') then 'phone' end,
        case when regexp_matches({{ name_key(wording) }}, '\b(postal|postale|post|courrier)\b') then 'post' end
    ], lambda channel: channel is not null)
{%- endmacro %}
