-- E.164 of the plain spellings of the numbers that are most, read as phonenumbers does (tests/test_normalise.py):
-- French and Belgian ones, and North American ones behind countries in which ten digits without a leading
-- zero cannot be a number. Null for all others: those are in int_phones.
{% macro plain_phone(digits, regions) -%}
    case
        when starts_with({{ regions }}, 'FR') and regexp_full_match({{ digits }}, '(0|\+33|0033)[1-7][0-9]{8}')
            then '+33' || right({{ digits }}, 9)
        when regexp_full_match({{ digits }}, '\+33[1-7][0-9]{8}|\+324[5-9][0-9]{7}|\+1[2-9][0-9]{2}[2-9][0-9]{6}')
            then {{ digits }}
        when starts_with({{ regions }}, 'BE') and regexp_full_match({{ digits }}, '04[5-9][0-9]{7}')
            then '+32' || right({{ digits }}, 9)
        when
            regexp_full_match({{ digits }}, '1?[2-9][0-9]{2}[2-9][0-9]{6}')
            and regexp_matches({{ regions }}, '^((FR|BE|ES|CH) )*(CA|US)( |$)')
            -- what begins like +32 without its plus may be meant so
            and not regexp_matches({{ digits }}, '^(32|33|34|41)')
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
        when starts_with({{ e164 }}, '+32') then 'mobile'
        when {{ e164 }} is not null then 'unknown'
    end
{%- endmacro %}
