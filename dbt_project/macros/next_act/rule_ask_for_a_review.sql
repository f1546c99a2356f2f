-- Once the parcel has come and before it is forgotten. Not whoever has said since that they are unhappy, and not
-- after a purchase that was reviewed already.
{% macro rule_ask_for_a_review() -%}
    {{ return({
        'when': 'last_order_on between ' ~ as_of('lifecycle') ~ ' - 45 and ' ~ as_of('lifecycle') ~ ' - 7'
            ~ ' and not is_unhappy and coalesce(last_review_on < last_order_on, true)',
        'act': "'ask_for_review'",
        'en': "'ordered on ' || " ~ plain_day('last_order_on', 'en') ~ " || ' and has not reviewed it'",
        'fr': "'a commandé le ' || " ~ plain_day('last_order_on', 'fr') ~ " || ' sans donner d''avis'",
    }) }}
{%- endmacro %}
