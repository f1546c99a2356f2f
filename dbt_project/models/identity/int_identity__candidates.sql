-- One row per pair of profiles worth comparing: they share a key and no crowd is on it, or a rule names both.
-- Of a crowd on one mailbox or number, those of one name still meet their oldest record: someone may sign up
-- a thousand times. `is_plain`: one mailbox that is one person's, or one full name on one mailbox or number,
-- and no two birth dates; most pairs are, and need no closer look.
-- depends_on: {{ ref('int_identity__scope') }}
{% set is_full = is_full_identity() %}
{% set features, standings = ref('int_profile_features'), ref('int_identity__standings') %}
{% set standing = "(select key from " ~ standings ~ " where standing is not null and kind = '" %}
{% set born_alike = 'coalesce(one.key_birth_date = other.key_birth_date, true)' %}
{% set same_name = 'coalesce(one.key_full_name = other.key_full_name, false)' %}
{% set plain = {
    'email': 'not one.is_role_email and (' ~ same_name ~ ' or one.key_email not in ' ~ standing ~ "email')) and "
        ~ born_alike,
    'phone': same_name ~ ' and ' ~ born_alike,
} %}
{% set crowded = run_query("select distinct kind from " ~ standings ~ " where standing is not null").columns[0].values()
    if execute else [] %}

with {% if not is_full %}scope as materialized (
    {{ rows_numbered(features, 'select n from ' ~ ref('int_identity__scope')) }}
),

{% endif %}met as (
    {% for block in blocks() %}
    select one.n as one_n, other.n as other_n, {{ plain.get(block, 'false') }} as is_plain
    from {{ features if is_full else 'scope' }} as one
    inner join {{ features }} as other
        on one.key_{{ block }} = other.key_{{ block }} and one.n {{ '<' if is_full else '<>' }} other.n
    where one.key_{{ block }} is not null
    {% if block == 'mailbox' %}
        -- who has one address has met by it
        and one.key_email is distinct from other.key_email
    {% endif %}
    {% if 'block_' ~ block in crowded %}
        and one.key_{{ block }} not in {{ standing }}block_{{ block }}')
    {% endif %}
    {% if block == 'full_name' %}
        and one.key_full_name not in {{ standing }}full_name' and standing in ('many', 'crowd'))
    {% endif %}
    union all
    {% endfor %}

    -- A second number is rare; it meets first and second numbers alike.
    select one.n, other.n, false
    from {{ features }} as one
    inner join {{ features }} as other on one.key_other_phone = other.key_phone and one.n <> other.n
    union all
    select one.n, other.n, false
    from {{ features }} as one
    inner join {{ features }} as other on one.key_other_phone = other.key_other_phone and one.n < other.n

    {% for column in ('email', 'phone') if 'block_' ~ column in crowded %}
    union all
    select
        n,
        first_value(n) over (partition by key_{{ column }}, first_name, last_name order by first_seen_at, profile_id),
        false
    from {{ features }}
    where key_{{ column }} in {{ standing }}block_{{ column }}')
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
