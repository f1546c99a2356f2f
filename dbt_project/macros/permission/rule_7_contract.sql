-- Step 7: a running contract, for offers linked to it, where the law makes that exception (French phone calls).
{% macro rule_7_contract() -%}
    {{ return({
        'when': 'running_contract and contract_until > ' ~ as_of('permission'),
        'reason': "'contract'", 'basis': "'contract'", 'act': 'contract_id',
        'ends': "nullif(contract_until, date '9999-12-31')", 'ended': 'case when running_contract then contract_until end',
    }) }}
{%- endmacro %}
