-- One row per value that is not one person's alone: an address or a number under several first names, a full
-- name that many carry, a blocking key with more profiles on it than are worth comparing. What is not in
-- here stands for one person, as far as anyone told. An increment also has those that ceased to be (null); what
-- it turned differs from `was`.
{% set forget_turns = "{{ 'update ' ~ this ~ ' set was = standing where was is distinct from standing'"
    ~ " if not is_full_identity() }}" %}
{{ config(materialized='kept', keys=['value_id'], pre_hook=forget_turns) }}
-- depends_on: {{ ref('int_identity__changes') }}
{% set is_full = is_full_identity() %}

with {% if not is_full %}moved as materialized (
    select * from {{ ref('int_identity__changes') }}
    union all by name
    select now.* from {{ ref('int_profile_features') }} as now
    semi join {{ ref('int_identity__changes') }} as changes on now.profile_id = changes.profile_id
),

{% endif %}{% set standing %}
    -- First names are counted by their first three letters: "Jean-F." and "jean françois" are one, and a typo
    -- rarely comes that early.
    case
        when min(first_name[1:3]) <> max(first_name[1:3])
            then case when count(distinct first_name[1:3]) > 4 then 'crowd' else 'shared' end
    end
{% endset %}
-- Second numbers are rare, and count like first ones.
numbers as (
    select phone as number, first_name from {{ ref('int_profile_features') }} where phone is not null
    union all
    select other_phone as number, first_name from {{ ref('int_profile_features') }} where other_phone is not null
),

values_met as (
    select
        'email' as kind,
        key_1 as match_value,
        case when bool_or(is_role_email) then 'role' else {{ standing }} end as standing
    from {{ carriers(['email'], is_full) }}
    group by key_1
    {{ 'having min(first_name[1:3]) <> max(first_name[1:3]) or bool_or(is_role_email)' if is_full }}

    union all
    select 'phone' as kind, number as match_value, {{ standing }} as standing
    {% if is_full -%}
    from numbers
    group by number
    having min(first_name[1:3]) <> max(first_name[1:3])
    {%- else -%}
    from (select distinct unnest([phone, other_phone]) as number from moved) as moved_numbers
    left join numbers using (number)
    where number is not null
    group by number
    {%- endif %}

    union all
    -- People of one name are counted by their addresses and numbers, not by records: one person may sign up
    -- fifty times.
    select
        'full_name' as kind,
        key_1 as match_value,
        case
            when people > 12 then 'crowd' when people > 6 then 'many' when people > 3 then 'some'
            when people > 2 then 'few'
        end as standing
    from (
        select
            key_1,
            greatest(count(distinct email), count(distinct phone), count(distinct birth_date)) as people
        from {{ carriers(['full_name'], is_full, least_count=3) }}
        group by key_1
    )
    -- A date many are born on is what a form had ready (1 January 1970); more people, more of one day.
    union all
    select
        'birth_date' as kind,
        key_1 as match_value,
        case
            when count(distinct full_name) > 20 * pow(2, (select population_bits from {{ ref('int_settled') }}))
                then 'crowd'
        end as standing
    from {{ carriers(['birth_date'], is_full, least_count=21) }}
    group by key_1
    {% for block, (columns, most) in blocks().items() %}
    union all
    select
        'block_{{ block }}' as kind,
        concat_ws('|'{% for column in columns %}, key_{{ loop.index }}{% endfor %}) as match_value,
        case when count(n) > {{ most }} then 'crowd' end as standing
    from {{ carriers(columns, is_full) }}
    group by {% for column in columns %}key_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
    {{ 'having count(n) > ' ~ most if is_full }}
    {% endfor %}
)

select
    values_met.kind || ':' || values_met.match_value as value_id,
    values_met.kind,
    values_met.match_value,
    values_met.standing,
    {% if is_full -%}
    values_met.standing as was
from values_met
where values_met.standing is not null
    {%- else -%}
    before.standing as was
from values_met
left join {{ this }} as before on values_met.kind || ':' || values_met.match_value = before.value_id
    {%- endif %}
