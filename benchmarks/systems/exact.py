"""Exact matching alone: records that share an e-mail address, a phone, or a name and birth date are one."""

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

KEYS = (("email",), ("phone",), ("first_name", "last_name", "birth_date"))
# To the first who carries the value, not of all with all.
EDGES = """
select min(place) over (partition by {columns}) as anchor, place
from numbered where {there}
"""


def clusters(records: pa.Table) -> dict[str, str]:
    """Record -> cluster, from cleaned records."""
    with duckdb.connect() as con:
        con.register("cleaned", records)
        con.execute("create table records as from cleaned")
        answer = link(con, "records")
        return dict(con.execute(f"select record_id, cluster_id::varchar from {answer}").fetchall())


def link(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """The same for a table of cleaned records; the name of the table of clusters."""
    con.execute(
        f"create or replace temp table numbered as select *, row_number() over () - 1 as place from {table}"
    )
    found = []
    for columns in KEYS:
        there = " and ".join(f"{column} is not null" for column in columns)
        edges = con.execute(EDGES.format(columns=", ".join(columns), there=there)).fetchnumpy()
        found.append(np.column_stack([edges["anchor"], edges["place"]]))
    size = con.execute("select count(*) from numbered").fetchall()[0][0]
    edges = np.concatenate(found)
    ones = np.ones(len(edges), dtype=np.int8)
    graph = coo_matrix((ones, (edges[:, 0], edges[:, 1])), shape=(size, size))
    _, groups = connected_components(graph, directed=False)
    con.register("grouped", pa.table({"place": np.arange(size), "cluster_id": groups}))
    con.execute(
        "create or replace temp table exact_clusters as"
        " select record_id, cluster_id from numbered inner join grouped using (place)"
    )
    con.unregister("grouped")
    return "exact_clusters"
