-- A birth date as yyyymmdd from its digits, whichever end the year stands at; null where there is no year.
-- Which of day and month comes first no list knows: the comparison forgives the swap.
{% macro birth_key(digits) -%}
    case
        when {{ digits }}[1:4] between '1900' and '2030' and length({{ digits }}) >= 8 then {{ digits }}[1:8]
        when length({{ digits }}) = 8 and {{ digits }}[5:8] between '1900' and '2030'
            then {{ digits }}[5:8] || {{ digits }}[3:4] || {{ digits }}[1:2]
    end
{%- endmacro %}
