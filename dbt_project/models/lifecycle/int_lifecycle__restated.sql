-- One row per customer, axis and stretch of days told otherwise by this build than by the one before, as far as that
-- one had told: late news, a merge, a split, other rules. Added to the log of restatements, which nothing computes
-- again. What was told before stays set aside until it is in the log: a build may die in between.
{{ config(post_hook=[
    "insert into {{ source('door', 'restatements') }} by name select * from {{ this }}",
    "drop table {{ this.incorporate(path={'identifier': 'int_lifecycle__before'}) }}",
    "drop table if exists {{ fresh_of(ref('int_lifecycle__history')) }}"
]) }}
{% set history = ref('int_lifecycle__history') %}
{% set before = this.incorporate(path={'identifier': 'int_lifecycle__before'}) %}
{% set until = 'coalesce(settled.told_until, ' ~ as_of('lifecycle') ~ ')' %}
-- depends_on: {{ ref('int_identity__news') }}

-- Most are told as before: those are not compared day by day.
-- (`hash` makes one of some long names, see short_name; of these few words and days it does not.)
with tells as {{ 'not' if is_full_lifecycle() }} materialized (
    select n, axis, value, valid_from, valid_to
    from {{ history if is_full_lifecycle() else fresh_of(history) }}
    where n in {{ short_names(before) }}
),

sums_then as (
    select n, any_value(subject_id) as subject_id, sum(hash(axis, value, valid_from)) as digest
    from {{ before }}
    where axis is not null
    group by n
),

sums_now as (
    select n, sum(hash(axis, value, valid_from)) as digest from tells group by n
),

changed as (
    select sums_then.n, sums_then.subject_id
    from sums_then
    left join sums_now on sums_then.n = sums_now.n
    where sums_then.digest is distinct from sums_now.digest
),

then_told as (
    select
        told.n,
        told.axis,
        told.value,
        told.valid_from,
        least(coalesce(told.next_from, date 'infinity'), {{ until }} + 1) as valid_to
    from (
        select *, lead(valid_from) over (partition by n, axis order by valid_from) as next_from
        from {{ before }}
        where n in (select changed.n from changed)
    ) as told
    cross join {{ ref('int_lifecycle__settled') }} as settled
    where told.valid_from <= {{ until }}
),

now_told as (
    select
        told.n,
        told.axis,
        told.value,
        told.valid_from,
        least(coalesce(told.valid_to, date 'infinity'), {{ until }} + 1) as valid_to
    from tells as told
    cross join {{ ref('int_lifecycle__settled') }} as settled
    where told.n in (select changed.n from changed) and told.valid_from <= {{ until }}
),

spans as (
    select n, axis, min(valid_from) as first_day, 'then' as told from then_told group by n, axis
    union all
    select n, axis, min(valid_from), 'now' from now_told group by n, axis
),

firsts as (
    select
        n,
        axis,
        min(first_day) filter (where told = 'then') as then_first,
        min(first_day) filter (where told = 'now') as now_first
    from spans
    group by n, axis
),

differences as (
    select
        then_told.n,
        then_told.axis,
        greatest(then_told.valid_from, now_told.valid_from) as changed_on,
        then_told.value as value_then,
        now_told.value as value_now
    from then_told
    inner join now_told
        on
            then_told.n = now_told.n
            and then_told.axis = now_told.axis
            and then_told.valid_from < now_told.valid_to
            and now_told.valid_from < then_told.valid_to
    where then_told.value <> now_told.value
    union all
    -- Known earlier than they were thought to be, or on an axis at all.
    select firsts.n, firsts.axis, now_told.valid_from, null, now_told.value
    from firsts
    inner join now_told on firsts.n = now_told.n and firsts.axis = now_told.axis
    where coalesce(now_told.valid_from < firsts.then_first, true)
    union all
    -- Known later, or no longer somebody of their own.
    select firsts.n, firsts.axis, then_told.valid_from, then_told.value, null
    from firsts
    inner join then_told on firsts.n = then_told.n and firsts.axis = then_told.axis
    where coalesce(then_told.valid_from < firsts.now_first, true)
),

logged as (
    select unnest([log.customer_id, log.previous_customer_id]) as customer_id, log.event
    from {{ source('door', 'identity_log') }} as log
    cross join {{ ref('int_lifecycle__settled') }} as settled
    where log.entry > settled.told_entry
),

moved as (
    select customer_id, bool_or(event = 'parted') as has_parted from logged group by customer_id
)

select
    (select max(touched_at) from {{ ref('events') }}) as restated_at,
    changed.subject_id as customer_id,
    differences.axis,
    differences.changed_on,
    differences.value_then,
    differences.value_now,
    case
        when settled.is_other_rules then 'rules'
        when moved.has_parted then 'split'
        when moved.customer_id is not null then 'merge'
        else 'news'
    end as why
from differences
inner join changed on differences.n = changed.n
cross join {{ ref('int_lifecycle__settled') }} as settled
left join moved on changed.subject_id = moved.customer_id
