-- Step 7: at work one may be written to about one's work: a professional address, a role, and the day the person
-- was told. A company's own address (info@) is nobody's, and needs neither. Never at a free-mail domain.
{% macro rule_7_b2b_relevance() -%}
    {{ return({
        'when': "(generic_addresses and recipient = 'generic')
            or (b2b_relevance and recipient = 'business' and notice_on is not null)",
        'reason': "'b2b_relevance'", 'basis': "'b2b_relevance'", 'act': 'notice_id',
    }) }}
{%- endmacro %}
