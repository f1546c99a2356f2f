-- True where every word of a name is "test": what a team types to see whether its own form works, on
-- platforms that do not mark such answers. Takes all name fields in one text.
{% macro is_test_name(names) -%}
    coalesce(regexp_full_match(lower(trim({{ names }})), '((test|essai|testing)[\s.,0-9]*)+'), false)
{%- endmacro %}
