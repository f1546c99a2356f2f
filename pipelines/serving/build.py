"""Writing a snapshot: marketing.duckdb whole, bi.duckdb without anybody's name, one Parquet per table.

The warehouse is attached read-only as `warehouse`, the name by which its views know it. Files are written in
storage version v1.0.0: BI tools carry DuckDB 1.1 and later.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipelines.keyed import Keyed
from pipelines.serving.contents import PORTABLE, Mart, NothingToPublish

STORAGE_VERSION = "v1.0.0"
# Who asks for one person reads one such group of each table: an eighth of DuckDB's own 122,880 rows, for a
# tenth more on the disk. Older versions read any size.
ROWS_TOGETHER = 16_384
NUMBERS_AT_ONCE = 100_000
# A customer number; words such as "erased" in its place tell nobody anything and stay as they are.
NUMBER = re.compile("((?:household|account)-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Written:
    """What the warehouse held when it was read: the audit compares."""

    counts: dict[str, int] = field(default_factory=dict)
    sums: dict[str, dict[str, str]] = field(default_factory=dict)


def build(con: Connection, folder: Path, marts: tuple[Mart, ...], keyed: Keyed) -> Written:
    """Write all files of a snapshot into `folder`. Raises NothingToPublish."""
    types = {mart.name: column_types(con, *mart.place, mart.name) for mart in marts}
    missing = [name for name, columns in types.items() if not columns]
    if missing:
        raise NothingToPublish(f"not built yet: {', '.join(missing)}")
    _number_map(con, marts, keyed)
    with _attached(con, folder / "marketing.duckdb", f", row_group_size {ROWS_TOGETHER}"):
        for mart in marts:
            _write(con, mart, types[mart.name])
            con.execute(f"copy pub.main.\"{mart.name}\" to '{folder / mart.name}.parquet' (compression zstd)")
    with _attached(con, folder / "bi.duckdb"):
        for mart in marts:
            public = {name: kind for name, kind in types[mart.name].items() if name in mart.public}
            if public:
                _write(con, mart, public, numbers_hidden=True)
    return Written(
        {mart.name: totals(con, mart.source, {})[0] for mart in marts},
        {mart.name: totals(con, mart.source, types[mart.name])[1] for mart in marts},
    )


def column_types(con: Connection, database: str, schema: str, table: str) -> dict[str, str]:
    """Names and types of a table's columns, in their order; nothing where there is no such table."""
    return dict(
        con.execute(
            """
            select column_name, data_type from duckdb_columns()
            where database_name = ? and schema_name = ? and table_name = ? order by column_index
            """,
            [database, schema, table],
        ).fetchall()
    )


def totals(con: Connection, table: str, types: dict[str, str]) -> tuple[int, dict[str, str]]:
    """Rows, and every column of money added up exactly."""
    money = [name for name, kind in types.items() if kind.startswith("DECIMAL")]
    sums = "".join(f', cast(coalesce(sum("{name}"), 0) as varchar)' for name in money)
    count, *found = con.execute(f"select count(*){sums} from {table}").fetchone()
    return count, dict(zip(money, found, strict=True))


@contextmanager
def _attached(con: Connection, path: Path, more: str = "") -> Iterator[None]:
    """A new database file as `pub`, all of it in the file and let go on leaving."""
    con.execute(f"attach '{path}' as pub (storage_version '{STORAGE_VERSION}'{more})")
    try:
        yield
        con.execute("checkpoint pub")
    finally:
        con.execute("detach pub")


def _write(con: Connection, mart: Mart, types: dict[str, str], *, numbers_hidden: bool = False) -> None:
    # Lying by number, rows would tell how a hidden number begins: by their place among all of them.
    by = [] if numbers_hidden else [f'm."{name}"' for name in mart.read_by]
    order = f"order by {', '.join(by)}" if by else ""
    columns, joins = [], []
    for name, kind in types.items():
        column = mart.column(name)
        if numbers_hidden and column and column.is_customer_number:
            joins.append(f'left join numbers as n_{name} on cast(m."{name}" as varchar) = n_{name}.number')
            value = f'coalesce(n_{name}.hidden, cast(m."{name}" as varchar))'
            columns.append(f'cast({value} as {kind}) as "{name}"')
        elif PORTABLE.fullmatch(kind):
            columns.append(f'm."{name}"')
        else:
            columns.append(f'cast(m."{name}" as varchar) as "{name}"')
    con.execute(
        f'create table pub.main."{mart.name}" as '
        f"select {', '.join(columns)} from {mart.source} as m {' '.join(joins)} {order}"
    )
    _comment(con, mart, types)


def _comment(con: Connection, mart: Mart, types: dict[str, str]) -> None:
    """Labels and descriptions where BI tools show them."""
    told = [(f'table pub.main."{mart.name}"', mart.comment)]
    told += [
        (f'column pub.main."{mart.name}"."{name}"', column.comment)
        for name in types
        if (column := mart.column(name))
    ]
    said = [f"comment on {what} is {literal(text)}" for what, text in told if text]
    # At once: alone, each is a transaction that waits for the disk.
    con.execute("; ".join(["begin", *said, "commit"]))


def literal(text: str) -> str:
    """A text within SQL."""
    return "'" + text.replace("'", "''") + "'"


def _number_map(con: Connection, marts: tuple[Mart, ...], keyed: Keyed) -> None:
    """Make `numbers`: every customer number and its stand-in, the same in each publication."""
    import pandas as pd

    places = [
        (mart.source, column.name) for mart in marts for column in mart.columns if column.is_customer_number
    ]
    distinct = " union ".join(
        f'select cast("{column}" as varchar) from {source}' for source, column in places
    )
    con.execute("create or replace temp table numbers (number varchar, hidden varchar)")
    if not places:
        return
    con.execute(
        "create or replace temp table listed as "
        f"select row_number() over () as place, number from ({distinct}) as all_numbers (number)"
    )
    count = con.execute("select count(*) from listed").fetchone()[0]
    for start in range(0, count, NUMBERS_AT_ONCE):
        found = con.execute(
            "select number from listed where place > ? and place <= ? and number is not null",
            [start, start + NUMBERS_AT_ONCE],
        ).fetchall()
        said = [NUMBER.fullmatch(number) for (number,) in found]
        pairs = [(n[0], (n[1] or "") + keyed.number("customer", n[0])) for n in said if n]
        con.register("pairs", pd.DataFrame(pairs, columns=["number", "hidden"], dtype="object"))
        con.execute("insert into numbers from pairs")
        con.unregister("pairs")
