-- One row per profile that has to be compared anew: it changed or went, or whose else one of its values is
-- did. Two profiles outside compare as they did before. Empty where everything is computed anew.
{% if is_full_identity() %}
-- depends_on: {{ ref('int_identity__standings') }} {{ ref('int_profile_features') }} {{ ref('int_identity__changes') }}
select null::bigint as n where false
{% else %}
with turned as materialized (
    select kind, match_value from {{ ref('int_identity__standings') }}
    where standing is distinct from was
),

-- Every profile that changed, as it was and as it is.
moved as materialized (
    select * from {{ ref('int_identity__changes') }}
    union all by name
    select now.* from {{ ref('int_profile_features') }} as now
    semi join {{ ref('int_identity__changes') }} as changes on now.profile_id = changes.profile_id
)

select n from {{ ref('int_profile_features') }} as now
semi join {{ ref('int_identity__changes') }} as changes on now.profile_id = changes.profile_id
union
select n from {{ ref('int_identity__changes') }} where is_gone
union
-- Whether a record that others name is still the only one of its id.
select n from {{ ref('int_profile_features') }} where platform_id in (select platform_id from moved)
{% for column in ('email', 'phone') -%}
union
-- Those of one name in a crowd all meet their oldest record; who that is, a change may have decided.
select crowd.n
from {{ ref('int_profile_features') }} as crowd
inner join (
    select {{ column }}, first_name, last_name, min((first_seen_at, profile_id)) as oldest
    from moved group by {{ column }}, first_name, last_name
) as changed
    on
        crowd.{{ column }} = changed.{{ column }}
        and crowd.first_name is not distinct from changed.first_name
        and crowd.last_name is not distinct from changed.last_name
where crowd.{{ column }} in (
    select match_value from {{ ref('int_identity__standings') }}
    where kind = 'block_{{ column }}' and standing is not null
)
qualify changed.oldest <= min((crowd.first_seen_at, crowd.profile_id)) over (
    partition by crowd.{{ column }}, crowd.first_name, crowd.last_name
)
{% endfor -%}
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
