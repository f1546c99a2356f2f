"""Figures for whoever may see no person: aggregate_<name>.parquet, groups of people and their sums.

Each question (aggregates/<name>.sql) yields rows of persons; how they become groups is decided here, once: a
group of fewer people than `publication.smallest_group` is not there. All such are one row, "(other)", and if
they are still too few, the smallest groups that are left join them: so the sums stay whole, and no hidden
group can be told by taking the shown ones from the sum.

Limit: not anonymous. Two publications, or two files, may be compared, and one person may be most of a sum.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.door.tombstones import EMAIL_LIKE

Connection = duckdb.DuckDBPyConnection
QUESTIONS = Path(__file__).resolve().parent / "aggregates"
PREFIX, PERSON, PEOPLE = "aggregate_", "person", "people"
OTHER, UNKNOWN = "(other)", "(unknown)"
READS = re.compile(r"^-- reads (\w+): (.+)$", re.M)
# An address, a phone or a customer number: what no group is called by.
SOMEBODY = rf"{EMAIL_LIKE}\.[a-zA-Z]|^\+[1-9][0-9]{{7,14}}$|[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}"


@dataclass(frozen=True)
class Aggregate:
    """What was written: groups, and every measure added up in the warehouse; `flags` say of how many."""

    rows: int
    sums: Mapping[str, str]
    flags: tuple[str, ...] = ()


def names() -> list[str]:
    return sorted(path.stem for path in QUESTIONS.glob("*.sql"))


def reads(name: str) -> dict[str, list[str]]:
    """The columns that a question reads, by table."""
    said = READS.findall((QUESTIONS / f"{name}.sql").read_text(encoding="utf-8"))
    return {table: columns.replace(" ", "").split(",") for table, columns in said}


def write(con: Connection, folder: Path, smallest: int) -> dict[str, Aggregate]:
    """All questions whose tables are there, from the warehouse that is attached; by name of the file."""
    there: dict[str, set[str]] = {}
    for table, column in con.execute(
        "select table_name, column_name from duckdb_columns()"
        " where database_name = 'warehouse' and schema_name = 'marts'"
    ).fetchall():
        there.setdefault(table, set()).add(column)
    written = {}
    con.execute("use warehouse.marts")
    try:
        for name in names():
            if all(there.get(table, set()).issuperset(columns) for table, columns in reads(name).items()):
                path = folder / f"{PREFIX}{name}.parquet"
                written[path.stem] = _write(con, (QUESTIONS / f"{name}.sql").read_text(), path, smallest)
    finally:
        con.execute("use memory.main")
    return written


def _write(con: Connection, question: str, path: Path, smallest: int) -> Aggregate:
    con.execute(f"create or replace temp table asked as {question}")
    columns = {name: kind for name, kind, *_ in con.execute("describe temp.main.asked").fetchall()}
    groups = [name for name, kind in columns.items() if kind == "VARCHAR" and name != PERSON]
    flags = [name for name, kind in columns.items() if kind == "BOOLEAN"]
    measures = {
        # As every reader of Parquet knows them: sums of whole numbers would be 128 bits wide.
        name: f'cast(coalesce(sum("{name}"), 0) as {"decimal(18, 2)" if "DECIMAL" in kind else "bigint"})'
        for name, kind in columns.items()
        if kind not in ("VARCHAR", "BOOLEAN")
    }
    by = ", ".join(f'"{name}"' for name in groups)
    con.execute(
        "create or replace temp table grouped as"
        f" select *, dense_rank() over (order by {by}) as place, false as hidden from temp.main.asked"
    )
    hide_small(con, smallest)
    told = [
        *(f"if(hidden, '{OTHER}', coalesce(\"{name}\", '{UNKNOWN}')) as \"{name}\"" for name in groups),
        f"count(distinct {PERSON}) as {PEOPLE}",
        *(f'{_unless_few(name, smallest)} as "{name}"' for name in flags),
        *(f'{added} as "{name}"' for name, added in measures.items()),
    ]
    con.execute(
        f"copy (select {', '.join(told)} from temp.main.grouped group by all order by all)"
        f" to '{path}' (compression zstd)"
    )
    rows = con.execute(f"select count(*) from read_parquet('{path}')").fetchone()[0]
    whole = "".join(f", cast({added} as varchar)" for added in measures.values())
    _, *sums = con.execute(f"select null{whole} from temp.main.asked").fetchone()
    return Aggregate(rows, dict(zip(measures, sums, strict=True)), tuple(flags))


def _unless_few(flag: str, smallest: int) -> str:
    """Of how many it holds; empty where it holds of a few, or of all but a few."""
    holds = f'count(distinct {PERSON}) filter (where "{flag}")'
    left = f"count(distinct {PERSON}) - {holds}"
    return f"if({_is_few(holds, smallest)} or {_is_few(left, smallest)}, null, {holds})"


def _is_few(count: str, smallest: int) -> str:
    return f"{count} between 1 and {smallest - 1}"


def hide_small(con: Connection, smallest: int, most: int | None = None) -> None:
    """Mark in `grouped` what is told as "(other)"; drop everything where even all are too few.

    `most`: how many groups at most are told beside it, the largest.
    """
    sizes = con.execute(
        f"select place, count(distinct {PERSON}) from temp.main.grouped group by place"
        f" order by count(distinct {PERSON}), place"
    ).fetchall()
    small = [place for place, people in sizes if people < smallest]
    left = [place for place, people in sizes if people >= smallest]
    if most is not None and len(left) > most:
        small, left = [*small, *left[:-most]], left[-most:]
    count = f"select count(distinct {PERSON}) from temp.main.grouped where list_contains(?, place)"
    while small and con.execute(count, [small]).fetchone()[0] < smallest:
        if not left:
            con.execute("delete from temp.main.grouped")
            break
        small.append(left.pop(0))
    con.execute("update temp.main.grouped set hidden = true where list_contains(?, place)", [small])


def reasons_against(
    con: Connection, folder: Path, written: Mapping[str, Aggregate], smallest: int
) -> Iterator[str]:
    """Of the finished files: a group too small, somebody's address or number, a sum that is none."""
    for name, aggregate in written.items():
        source = f"read_parquet('{folder / name}.parquet')"
        kinds = {column: kind for column, kind, *_ in con.execute(f"describe from {source}").fetchall()}
        added = "".join(f', cast(coalesce(sum("{one}"), 0) as varchar)' for one in aggregate.sums)
        rows, least, *sums = con.execute(f"select count(*), min({PEOPLE}){added} from {source}").fetchone()
        if rows != aggregate.rows:
            yield f"{name}.parquet has {rows} rows, {aggregate.rows} were written"
        if least is not None and least < smallest:
            yield f"{name}.parquet has a group of {least} people, fewer than {smallest}"
        if rows and (
            wrong := [n for n, s in zip(aggregate.sums, sums, strict=True) if s != aggregate.sums[n]]
        ):
            yield f"{name}.parquet adds up to something else than the warehouse: {', '.join(wrong)}"
        for flag in aggregate.flags:
            few = f"{_is_few(flag, smallest)} or {_is_few(f'{PEOPLE} - {flag}', smallest)}"
            if con.execute(f"select exists (from {source} where {few})").fetchone()[0]:
                yield f"{name}.parquet says {flag} of fewer than {smallest} people"
        for column in (column for column, kind in kinds.items() if kind == "VARCHAR"):
            found = con.execute(
                f'select count(*) from {source} where regexp_matches("{column}", ?)', [SOMEBODY]
            ).fetchone()[0]
            if found:
                yield f"{name}.parquet: {column} holds {found} addresses or numbers of people"
