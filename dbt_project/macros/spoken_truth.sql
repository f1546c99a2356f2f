-- 'true' or 'false' where an answer is nothing but yes or no, in French or English; null for any other.
{% macro spoken_truth(answer) -%}
    case
        when lower(trim({{ answer }})) in ('yes', 'oui', 'true', 'yes please', 'yes, please', 'oui, merci') then 'true'
        when lower(trim({{ answer }})) in ('no', 'non', 'false', 'no thanks', 'no, thanks', 'non merci', 'non, merci')
            then 'false'
    end
{%- endmacro %}
