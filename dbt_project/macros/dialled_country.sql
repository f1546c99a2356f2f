-- The country a phone number in international form belongs to; +1 is several, so it says nothing.
{% macro dialled_country(e164) -%}
    case left({{ e164 }}, 3)
        when '+33' then 'FR' when '+32' then 'BE' when '+49' then 'DE' when '+43' then 'AT' when '+44' then 'GB'
    end
{%- endmacro %}
