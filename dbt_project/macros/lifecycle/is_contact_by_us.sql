-- What shows that we wrote to somebody or called them. A tool may tell the sending, the arrival or both: whoever counts
-- takes the greater of the two, for one message told twice is one.
{% macro is_sending(event_type) -%}
    {{ event_type }} in ('mail_sent', 'email_sent', 'sms_sent', 'letter_sent', 'call_made')
{%- endmacro %}

{% macro is_arrival(event_type) -%}
    {{ event_type }} in ('mail_delivered', 'email_delivered', 'delivered', 'sms_delivered')
{%- endmacro %}
