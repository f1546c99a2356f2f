"""Two answers to whose each profile is, side by side: who merges, who parts, what becomes of the numbers.

Before: `was.customer_profiles` and `was.pairs`; after: the identity models of the same warehouse. A profile
that goes from one customer to another is in both lists: of a customer that parts, and of one that merges.
"""

from dataclasses import dataclass
from typing import Any

from pipelines.reading import Connection, Row, rows

SIDES = """
create or replace temp table compared as
select now.n, profile_id, was.customer_id as old_id, now.customer_id as new_id
from was.customer_profiles as was
inner join identity.int_customer_profiles as now using (profile_id);

create or replace temp table shares as
select old_id, new_id, count(*) as records from compared group by old_id, new_id;

create or replace temp table merged as
select new_id, sum(records) as records from shares group by new_id having count(*) > 1;

create or replace temp table parted as
select old_id, sum(records) as records from shares group by old_id having count(*) > 1;

-- What a record calls itself, for customers who are not there yet or have no name.
create or replace temp table called as
with said as (
    select
        compared.old_id,
        compared.new_id,
        compared.profile_id,
        coalesce(
            nullif(concat_ws(' ', trim(p.first_name), trim(p.last_name)), ''), nullif(trim(p.full_name), '')
        ) as name,
        coalesce(p.email, p.phone, '-') as point,
        p.first_seen_at
    from compared
    inner join contracts.profiles as p using (profile_id)
    where compared.old_id in (select old_id from parted)
        or compared.new_id in (select new_id from merged)
)

select
    old_id,
    new_id,
    -- The longest name of the record that came first among those that have as long a one.
    coalesce(arg_max(name, (length(name), -epoch(first_seen_at), profile_id)), min(point)) as name
from said
group by old_id, new_id;
"""

COUNTS = """
select
    (select count(*) from compared) as records,
    (select count(*) from compared where old_id <> new_id) as records_moved,
    (select count(distinct old_id) from compared) as customers_before,
    (select count(distinct new_id) from compared) as customers_after,
    (select count(*) from merged) as merged_groups,
    (select count(distinct old_id) from shares where new_id in (select new_id from merged))
        as merging_customers,
    (select count(*) from parted) as parting_customers,
    (select count(distinct old_id) from shares where old_id in (select new_id from shares)) as numbers_stay,
    (select count(distinct old_id) from shares where old_id not in (select new_id from shares))
        as numbers_redirect,
    (select count(distinct new_id) from shares where new_id not in (select old_id from shares))
        as numbers_come_back,
    (select count(distinct household_id) from was.household_members) as households,
    (
        select count(distinct household_id) from was.household_members
        where customer_id in (
            select old_id from shares
            where old_id in (select old_id from parted) or new_id in (select new_id from merged)
        )
    ) as households_touched
"""

TIED = """
create or replace temp table tied as
select one.new_id, arg_max(
    struct_pack(rule := pairs.best_rule, weight := pairs.weight, reason := pairs.reason),
    (pairs.weight, pairs.left_profile_id, pairs.right_profile_id)
) as best
from identity.int_identity__pairs as pairs
inner join compared as one on pairs.left_profile_id = one.profile_id
inner join compared as other on pairs.right_profile_id = other.profile_id
where one.new_id = other.new_id and one.old_id <> other.old_id
group by one.new_id
"""

LOST = """
create or replace temp table lost as
with best as (
    select one.old_id, arg_max(
        struct_pack(
            rule := pairs.best_rule, weight := pairs.weight, reason := pairs.reason,
            one_n := least(one.n, other.n), other_n := greatest(one.n, other.n)
        ),
        (pairs.weight, pairs.left_profile_id, pairs.right_profile_id)
    ) as best
    from was.pairs as pairs
    inner join compared as one on pairs.left_profile_id = one.profile_id
    inner join compared as other on pairs.right_profile_id = other.profile_id
    where one.old_id = other.old_id and one.new_id <> other.new_id
    group by one.old_id
)

select best.old_id, best.best, weighed.weight as weight_now
from best
left join identity.int_identity__weighed as weighed
    on best.best.one_n = weighed.left_n and best.best.other_n = weighed.right_n
"""

MERGES = """
select
    merged.new_id as customer_id,
    merged.records,
    tied.best.rule as rule,
    tied.best.weight as weight,
    tied.best.reason as reason,
    list(
        struct_pack(
            customer_id := shares.old_id, name := coalesce(names.display_name, called.name),
            records := shares.records, is_part := shares.old_id in (select old_id from parted)
        )
        order by shares.old_id <> merged.new_id, shares.records desc, shares.old_id
    ) as joins
from merged
inner join shares on merged.new_id = shares.new_id
inner join called on shares.new_id = called.new_id and shares.old_id = called.old_id
left join was.names as names on shares.old_id = names.customer_id
left join tied on merged.new_id = tied.new_id
group by all
order by merged.records desc, merged.new_id
limit $limit
"""

PARTS = """
select
    parted.old_id as customer_id,
    parted.records,
    any_value(names.display_name) as name,
    lost.best.rule as rule,
    lost.best.weight as weight,
    lost.weight_now,
    lost.best.reason as reason,
    list(
        struct_pack(
            customer_id := shares.new_id, name := called.name, records := shares.records,
            joins_others := shares.new_id in (select new_id from merged)
        )
        order by shares.new_id <> parted.old_id, shares.records desc, shares.new_id
    ) as becomes
from parted
inner join shares on parted.old_id = shares.old_id
inner join called on shares.new_id = called.new_id and shares.old_id = called.old_id
left join was.names as names on parted.old_id = names.customer_id
left join lost on parted.old_id = lost.old_id
group by all
order by parted.records desc, parted.old_id
limit $limit
"""

# By the rule that ties a group best, or tied it.
RULES = """
select
    rule,
    count(*) filter (where is_merge) as merged_groups,
    count(*) filter (where not is_merge) as parting_customers
from (
    select coalesce(tied.best.rule, '-') as rule, true as is_merge from merged left join tied using (new_id)
    union all
    select coalesce(lost.best.rule, '-'), false from parted left join lost using (old_id)
)
group by rule
order by count(*) desc, rule
"""
EVERYTHING = 1 << 62


@dataclass(frozen=True)
class Comparison:
    """`merges` and `parts` are the largest first, as many as were asked for; the counts are of all."""

    counts: dict[str, int]
    rules: list[Row]
    merges: list[dict[str, Any]]
    parts: list[dict[str, Any]]

    @property
    def is_empty(self) -> bool:
        return not (self.counts["merged_groups"] or self.counts["parting_customers"])


def compare(con: Connection, limit: int = 0) -> Comparison:
    """`limit`: of each list; 0 is all."""
    for statement in (SIDES, TIED, LOST):
        con.execute(statement)
    most = {"limit": limit or EVERYTHING}
    return Comparison(
        counts=rows(con, COUNTS)[0],
        rules=rows(con, RULES),
        merges=_named(con, MERGES, most),
        parts=_named(con, PARTS, most),
    )


def _named(con: Connection, query: str, values: dict[str, int]) -> list[dict[str, Any]]:
    found = con.execute(query, values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
