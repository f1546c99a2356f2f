-- Whoever comes back, or has said that they would recommend us; and not those who did so in the last half year.
{% macro rule_ask_for_a_referral() -%}
    {{ return({
        'when': "order_count > 0 and activity = 'active' and not is_unhappy"
            ~ " and (commercial_stage in ('repeat_customer', 'loyal_customer') or last_nps >= 9 or average_stars >= 4)"
            ~ ' and coalesce(last_given_on < ' ~ as_of('lifecycle') ~ ' - 180, true)',
        'act': "'ask_for_referral'",
        'en': "case when last_nps >= 9 then 'would recommend us (' || last_nps || ' of 10)'"
            ~ " when average_stars >= 4 then 'gave ' || average_stars || ' stars'"
            ~ " else 'comes back: ' || order_count || ' orders' end",
        'fr': "case when last_nps >= 9 then 'nous recommanderait (' || last_nps || ' sur 10)'"
            ~ " when average_stars >= 4 then 'a donné ' || average_stars || ' étoiles'"
            ~ " else 'revient : ' || order_count || ' commandes' end",
    }) }}
{%- endmacro %}
