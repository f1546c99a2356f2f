"""From accepted pairs to people: connected groups, cut where they contradict themselves.

Plain SQL on the connection of whoever calls, but for the cutting, which is greedy by nature and meets few:
pairs are taken again from the strongest to the weakest, and one that would bring two records together
that cannot be one person is left out. So a newsletter row without a name joins the one it fits best and
bridges nobody, and what a person judged apart stays apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from pipelines.resemblance import scorer
from pipelines.resemblance.recipe import COMPARISONS
from pipelines.resemblance.weights import Weights

Connection = duckdb.DuckDBPyConnection

# What makes somebody who they are; all else a household may share.
PERSONAL = ("first_name", "last_name", "birth_date", "national_id")
CONTRADICTION = -6.0
# A person has spelled themselves in a dozen ways, hardly in more: then only strong pairs count.
MOST_PERSONAS, STRONGER = 40, 8.0
# All against all within a group; beyond that the stronger pairs have to do.
MOST_COMPARED = 300
JUDGED = 500.0


@dataclass(frozen=True)
class Tables:
    """Where the identity models are."""

    schema: str

    def __getattr__(self, name: str) -> str:
        return f"{self.schema}.{name}"


def choose(con: Connection, tables: Tables, is_full: bool, threshold: float) -> None:
    """Make `edges` (a, b) and `grouped` (n, cluster): every profile to be grouped, alone to begin with."""
    accepted = (
        f"select left_n as a, right_n as b from {tables.int_identity__weighed} where weight >= {threshold}"
    )
    if is_full:
        con.execute(f"create or replace temp table edges as {accepted}")
        con.execute(
            "create or replace temp table grouped as "
            "select n, n as cluster from (select a as n from edges union select b from edges)"
        )
        return
    # Whole groups as they were before they were cut: who was cut off decides for the others too.
    changed = f"(select n from {tables.int_identity__scope})"
    con.execute(
        f"""
        create or replace temp table members as
        with met as materialized (
            select n from {tables.int_identity__scope}
            union
            select right_n from {tables.int_identity__weighed}
            where weight >= {threshold} and left_n in {changed}
            union
            select left_n from {tables.int_identity__weighed}
            where weight >= {threshold} and right_n in {changed}
        )
        select n from met
        union
        select n from {tables.int_customer_profiles} where connected_n in (
            select connected_n from {tables.int_customer_profiles} where n in (select n from met)
        )
        """
    )
    con.execute(f"create or replace temp table edges as {accepted} and left_n in (select n from members)")
    con.execute(
        f"create or replace temp table grouped as select n, n as cluster "
        f"from members anti join (from {tables.int_identity__changes} where is_gone) as gone using (n)"
    )


# An edge runs from the lesser to the greater, so whoever has none to a lesser one points to nobody.
POINT = "create or replace temp table pointers as select b as v, min(a) as r from edges group by b"
JUMP = """
create or replace temp table jumped as
select p.v, coalesce(q.r, p.r) as r, q.r is not null as moved
from pointers as p left join pointers as q on p.r = q.v
"""
CONTRACT = (
    """
    create or replace temp table followed as
    select g.n, coalesce(p.r, g.cluster) as cluster
    from grouped as g left join pointers as p on g.cluster = p.v
    """,
    "create or replace temp table grouped as from followed",
    """
    create or replace temp table contracted as
    select distinct least(coalesce(x.r, e.a), y.r) as a, greatest(coalesce(x.r, e.a), y.r) as b
    from edges as e inner join pointers as y on e.b = y.v left join pointers as x on e.a = x.v
    where coalesce(x.r, e.a) <> y.r
    """,
    "create or replace temp table edges as from contracted",
)


def connect(con: Connection) -> None:
    """Contract `edges` until none is left; `grouped.cluster` then names the connected group.

    `connected` keeps it for later builds, whatever is cut.
    """
    con.execute(
        "create or replace temp table accepted as select least(a, b) as a, greatest(a, b) as b from edges"
    )
    con.execute("create or replace temp table edges as from accepted")
    while _first(con, "select count(*) from edges"):
        con.execute(POINT)
        moved = True
        while moved:
            con.execute(JUMP)
            moved = _first(con, "select count(*) from jumped where moved")
            con.execute("create or replace temp table pointers as select v, r from jumped")
        for statement in CONTRACT:
            con.execute(statement)
    con.execute("create or replace temp table connected as select n, cluster as connected_n from grouped")


# Whoever is in a group of three and more, with what is nobody's but theirs. Two have been weighed.
LARGER = """
create or replace temp table larger as
select g.cluster, f.n, f.profile_id, {columns}
from grouped as g
semi join (select cluster from grouped group by cluster having count(*) > 2) as many
    on g.cluster = many.cluster
