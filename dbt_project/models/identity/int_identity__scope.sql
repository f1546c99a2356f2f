-- One row per profile that has to be compared anew: it changed or went, or whose else one of its values is
-- did. Two profiles outside compare as they did before. Empty where everything is computed anew.
-- depends_on: {{ ref('int_identity__standings') }} {{ ref('int_profile_features') }} {{ ref('int_identity__changes') }}
{% if is_full_identity() %}
select null::bigint as n where false
{% else %}
{% set features, standings = ref('int_profile_features'), ref('int_identity__standings') %}
{% set turned = '(from ' ~ standings ~ ' where standing is distinct from was)' %}
-- Most nights turn few kinds of value; the others need no look at everybody.
{% set kinds = run_query('select distinct kind from ' ~ turned).columns[0].values() %}
{% set crowds = run_query('select distinct kind from ' ~ standings ~ ' where standing is not null').columns[0].values() %}
-- Every profile that changed, as it was and as it is.
with moved as materialized (
    {% for source in (ref('int_identity__changes'), changed_features()) -%}
    select n, profile_id, first_seen_at, platform_id, first_name, last_name, key_email, key_phone from {{ source }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select n from moved
union
-- Whether a record that others name is still the only one of its id.
select n from {{ features }} where platform_id in (select platform_id from moved)
{% for column in ('email', 'phone') if 'block_' ~ column in crowds -%}
union
-- Those of one name in a crowd all meet their oldest record; who that is, a change may have decided.
select crowd.n
from {{ features }} as crowd
inner join (
    select key_{{ column }}, first_name, last_name, min((first_seen_at, profile_id)) as oldest
    from moved group by key_{{ column }}, first_name, last_name
) as changed
    on
        crowd.key_{{ column }} = changed.key_{{ column }}
        and crowd.first_name is not distinct from changed.first_name
        and crowd.last_name is not distinct from changed.last_name
where crowd.key_{{ column }} in (select key from {{ standings }} where kind = 'block_{{ column }}' and standing is not null)
qualify changed.oldest <= min((crowd.first_seen_at, crowd.profile_id)) over (
    partition by crowd.key_{{ column }}, crowd.first_name, crowd.last_name
)
{% endfor -%}
{% for kind, key in [
    ('email', 'email'), ('phone', 'phone'), ('phone', 'other_phone'), ('full_name', 'full_name'),
    ('birth_date', 'birth_date')
] if kind in kinds -%}
union
select n from {{ features }} where key_{{ key }} in (select key from {{ turned }} where kind = '{{ kind }}')
{% endfor -%}
{% for block in blocks() if 'block_' ~ block in kinds -%}
union
select n from {{ features }} where key_{{ block }} in (select key from {{ turned }} where kind = 'block_{{ block }}')
{% endfor %}
{% endif %}
