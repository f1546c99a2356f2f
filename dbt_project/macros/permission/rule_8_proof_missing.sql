-- Step 8: a system says that they said yes, and nobody can prove it. Only where the company decided to take its
-- old lists on trust (`permission.accept_unproven_imports`), and nowhere double opt-in is the law.
{% macro rule_8_proof_missing() -%}
    {{ return({
        'when': 'asserted_id is not null and not double_opt_in and '
            ~ var('permission')['accept_unproven_imports'] | lower,
        'reason': "'proof_missing'", 'basis': "'consent'", 'act': 'asserted_id',
    }) }}
{%- endmacro %}