inner join {features} as f on g.n = f.n
"""
# Groups whose members differ in it, or on whom a judgement is.
DOUBTFUL = """
create or replace temp table doubtful as
select cluster from larger group by cluster having {differ}
union
select one.cluster from {ruled} as r
inner join grouped as one on r.left_n = one.n
inner join grouped as other on r.right_n = other.n and one.cluster = other.cluster
where r.weight < 0
"""
PERSONAS = """
create or replace temp table personas as
with judged as (
    select left_n as n from {ruled} where weight < 0 union select right_n from {ruled} where weight < 0
),
named as (
    select
        larger.*,
        -- Whoever was judged apart is compared for themselves: namesakes are one persona to all others.
        concat_ws('|', {names}, judged.n) as spelling
    from larger
    semi join doubtful on larger.cluster = doubtful.cluster
    left join judged on larger.n = judged.n
),
spelled as (select cluster, spelling, arg_min(n, profile_id) as persona from named group by 1, 2),
ranked as (select *, row_number() over (partition by cluster order by spelling) as ordinal from spelled)
select named.*, ranked.persona, ranked.ordinal
from named inner join ranked on named.cluster = ranked.cluster and named.spelling = ranked.spelling
"""


# Pairs of personas that cannot be one person: by what is known of them, or because somebody said so.
CONTRARY = f"""
create or replace temp table contrary as
select left_n as one, right_n as other, false as is_judged from set_beside where weight <= {CONTRADICTION}
union all
select l.persona, r.persona, true from {{ruled}} as j
inner join personas as l on j.left_n = l.n
inner join personas as r on j.right_n = r.n and l.cluster = r.cluster
where j.weight <= -{JUDGED}
"""
CONCERNED = f"""
create or replace temp table concerned as
select cluster from personas where persona in (select one from contrary union all select other from contrary)
union
select cluster from personas group by cluster having max(ordinal) > {MOST_PERSONAS}
"""


def part(con: Connection, tables: Tables, threshold: float, weights: Weights) -> None:
    """Give the members of groups that contradict themselves new clusters in `grouped`."""
    differ = " or ".join(
        f"min({name}) <> max({name})" for name in ("first_name", "birth_date", "national_id")
    )
    for statement in (LARGER, DOUBTFUL, PERSONAS):
        con.execute(
            statement.format(
                features=tables.int_profile_features,
                ruled=tables.int_identity__ruled,
                columns=", ".join(f"f.{name}" for name in PERSONAL),
                differ=differ,
                names=", ".join(f"coalesce({name}, '')" for name in PERSONAL),
            )
        )
    if not _first(con, "select count(*) from personas"):
        return
    _compare_personas(con, tables, weights)
    con.execute(CONTRARY.format(ruled=tables.int_identity__ruled))
    con.execute(CONCERNED)
    personas = dict(
        con.execute("select n, persona from personas semi join concerned using (cluster)").fetchall()
    )
    pairs = _strongest_first(con, tables, threshold)
    regrouped = regroup(personas, pairs, _contrary(con, is_judged=False), _contrary(con, is_judged=True))
    con.execute(
        "create or replace temp table parted as "
        "select unnest(?::bigint[]) as n, unnest(?::bigint[]) as cluster",
        [list(regrouped), list(regrouped.values())],
    )
    con.execute(
        "create or replace temp table regrouped as "
        "select g.n, coalesce(p.cluster, g.cluster) as cluster "
        "from grouped as g left join parted as p using (n)"
    )
    con.execute("create or replace temp table grouped as from regrouped")


def regroup(
    personas: Mapping[int, int],
    pairs: Iterable[tuple[int, int, float]],
    contrary: Iterable[tuple[int, int]],
    apart: Iterable[tuple[int, int]],
) -> dict[int, int]:
    """Group records by their pairs, the strongest first, without bringing together who is contrary.

    `personas`: record -> its persona; `contrary` and `apart` are pairs of personas. What a person judged one
    (a weight of JUDGED or more) is kept apart only by what a person judged apart. Returns record -> group,
    named by one of its records.
    """
    foes: dict[int, set[int]] = {}
    judged: dict[int, set[int]] = {}
    for known, found in ((foes, [*contrary, *apart]), (judged, apart)):
        for left, right in found:
            known.setdefault(left, set()).add(right)
            known.setdefault(right, set()).add(left)
    parent = {n: n for n in personas}
    within = {n: {persona} for n, persona in personas.items()}

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = n = parent[parent[n]]
        return n

    for left, right, weight in pairs:
        one, other = sorted((root(left), root(right)), key=lambda r: -len(within[r]))
        if one == other:
            continue
        hostile = judged if weight >= JUDGED else foes
        if any(not hostile.get(persona, set()).isdisjoint(within[one]) for persona in within[other]):
            continue
        parent[other] = one
        within[one] |= within.pop(other)
    return {n: root(n) for n in personas}


def _compare_personas(con: Connection, tables: Tables, weights: Weights) -> None:
    """Make `set_beside`: personas of one group, weighed by what is nobody's but their own."""
    # How common a name or date is only matters where they agree.
    con.execute(
        f"""
        create or replace temp table set_apart as
        select
            p.n, p.cluster, p.ordinal, p.first_name, p.last_name, firsts.forms as first_forms,
            lasts.forms as last_forms, firsts.initials as first_initials,
            firsts.initials_of as first_initials_of,
            coalesce(firsts.is_known_first_name, false) as is_known_first_name, p.birth_date, p.national_id,
            null::varchar as full_name_standing, null::varchar as birth_date_standing
        from personas as p
        left join {tables.int_names} as firsts on p.first_name = firsts.name
        left join {tables.int_names} as lasts on p.last_name = lasts.name
        where p.n = p.persona
        """
    )
    con.execute(
        f"""
        create or replace temp table beside as
        select l.n as left_n, r.n as right_n
        from set_apart as l inner join set_apart as r on l.cluster = r.cluster and l.n < r.n
        where
            greatest(l.ordinal, r.ordinal) <= {MOST_COMPARED}
            and (
                l.first_name <> r.first_name or l.birth_date <> r.birth_date or l.national_id <> r.national_id
            )
        """
    )
    scorer.score(
        con, "set_apart", "beside", "set_beside", weights, [c for c in COMPARISONS if c.name in PERSONAL]
    )


def _contrary(con: Connection, *, is_judged: bool) -> list[tuple[int, int]]:
    return con.execute("select one, other from contrary where is_judged = ?", [is_judged]).fetchall()


def _strongest_first(con: Connection, tables: Tables, threshold: float) -> list[tuple[int, int, float]]:
    """The accepted pairs of the groups concerned; of groups with too many personas only the stronger ones."""
    return con.execute(
        f"""
        with size as (select cluster, max(ordinal) as personas from personas group by cluster)
        select w.left_n, w.right_n, w.weight
        from {tables.int_identity__weighed} as w
        inner join accepted on w.left_n = accepted.a and w.right_n = accepted.b
        inner join personas as l on w.left_n = l.n
        inner join personas as r on w.right_n = r.n
        inner join size on l.cluster = size.cluster
        semi join concerned on l.cluster = concerned.cluster
        where size.personas <= {MOST_PERSONAS} or w.weight >= {threshold} + {STRONGER}
        -- Not by n, which differs from build to build.
        order by w.weight desc, least(l.profile_id, r.profile_id), greatest(l.profile_id, r.profile_id)
        """
    ).fetchall()


def _first(con: Connection, query: str) -> int:
    return con.execute(query).fetchall()[0][0]
