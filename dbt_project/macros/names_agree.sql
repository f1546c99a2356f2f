-- Whether two first names may be one person's, on a value both carry; takes two rows of int_first_names.
-- The same name; a nickname of the same name (Kate, Katie); one part of a double name (Marie of
-- Marie-Claire); initials (JF, or J, of Jean-François).
{% macro names_agree(a, b) -%}
    (
        {{ a }}.first_name_key = {{ b }}.first_name_key
        or list_has_any({{ a }}.formal_names, {{ b }}.formal_names)
        or list_contains({{ a }}.words, {{ b }}.first_name_key)
        or list_contains({{ b }}.words, {{ a }}.first_name_key)
        or contains({{ a }}.first_name_key, ' ') and starts_with({{ b }}.first_name_key, {{ a }}.first_name_key)
        or contains({{ b }}.first_name_key, ' ') and starts_with({{ a }}.first_name_key, {{ b }}.first_name_key)
        or {{ a }}.is_initials and starts_with({{ b }}.initials, replace({{ a }}.first_name_key, ' ', ''))
        or {{ b }}.is_initials and starts_with({{ a }}.initials, replace({{ b }}.first_name_key, ' ', ''))
    )
{%- endmacro %}
