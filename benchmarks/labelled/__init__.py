"""Labelled sets: records that the simulator's people left, beside whose they are.

SETS is the list; the same set is made again by its seed, row for row. Only reserved domains and
telephone ranges, and nobody in here is real.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.labelled import company, leads, registers
from benchmarks.labelled.rows import COLUMNS, Row, numbered


@dataclass(frozen=True)
class LabelledSet:
    kind: str
    size: str
    people: int
    seed: int
    make: Callable[[int, int], list[Row]]

    @property
    def name(self) -> str:
        return f"made_{self.kind}_{self.size}"

    def rows(self) -> list[Row]:
        return numbered(self.make(self.people, self.seed), Random(f"{self.seed}:{self.name}"))

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.parquet"
        table = pa.Table.from_pylist(self.rows(), schema=pa.schema([(name, pa.string()) for name in COLUMNS]))
        pq.write_table(table, path)
        return path


# The people are as many as give about two and twelve thousand records.
SETS = (
    LabelledSet("leads", "2k", 850, 7, leads.rows),
    LabelledSet("leads", "12k", 5_100, 11, leads.rows),
    LabelledSet("company", "2k", 820, 23, company.rows),
    LabelledSet("company", "12k", 5_000, 31, company.rows),
    LabelledSet("register", "2k", 850, 41, registers.register),
    LabelledSet("register", "12k", 5_200, 43, registers.register),
    LabelledSet("sparse", "2k", 580, 53, registers.sparse),
    LabelledSet("sparse", "12k", 3_400, 59, registers.sparse),
)
