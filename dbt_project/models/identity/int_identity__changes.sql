-- One row per profile that is new, changed, gone, or newly judged since identity was last settled, with what
-- matching knew of it before. Empty where everything is computed anew.
-- depends_on: {{ ref('profiles') }}
{% set before = this.incorporate(path={'identifier': 'int_profile_features'}) %}
{% if is_full_identity() %}
select null::bigint as n, null::varchar as profile_id, null::timestamptz as touched_at, null::boolean as is_gone where false
{% else %}
{% set profiles, judgements = ref('profiles'), source('door', 'judgements') %}
{% set settled_at, profiles_then, judged_since = run_query(
    "select settled_at, profiles_then, (select count(*) from " ~ judgements ~ " where ingested_at >= settled_at) from "
    ~ ref('int_settled')
).rows[0].values() %}
{% set settled_at = "timestamptz '" ~ settled_at ~ "'" %}
{% set of_that_moment = "(select count(*) from " ~ profiles ~ " where touched_at = " ~ settled_at ~ ")" %}
{# Two runs may be given the same moment: then those of that moment are looked at again. #}
{% set since = '>=' if run_query("select " ~ of_that_moment).rows[0][0] != profiles_then else '>' %}
{% set touched = "select " ~ short_name('profile_id') ~ " as n, profile_id, touched_at from "
    ~ profiles ~ " where touched_at " ~ since ~ " " ~ settled_at %}
-- Counting tells whether anybody is missing; looking for them costs more than all the rest of a quiet night.
{% set counted = run_query(
    "with touched as materialized (" ~ touched ~ ") select"
    ~ " (select count(*) from " ~ before ~ ") - (select count(*) from " ~ profiles ~ "),"
    ~ " (select count(*) from touched), (select count(*) from " ~ before ~ " where n in (select n from touched))"
).rows[0] %}
{% set is_missing, is_known = counted[0] + counted[1] - counted[2] != 0, counted[2] > 0 or judged_since > 0 %}
with touched as (
    {{ touched }}
    {% if judged_since -%}
    union
    select {{ short_name('profile_id') }}, profile_id, touched_at from {{ profiles }}
    where profile_id in (
        select unnest([left_profile_id, right_profile_id]) from {{ judgements }} where ingested_at >= {{ settled_at }}
    )
    {%- endif %}
    {% if is_missing -%}
    union
    select {{ short_name('profile_id') }}, profile_id, touched_at from {{ profiles }} anti join {{ before }} using (profile_id)
    {%- endif %}
)

select
    touched.n,
    touched.profile_id,
    touched.touched_at,
    old.* exclude (n, profile_id, touched_at),
    false as is_gone
from touched
left join {{ rows_numbered(before, 'select n from touched' if is_known else 'select n from touched limit 0') }} as old
    on touched.n = old.n
{% if is_missing %}
union all by name
select old.* exclude (touched_at), true as is_gone
from {{ before }} as old
anti join {{ profiles }} as now on old.profile_id = now.profile_id
{% endif %}
{% endif %}
