"""How well one partition of records agrees with another, over pairs and over records.

Pairwise: of all unordered pairs of records, which are called one and which are one. B-cubed: for each
record, the share of its answered cluster that is its own (precision) and the share of its true cluster
that was found (recall), averaged over records; big clusters do not drown small ones. A record of the
truth that the answer leaves out stands alone, which costs recall; a record the truth does not know is
not counted. Everything is counted in SQL, from how often each (true, answered) combination occurs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

COUNTED = """
with together as (
    select
        truth.cluster_id as true_cluster,
        -- A missing record is a cluster of one, under a name no answer can have.
        if(answer.record_id is null, struct_pack(alone := truth.record_id), null) as alone,
        answer.cluster_id as called_cluster
    from {truth} as truth
    left join {answer} as answer on truth.record_id = answer.record_id
),
cells as (
    select true_cluster, alone, called_cluster, count(*)::hugeint as n from together group by all
),
sized as (
    select
        n,
        true_cluster,
        alone,
        called_cluster,
        sum(n) over (partition by true_cluster) as true_size,
        sum(n) over (partition by alone, called_cluster) as called_size,
        count(*) over (partition by true_cluster) as true_parts,
        count(*) over (partition by alone, called_cluster) as called_parts
    from cells
)
select
    sum(n)::bigint as records,
    sum(n * (n - 1) // 2)::bigint as right_pairs,
    -- Each cluster's pairs once, though it has a cell for each part: spread evenly over its records.
    round(sum(n * (called_size - 1) / 2.0))::bigint as called_pairs,
    round(sum(n * (true_size - 1) / 2.0))::bigint as true_pairs,
    sum(n * n / called_size) / sum(n) as b3_precision,
    sum(n * n / true_size) / sum(n) as b3_recall,
    count(distinct true_cluster) as people,
    count(distinct (alone, called_cluster)) as clusters,
    count(distinct (alone, called_cluster)) filter (where called_parts > 1) as over_merged,
    count(distinct true_cluster) filter (where true_parts > 1) as split_people
from sized
"""


@dataclass(frozen=True)
class Score:
    records: int
    right_pairs: int
    called_pairs: int
    true_pairs: int
    b3_precision: float
    b3_recall: float
    people: int
    clusters: int
    over_merged: int  # answered clusters that hold more than one person
    split_people: int  # people who are spread over more than one answered cluster

    @property
    def precision(self) -> float:
        return self.right_pairs / self.called_pairs if self.called_pairs else 1.0

    @property
    def recall(self) -> float:
        return self.right_pairs / self.true_pairs if self.true_pairs else 1.0

    @property
    def f1(self) -> float:
        return _harmonic(self.precision, self.recall)

    @property
    def b3_f1(self) -> float:
        return _harmonic(self.b3_precision, self.b3_recall)


def score_tables(con: duckdb.DuckDBPyConnection, answer: str, truth: str) -> Score:
    """Two tables or bracketed queries with record_id and cluster_id.

    Raises ValueError where either names a record twice: it would count in two clusters.
    """
    for table in (answer, truth):
        repeated = f"select count(*) - count(distinct record_id) from {table}"
        if con.execute(repeated).fetchall()[0][0]:
            raise ValueError(f"{table} names a record more than once")
    return Score(*con.execute(COUNTED.format(answer=answer, truth=truth)).fetchall()[0])


def score(answer: Mapping[str, str], truth: Mapping[str, str]) -> Score:
    """The same for two mappings from record to cluster."""
    with duckdb.connect() as con:
        for name, clusters in (("answered", answer), ("true_clusters", truth)):
            columns = {"record_id": list(clusters.keys()), "cluster_id": list(clusters.values())}
            # Typed, so that an empty mapping is a table as well.
            table = pa.table(columns, schema=pa.schema([(one, pa.string()) for one in columns]))
            con.register("given", table)
            con.execute(f"create table {name} as from given")
        return score_tables(con, "answered", "true_clusters")


def _harmonic(precision: float, recall: float) -> float:
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0
