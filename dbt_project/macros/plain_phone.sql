-- E.164 of the plain spellings of the numbers that are most, read as phonenumbers does (tests/test_normalise.py):
-- French and Belgian ones, and North American ones behind countries in which ten digits without a leading
-- zero cannot be a number. Null for all others: those are in int_phones.
{% macro plain_phone(digits, regions) -%}
    {#- A mobile of nine digits, or a town's code and its digits, eight in all. -#}
    {%- set belgian = '4[5-9][0-9]{7}|(1[0-69]|[23][2-8]|4[23]|5[0-9]|6[013-57-9]|71|8[1-79]|9[2-4])[0-9]{6}' -%}
    {#- Behind North America's +1 as well, and they do tell mobiles from landlines. -#}
    {%- set islands = '1?(242|246|264|268|284|345|441|473|649|658|664|684|721|758|767|784|829|868|869|876)' -%}
    case
        when starts_with({{ regions }}, 'FR') and regexp_full_match({{ digits }}, '(0|\+33|0033)[1-7][0-9]{8}')
            then '+33' || right({{ digits }}, 9)
        when regexp_full_match({{ digits }}, '\+(33[1-7][0-9]{8}|1[2-9][0-9]{9}|32({{ belgian }}))')
            and not regexp_matches({{ digits }}, '^\+{{ islands }}')
            then {{ digits }}
        when starts_with({{ regions }}, 'BE') and regexp_full_match({{ digits }}, '0({{ belgian }})')
            then '+32' || substr({{ digits }}, 2)
        when
            regexp_full_match({{ digits }}, '1?[2-9][0-9]{9}')
            and regexp_matches({{ regions }}, '^((FR|BE|ES|CH) )*(CA|US)( |$)')
            -- ten digits that begin like +32 without its plus may be meant so
            and not regexp_matches({{ digits }}, '^(32|{{ islands }})')
            then '+1' || right({{ digits }}, 10)
    end
{%- endmacro %}

-- What plain_phone reads: the number without what people put between its digits.
{% macro phone_digits(raw_value) -%}
    case
        when regexp_full_match({{ raw_value }}, '[0-9+]+') then {{ raw_value }}
        else regexp_replace({{ raw_value }}, '[ .()-]', '', 'g')
    end
{%- endmacro %}

-- North America does not tell them apart.
{% macro plain_phone_kind(e164) -%}
    case
        when starts_with({{ e164 }}, '+33')
            then if(starts_with({{ e164 }}, '+336') or starts_with({{ e164 }}, '+337'), 'mobile', 'landline')
        when starts_with({{ e164 }}, '+32') then if(length({{ e164 }}) = 12, 'mobile', 'landline')
        when {{ e164 }} is not null then 'unknown'
    end
{%- endmacro %}
