-- The channels a marketing permission names: "Direct Mail" is the post, whatever its second word says elsewhere.
{% macro mailchimp_channels(wording) -%}
    case
        when regexp_matches({{ name_key(wording) }}, '\bdirect mail\b') then ['post']
        else {{ named_channels(wording) }}
    end
{%- endmacro %}
