-- One row per pair of profiles worth comparing: they share a key and no crowd is on it, or a rule names both.
-- Of a crowd on one mailbox or number, those of one name still meet their oldest record: someone may sign up
-- a thousand times. `is_plain`: one mailbox that is one person's, or one full name on one mailbox or number,
-- and no two birth dates; most pairs are, and need no closer look.
-- depends_on: {{ ref('int_identity__scope') }}
{% set is_full = is_full_identity() %}
{% set features, standings = ref('int_profile_features'), ref('int_identity__standings') %}
{% set people = features if is_full else 'scope' %}
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
{# Most hold none, and a join that finds nothing looks at everybody all the same. #}
{% set has_second_numbers = execute and run_query(
    'select exists (from ' ~ features ~ ' where key_other_phone is not null)'
).rows[0][0] %}

with {% if not is_full %}scope as materialized (
    select n, is_role_email, key_{{ keys() | join(', key_') }}
    from {{ rows_numbered(features, 'select n from ' ~ ref('int_identity__scope')) }}
),

{% endif %}{% if has_second_numbers %}second_numbers as materialized (
    select n, key_other_phone from {{ features }} where key_other_phone is not null
),

{% endif %}met as (
    {% for block in blocks() %}
    select one.n as one_n, other.n as other_n, {{ plain.get(block, 'false') }} as is_plain
    from {{ people }} as one
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

    {% if has_second_numbers -%}
    -- It meets first and second numbers alike.
    select one.n, other.n, false
    from {{ people }} as one
    inner join second_numbers as other on one.key_phone = other.key_other_phone
    union all
    select one.n, other.n, false
    from second_numbers as one
    inner join {{ people }} as other on one.key_other_phone = other.key_other_phone
    {% if not is_full -%}
    union all
    select one.n, other.n, false
    from scope as one
    inner join {{ features }} as other on one.key_other_phone = other.key_phone
    {%- endif %}
    union all
    {%- endif %}

    {% for column in ('email', 'phone') if 'block_' ~ column in crowded %}
    select
        n,
        first_value(n) over (partition by key_{{ column }}, first_name, last_name order by first_seen_at, profile_id),
        false
    from {{ features }}
    where key_{{ column }} in {{ standing }}block_{{ column }}')
    union all
    {% endfor %}

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
