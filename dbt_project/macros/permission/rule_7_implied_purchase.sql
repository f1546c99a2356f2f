-- Step 7: the law takes a purchase for a yes, for a while (CASL, section 10(9)).
{% macro rule_7_implied_purchase() -%}
    {{ return(implied('implied_purchase', 'purchase_on', 'purchase_months', 'purchase_id')) }}
{%- endmacro %}

-- From an act on, for so many months of the law; a month too short ends on its last day.
{% macro implied(basis, since, months, act) -%}
    {% set ends = '(' ~ since ~ ' + to_months(' ~ months ~ '::integer))::date' %}
    {{ return({
        'when': ends ~ ' > ' ~ as_of('permission'),
        'reason': "'" ~ basis ~ "'", 'basis': "'" ~ basis ~ "'", 'act': act, 'ends': ends, 'ended': ends,
    }) }}
{%- endmacro %}
