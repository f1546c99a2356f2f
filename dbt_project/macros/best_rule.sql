-- The one word for why two profiles are one person; takes a row of int_identity__weighed and the features of both.
{% macro best_rule(weighed, one, other) -%}
    case
        when {{ weighed }}.best_rule is not null then {{ weighed }}.best_rule
        when {{ one }}.email = {{ other }}.email then 'same_email'
        when
            {{ one }}.phone in ({{ other }}.phone, {{ other }}.other_phone)
            or {{ one }}.other_phone in ({{ other }}.phone, {{ other }}.other_phone)
            then 'same_phone'
        else 'resemblance'
    end
{%- endmacro %}
