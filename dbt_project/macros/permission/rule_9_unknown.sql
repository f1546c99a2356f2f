-- Step 9: nothing allows it. Which nothing: a yes without proof, a permission that has ended, or silence.
{% macro rule_9_unproven() -%}
    {{ return({'when': 'asserted_id is not null', 'reason': "'unproven'", 'basis': none, 'act': 'asserted_id'}) }}
{%- endmacro %}

{% macro rule_9_expired() -%}
    {{ return({
        'when': 'yes_at is not null or had_yes or coalesce('
            ~ [rule_7_implied_purchase(), rule_7_implied_inquiry(), rule_7_soft_opt_in(), rule_7_contract()]
            | map(attribute='ended') | join(', ') ~ ') is not null',
        'reason': "'expired'", 'basis': none,
        'act': 'coalesce(yes_id, purchase_id, inquiry_id, soft_opt_in_id, contract_id)',
    }) }}
{%- endmacro %}

{% macro rule_9_never_asked() -%}
    {{ return({'when': 'true', 'reason': "'never_asked'", 'basis': none, 'act': none}) }}
{%- endmacro %}
