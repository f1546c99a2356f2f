-- The day and the id of the last act that may found an implied basis, as columns <name>_on and <name>_id.
{% macro last_relation(name, basis, evidence='true') -%}
    {{ local_day("max(occurred_at) filter (where basis = '" ~ basis ~ "' and " ~ evidence ~ ")") }} as {{ name }}_on,
    max(moment_key || consent_act_id) filter (where basis = '{{ basis }}' and {{ evidence }})[19:] as {{ name }}_id
{%- endmacro %}
