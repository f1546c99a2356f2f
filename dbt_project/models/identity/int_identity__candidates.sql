-- One row per pair of profiles worth comparing: they share a key and no crowd is on it, or a rule names both.
-- Of a crowd on one mailbox or number, those of one name still meet their oldest record: someone may sign up
-- a thousand times. `is_plain`: one mailbox that is one person's, or one full name on one mailbox or number,
-- and no two birth dates; most pairs are, and need no closer look.
-- depends_on: {{ ref('int_identity__scope') }}
{% set is_full = is_full_identity() %}
{% set features = ref('int_profile_features') %}
{% set born_alike = 'coalesce(one.birth_date = other.birth_date, true)' %}
{% set plain = {
    'email': 'not one.is_role_email and (coalesce(one.full_name = other.full_name, false)'
        ~ ' or one.email not in (select match_value from ' ~ ref('int_identity__standings') ~ " where kind = 'email'"
        ~ ' and standing is not null)) and ' ~ born_alike,
    'phone': 'coalesce(one.full_name = other.full_name, false) and ' ~ born_alike,
} %}

with {% if not is_full %}scope as materialized (
    select features.* from {{ features }} as features
    semi join {{ ref('int_identity__scope') }} as scope on features.n = scope.n
),

{% endif %}met as (
    {% for block, (columns, most) in blocks().items() %}
    {% set crowds %}
        select match_value from {{ ref('int_identity__standings') }}
        where kind = 'block_{{ block }}' and standing is not null
        {{ "or kind = 'full_name' and standing in ('many', 'crowd')" if block == 'full_name' }}
    {% endset %}
    select one.n as one_n, other.n as other_n, {{ plain.get(block, 'false') }} as is_plain
    from (
        select * from {{ features if is_full else 'scope' }}
        where {{ columns | join(' is not null and ') }} is not null
        {% if execute and run_query('select exists (' ~ crowds ~ ')').rows[0][0] %}
        and concat_ws('|', {{ columns | join(', ') }}) not in ({{ crowds }})
        {% endif %}
    ) as one
    inner join {{ features }} as other
        on
            {% for column in columns %}one.{{ column }} = other.{{ column }} and {% endfor %}one.n {{ '<' if is_full else '<>' }} other.n
    union all
    {% endfor %}

    -- A second number is rare; it meets first and second numbers alike.
    select one.n, other.n, false
    from {{ features }} as one
    inner join {{ features }} as other on one.other_phone = other.phone and one.n <> other.n
    union all
    select one.n, other.n, false
    from {{ features }} as one
    inner join {{ features }} as other on one.other_phone = other.other_phone and one.n < other.n

    {% for column in ('email', 'phone') %}
    union all
    select
        n,
        first_value(n) over (partition by {{ column }}, first_name, last_name order by first_seen_at, profile_id),
        false
    from {{ features }}
    where {{ column }} in (
        select match_value from {{ ref('int_identity__standings') }}
        where kind = 'block_{{ column }}' and standing is not null
    )
    {% endfor %}

    union all
    select left_n, right_n, false from {{ ref('int_identity__ruled') }}
)

select
    least(one_n, other_n) as left_n,
    greatest(one_n, other_n) as right_n,
    bool_or(is_plain) as is_plain
from met
where one_n <> other_n
{% if not is_full %}
and (one_n in (select n from scope) or other_n in (select n from scope))
{% endif %}
group by 1, 2
