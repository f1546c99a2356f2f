-- The rules of `allowed`, in the order in which they are asked; the first that fits decides. One file each,
-- named by its step. A rule: when it fits, the reason it gives, the basis of a yes (none is a no), the act behind
-- it, when it ends. Step 1, the erased, is asked where the key of tombstones is: pipelines/permission.py.
{% macro permission_rules() -%}
    {{ return([
        rule_2_objected(),
        rule_4_said_no(),
        rule_4_stopped(),
        rule_4_forbidden(),
        rule_5_not_confirmed(),
        rule_6_consent(),
        rule_7_implied_purchase(),
        rule_7_implied_inquiry(),
        rule_7_soft_opt_in(),
        rule_7_contract(),
        rule_7_b2b_relevance(),
        rule_7_legitimate_interest(),
        rule_8_proof_missing(),
        rule_9_unproven(),
        rule_9_expired(),
        rule_9_never_asked(),
    ]) }}
{%- endmacro %}

-- The number of the first rule that fits.
{% macro first_that_fits(rules) -%}
    case{% for rule in rules %} when {{ rule.when }} then {{ loop.index }}{% endfor %} end
{%- endmacro %}

-- What that rule says: `reason`, `basis`, `act` or `ends`.
{% macro said_by_rule(rules, what) -%}
    case rule_number
        {%- for rule in rules %}{% if rule[what] %} when {{ loop.index }} then {{ rule[what] }}{% endif %}{% endfor %}
    end
{%- endmacro %}
