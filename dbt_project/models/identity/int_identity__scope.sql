-- One row per profile that has to be compared anew: it changed or went, or whose else one of its values is
-- did. Two profiles outside compare as they did before. Empty where everything is computed anew.
{% if is_full_identity() %}
-- depends_on: {{ ref('int_identity__standings') }} {{ ref('int_profile_features') }} {{ ref('int_identity__changes') }}
select null::bigint as n where false
{% else %}
with turned as materialized (
    select kind, match_value from {{ ref('int_identity__standings') }}
    where standing is distinct from was
)

select n from {{ ref('int_profile_features') }} as now
semi join {{ ref('int_identity__changes') }} as changes on now.profile_id = changes.profile_id
union
select n from {{ ref('int_identity__changes') }} where is_gone
{% for kind, column in [('email', 'email'), ('phone', 'phone'), ('phone', 'other_phone'), ('full_name', 'full_name')] -%}
union
select n from {{ ref('int_profile_features') }}
where {{ column }} in (select match_value from turned where kind = '{{ kind }}')
{% endfor -%}
{% for block, (columns, most) in blocks().items() -%}
union
select n from {{ ref('int_profile_features') }}
where concat_ws('|', {{ columns | join(', ') }}) in (select match_value from turned where kind = 'block_{{ block }}')
    and {{ columns | join(' is not null and ') }} is not null
{% endfor %}
{% endif %}
