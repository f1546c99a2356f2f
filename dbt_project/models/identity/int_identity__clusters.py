"""One row per profile that is one person with another: the group it belongs to, named by its least profile.

Edge contraction in SQL: every profile points to the least one among its neighbours, pointers are followed
to their end, and what is left of the edges is contracted until none is. Logarithmic in the length of a
chain, so there is no depth cap. https://arxiv.org/abs/1807.09478 describes the family.
"""

# a, b: two ends of an edge, least first.
EDGES = """create or replace temp table edges as
    select distinct left_profile_id as a, right_profile_id as b from pairs"""
POINT = """create or replace temp table pointers as
    select v, min(w) as r from (
        select a as v, b as w from edges union all select b, a from edges union all select a, a from edges
    ) group by v"""
JUMP = """create or replace temp table jumped as
    select p.v, q.r from pointers p join pointers q on q.v = p.r"""
CONTRACT = """create or replace temp table contracted as
    select distinct least(x.r, y.r) as a, greatest(x.r, y.r) as b
    from edges join pointers x on x.v = edges.a join pointers y on y.v = edges.b where x.r <> y.r"""
FOLLOW = """create or replace temp table followed as
    select g.profile_id, coalesce(p.r, g.cluster) as cluster
    from grouped g left join pointers p on p.v = g.cluster"""


def model(dbt, session):
    con = session
    while hasattr(con, "_cursor"):
        con = con._cursor
    pairs = dbt.ref("int_identity__pairs")  # noqa: F841  EDGES reads it by name
    con.execute(EDGES)
    con.execute(
        "create or replace temp table grouped as "
        "select v as profile_id, v as cluster from (select a as v from edges union select b from edges)"
    )
    while con.execute("select count(*) from edges").fetchall()[0][0]:
        con.execute(POINT)
        while True:
            con.execute(JUMP)
            moved = con.execute(
                "select count(*) from pointers p join jumped j on p.v = j.v where p.r <> j.r"
            ).fetchall()[0][0]
            con.execute("create or replace temp table pointers as from jumped")
            if not moved:
                break
        con.execute(FOLLOW)
        con.execute("create or replace temp table grouped as from followed")
        con.execute(CONTRACT)
        con.execute("create or replace temp table edges as from contracted")
    return con.table("grouped")
