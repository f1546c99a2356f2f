-- One row per profile that is new, changed, gone, or newly judged since identity was last settled, with what
-- matching knew of it before. Empty where everything is computed anew.
-- depends_on: {{ ref('profiles') }}
{% set before = this.incorporate(path={'identifier': 'int_profile_features'}) %}
{% if is_full_identity() %}
select null::bigint as n, null::varchar as profile_id, null::boolean as is_gone where false
{% else %}
{% set settled = ref('int_settled') %}
{% set is_touched %}
    touched_at > (select settled_at from {{ settled }})
    -- Two runs may be given the same moment: then those of that moment are looked at again.
    or touched_at = (select settled_at from {{ settled }}) and (
        (select count(*) from {{ ref('profiles') }} where touched_at = (select settled_at from {{ settled }}))
        <> (select profiles_then from {{ settled }})
    )
{% endset %}
-- Counting tells whether anybody is missing; looking for them costs more than all the rest of a quiet night.
{% set missing = run_query(
    "select (select count(*) from " ~ before ~ ") - (select count(*) from " ~ ref('profiles') ~ ") + ("
    ~ "select count(*) from (select profile_id from " ~ ref('profiles') ~ " where " ~ is_touched ~ ") anti join "
    ~ before ~ " using (profile_id))"
).rows[0][0] %}
with touched as (
    select profile_id from {{ ref('profiles') }} where {{ is_touched }}
    union
    select unnest([left_profile_id, right_profile_id]) from {{ source('door', 'judgements') }}
    where ingested_at >= (select settled_at from {{ settled }})
    {% if missing != 0 %}
    union
    select profile_id from {{ ref('profiles') }} anti join {{ before }} using (profile_id)
    {% endif %}
)

select
    {{ short_name('touched.profile_id') }} as n,
    touched.profile_id,
    old.* exclude (n, profile_id),
    false as is_gone
from touched
semi join {{ ref('profiles') }} as now on touched.profile_id = now.profile_id
left join {{ before }} as old on touched.profile_id = old.profile_id
{% if missing != 0 %}
union all by name
select old.*, true as is_gone
from {{ before }} as old
anti join {{ ref('profiles') }} as now on old.profile_id = now.profile_id
{% endif %}
{% endif %}
