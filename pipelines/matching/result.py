"""Whose each record is, one line each in the order of the file, and what a person wants to know of it.

confidence: 1 for a record alone; else 1 - 2^-weight of the best pair that ties the record to its group, the
weight being that of all that speaks for the pair, and never above .999999. reason: that pair's other record
and what speaks for it.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

Connection = duckdb.DuckDBPyConnection
FORMATS = {".csv": "format csv, header", ".parquet": "format parquet, compression zstd"}
LARGEST = 5

GROUPS = """
with whose as (
    select
        records.*,
        customers.customer_id,
        count(*) over (partition by customers.customer_id) as group_size
    from records
    inner join identity.int_customer_profiles as customers on records.profile_id = customers.profile_id
),

ties as (
    select left_profile_id as profile_id, right_profile_id as other_profile_id, weight, reason
    from identity.int_identity__pairs
    union all
    select right_profile_id, left_profile_id, weight, reason
    from identity.int_identity__pairs
),

best as (
    select
        whose.profile_id,
        max(ties.weight) as weight,
        -- Among equals the first record of the file.
        arg_max('with ' || other.record_id || ': ' || ties.reason, (ties.weight, -other.row_number)) as reason
    from whose
    inner join ties on whose.profile_id = ties.profile_id
    -- A pair whose records were parted again ties nobody.
    inner join whose as other
        on ties.other_profile_id = other.profile_id and whose.customer_id = other.customer_id
    group by whose.profile_id
)

select
    whose.record_id,
    whose.customer_id,
    case
        when whose.group_size = 1 then 1.0
        -- Thirty bits round to 1, and nobody is ever certain of two.
        else least(greatest(round(1 - pow(2, -coalesce(best.weight, 0)), 6), 0), 0.999999)
    end::double as confidence,
    case when whose.group_size = 1 then 'alone' else coalesce(best.reason, '') end as reason
from whose
left join best on whose.profile_id = best.profile_id
order by whose.row_number
"""


@dataclass(frozen=True)
class Totals:
    records: int
    customers: int
    largest: list[int]


def write(con: Connection, out: Path | None, aside: Path) -> Totals:
    """To the file, whole or not at all and private; None: to standard output, as CSV."""
    con.execute(f"create or replace table groups as {GROUPS}")
    if out is None:
        copy = aside / "groups.csv"
        _copy(con, copy, FORMATS[".csv"])
        with copy.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        copy.unlink()
    else:
        with _whole(out) as part:
            _copy(con, part, FORMATS[out.suffix.lower()])
    return totals(con)


def totals(con: Connection) -> Totals:
    sizes = con.execute(
        "select count(*) as size from groups group by customer_id order by size desc"
    ).fetchall()
    return Totals(sum(n for (n,) in sizes), len(sizes), [n for (n,) in sizes[:LARGEST]])


def _copy(con: Connection, target: Path, how: str) -> None:
    con.execute("set preserve_insertion_order = true")
    # Not by a file of DuckDB's own beside it, which would have the mode of everybody's files.
    where = str(target).replace("'", "''")
    con.execute(f"copy (from groups) to '{where}' ({how}, use_tmp_file false)")


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
