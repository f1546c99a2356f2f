"""One row per pair worth comparing: what names, places and contact points say for or against one person.

`weight` in bits, and the bits of each comparison. The only rule that is no SQL of its own, for Splink learns
by the same recipe (pipelines/resemblance). Pairs that are plain already are in match__same_contact.
"""

from typing import Any

import duckdb

from pipelines.resemblance import scorer, weights


def model(dbt: Any, session: Any) -> duckdb.DuckDBPyRelation:
    con = session
    while hasattr(con, "_cursor"):
        con = con._cursor
    # Named, not read: the relation itself would be run again for each use.
    dbt.ref("int_settled")
    dbt.ref("int_identity__looked_at")
    dbt.ref("int_identity__candidates")
    tables = f"{dbt.this.database}.{dbt.this.schema}"
    settled = f"{dbt.this.database}.contracts.int_settled"
    scorer.score(
        con,
        compared=f"{tables}.int_identity__looked_at",
        pairs=f"(from {tables}.int_identity__candidates where not is_plain)",
        into="resembling",
        weights=weights.chosen(con.execute(f"select weights from {settled}").fetchall()[0][0]),
    )
    return con.table("resembling")
