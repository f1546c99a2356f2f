-- While there is somebody to win: the lost have forgotten us, and writing to them wears out the permission.
{% macro rule_win_back() -%}
    {{ return({
        'when': "order_count > 0 and activity in ('at_risk', 'lapsed')",
        'act': "'win_back'",
        'en': "'last bought on ' || " ~ plain_day('last_order_on', 'en')
            ~ " || coalesce(', usually every ' || usual_days_between_purchases || ' days', '')",
        'fr': "'dernier achat le ' || " ~ plain_day('last_order_on', 'fr')
            ~ " || coalesce(', d''habitude tous les ' || usual_days_between_purchases || ' jours', '')",
    }) }}
{%- endmacro %}
