-- Steps 3 and 4: the person's latest act is a no, whatever else would allow it. A tie goes to no. What a system
-- asserts never undoes it: such acts are not among the yeses.
{% macro rule_4_said_no() -%}
    {{ return({
        'when': 'no_at is not null and coalesce(no_at >= yes_at, true)',
        'reason': "case no_act when 'deny' then 'said_no' when 'withdraw' then 'unsubscribed'
            when 'complaint' then 'complained' when 'object' then 'objected' else 'blocked_in_tool' end",
        'basis': none, 'act': 'no_id',
    }) }}
{%- endmacro %}
