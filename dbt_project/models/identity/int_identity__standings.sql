-- One row per value that is not one person's alone: an address or a number under several first names, a full
-- name that many carry, a blocking key with more profiles on it than are worth comparing. What is not in
-- here stands for one person, as far as anyone told. An increment also has those that ceased to be (null); what
-- it turned differs from `was`. `key` is the value's digest, as int_profile_features has it.
{% set forget_turns = "{{ 'update ' ~ this ~ ' set was = standing where was is distinct from standing'"
    ~ " if not is_full_identity() }}" %}
{{ config(materialized='kept', keys=['value_id'], pre_hook=forget_turns) }}
-- depends_on: {{ ref('int_identity__changes') }} {{ ref('int_settled') }}
{% set is_full = is_full_identity() %}
{% set changes = ref('int_identity__changes') %}
{# Each kind of value, and the key that stands for it. #}
{% set kinds = [('email', 'email'), ('phone', 'phone'), ('phone', 'other_phone'), ('full_name', 'full_name'),
    ('birth_date', 'birth_date')] %}
{% for block in blocks() %}{% do kinds.append(('block_' ~ block, block)) %}{% endfor %}
{# What an increment counts is little, and read once; everybody's is too much to keep. #}
{% set once = 'materialized' if not is_full else '' %}
{% set crowd = '20 * pow(2, (select population_bits from ' ~ ref('int_settled') ~ '))' %}
-- First names are counted by their first three letters: "Jean-F." and "jean françois" are one, and a typo
-- rarely comes that early.
{% set several_names = 'min(left(first_name, 3)) <> max(left(first_name, 3))' %}

with {% if not is_full %}moved as materialized (
    select key_{{ keys() | join(', key_') }} from {{ changes }}
    union all by name
    select key_{{ keys() | join(', key_') }} from {{ changed_features() }}
),

{% endif %}addresses as {{ once }} (
    select key_email as key, email as match_value, first_name, is_role_email {{ carriers('email', is_full) }}
),

numbers as {{ once }} (
    select key_phone as key, phone as match_value, first_name {{ carriers('phone', is_full, also='other_phone') }}
    union all
    -- second numbers are rare, and count like first ones
    select key_other_phone, other_phone, first_name {{ carriers('other_phone', is_full, also='phone') }}
),

named as {{ once }} (
    select key_full_name, full_name, key_email, key_phone, key_birth_date {{ carriers('full_name', is_full) }}
),

born as {{ once }} (
    select key_birth_date, birth_date, key_full_name {{ carriers('birth_date', is_full) }}
),

values_met as (
    {% for kind, carried, is_role in [('email', 'addresses', 'bool_or(is_role_email)'), ('phone', 'numbers', 'false')] %}
    select
        '{{ kind }}' as kind,
        key,
        any_value(match_value) as match_value,
        case when {{ is_role }} then 'role' when count(distinct left(first_name, 3)) > 4 then 'crowd' else 'shared' end
            as standing
    from {{ carried }}
    -- in two steps: most values are one person's, and to count distinct names is the dear part
    where key in (select key from {{ carried }} group by key having {{ several_names }} or {{ is_role }})
    group by key

    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    union all
    -- People of one name are counted by their addresses and numbers, not by records: one person may sign up
    -- fifty times.
    select
        'full_name' as kind,
        key_full_name as key,
        any_value(full_name) as match_value,
        case
            when people > 12 then 'crowd' when people > 6 then 'many' when people > 3 then 'some'
            when people > 2 then 'few'
        end as standing
    from (
        select
            key_full_name,
            full_name,
            greatest(count(distinct key_email), count(distinct key_phone), count(distinct key_birth_date)) as people
        from named
        where key_full_name in (select key_full_name from named group by key_full_name having count(*) > 2)
        group by key_full_name, full_name
    )
    group by key_full_name, people
    having standing is not null

    -- A date many are born on is what a form had ready (1 January 1970); more people, more of one day.
    union all
    select
        'birth_date' as kind,
        key_birth_date as key,
        any_value(birth_date) as match_value,
        'crowd' as standing
    from born
    where key_birth_date in (select key_birth_date from born group by key_birth_date having count(*) > {{ crowd }})
    group by key_birth_date
    having count(distinct key_full_name) > {{ crowd }}
    {% for block, (columns, most) in blocks().items() %}
    union all
    select 'block_{{ block }}' as kind, key_{{ block }} as key, null as match_value, 'crowd' as standing
    {{ carriers(block, is_full) }}
    group by key_{{ block }}
    having count(*) > {{ most }}
    {% endfor %}
)

{% if is_full %}
select kind || ':' || key as value_id, kind, key, match_value, standing, standing as was
from values_met
{% else %}
, moved_values as (
    {% for kind, column in kinds %}
    select '{{ kind }}' as kind, key_{{ column }} as key from moved where key_{{ column }} is not null
    {{ 'union' if not loop.last }}
    {% endfor %}
)

select
    moved_values.kind || ':' || moved_values.key as value_id,
    moved_values.kind,
    moved_values.key,
    coalesce(values_met.match_value, before.match_value) as match_value,
    values_met.standing,
    before.standing as was
from moved_values
left join values_met on moved_values.kind = values_met.kind and moved_values.key = values_met.key
left join {{ this }} as before on moved_values.kind = before.kind and moved_values.key = before.key
-- what nobody shared and nobody shares is no news
where values_met.standing is not null or before.standing is not null
{% endif %}
