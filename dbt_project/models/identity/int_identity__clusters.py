"""One row per profile grouped in this build: the group it belongs to, named by one of its members.

Connected groups of accepted pairs, by edge contraction: every profile points to the least among its
neighbours, pointers are followed to their end, and what is left of the edges is contracted until none is.
Logarithmic in the length of a chain, so there is no depth cap. Then groups that contradict themselves are
cut at their weakest pairs (pipelines/grouping.py).

`connected_n` names the group before it was cut. An increment holds the groups, uncut, that a changed profile
was or is in; a build from scratch leaves out whoever is alone.
"""

from typing import Any

import duckdb

from pipelines import grouping
from pipelines.resemblance import weights


def model(dbt: Any, session: Any) -> duckdb.DuckDBPyRelation:
    con = session
    while hasattr(con, "_cursor"):
        con = con._cursor
    # Named, not read: the relation itself would be run again for each use.
    dbt.ref("int_settled")
    dbt.ref("int_identity__weighed")
    dbt.ref("int_identity__changes")
    dbt.ref("int_identity__scope")
    dbt.ref("int_names")
    here = f"{dbt.this.database}.{dbt.this.schema}"
    settled = f"{dbt.this.database}.contracts.int_settled"
    is_full, threshold, file = con.execute(
        f"select is_full, threshold_bits, weights from {settled}"
    ).fetchall()[0]
    tables = grouping.Tables(here)
    grouping.choose(con, tables, is_full, threshold)
    grouping.connect(con)
    grouping.part(con, tables, threshold, weights.chosen(file))
    return con.sql("select n, cluster, connected_n from grouped inner join connected using (n)")
