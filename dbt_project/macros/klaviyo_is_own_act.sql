-- Whether the way somebody was subscribed is an act of theirs: a form, the page of preferences, a text message, a box
-- at the checkout. Imports, staff and other programs say it for them, and so may a way that nobody here knows.
{% macro klaviyo_is_own_act(method) -%}
    regexp_matches(
        upper(coalesce({{ method }}, '')), '^((.*_)?FORM|PREFERENCE_PAGE|SUBSCRIBE_PAGE|HOSTED_PAGE|TEXT|CHECKOUT)$'
    )
{%- endmacro %}
