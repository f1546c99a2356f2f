"""One row per profile that is one person with another: the group it belongs to, named by its least profile.

Edge contraction in SQL: every profile points to the least one among its neighbours, pointers are followed
to their end, and what is left of the edges is contracted until none is. Logarithmic in the length of a
chain, so there is no depth cap.
"""

from typing import Any

import duckdb

# a, b: the two ends of an edge. grouped: every profile with an edge, in a group of its own to begin with.
BEGIN = (
    "create or replace temp table edges as select left_profile_id as a, right_profile_id as b from {pairs}",
    """
    create or replace temp table grouped as
    select v as profile_id, v as cluster from (select a as v from edges union select b from edges)
    """,
)
POINT = """
create or replace temp table pointers as
select v, min(w) as r
from (select a as v, b as w from edges union all select b, a from edges union all select a, a from edges)
group by v
"""
JUMP = """
create or replace temp table jumped as
select p.v, q.r, q.r <> p.r as moved from pointers as p inner join pointers as q on p.r = q.v
"""
CONTRACT = (
    """
    create or replace temp table followed as
    select g.profile_id, coalesce(p.r, g.cluster) as cluster
    from grouped as g left join pointers as p on g.cluster = p.v
    """,
    "create or replace temp table grouped as from followed",
    """
    create or replace temp table contracted as
    select distinct least(x.r, y.r) as a, greatest(x.r, y.r) as b
    from edges inner join pointers as x on edges.a = x.v inner join pointers as y on edges.b = y.v
    where x.r <> y.r
    """,
    "create or replace temp table edges as from contracted",
)


def model(dbt: Any, session: Any) -> duckdb.DuckDBPyRelation:
    con = session
    while hasattr(con, "_cursor"):
        con = con._cursor
    dbt.ref("int_identity__pairs")
    for statement in BEGIN:
        con.execute(statement.format(pairs=f"{dbt.this.database}.{dbt.this.schema}.int_identity__pairs"))
    while _count(con, "select count(*) from edges"):
        con.execute(POINT)
        moved = True
        while moved:
            con.execute(JUMP)
            moved = _count(con, "select count(*) from jumped where moved")
            con.execute("create or replace temp table pointers as select v, r from jumped")
        for statement in CONTRACT:
            con.execute(statement)
    return con.table("grouped")


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return con.execute(query).fetchall()[0][0]
