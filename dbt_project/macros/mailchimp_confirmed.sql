-- Whether a member clicked in a mail to be in: only then does the time of being in differ from that of signing up.
{% macro mailchimp_confirmed(payload) -%}
    coalesce(
        nullif({{ payload }} ->> '$.ip_opt', '') is not null
        and try_cast(nullif({{ payload }} ->> '$.timestamp_opt', '') as timestamptz)
        > try_cast(nullif({{ payload }} ->> '$.timestamp_signup', '') as timestamptz),
        false
    )
{%- endmacro %}
