"""Would we show this? Asked of the finished files, closed and opened again, as a reader would see them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.door.tombstones import EMAIL_LIKE
from pipelines.serving import aggregates, changes
from pipelines.serving.aggregates import Aggregate
from pipelines.serving.build import Connection, Written, column_types, totals
from pipelines.serving.contents import Mart

# Tables so small that half of them may go on any day.
SMALLEST_COUNT_TO_COMPARE = 20
E164 = r"\+[1-9][0-9]{7,14}"


@dataclass(frozen=True)
class Groups:
    """The aggregates as written, and of how many people a group must be."""

    written: Mapping[str, Aggregate] = field(default_factory=dict)
    smallest: int = 0


@dataclass(frozen=True)
class Case:
    """One finished snapshot and what it is measured against."""

    folder: Path
    marts: tuple[Mart, ...]
    written: Written
    data_until: str
    previous: Mapping[str, Any]
    smallest_share_of_last: float
    groups: Groups = Groups()


def reasons_against(case: Case) -> list[str]:
    """Why this must not be shown, in plain words; none is the answer one hopes for."""
    found: list[str] = []
    con = duckdb.connect()
    try:
        for name in ("marketing", "bi"):
            con.execute(f"attach '{case.folder / name}.duckdb' as {name} (read_only)")
        for mart in case.marts:
            found += _counts(con, case, mart)
            found += _keys(con, mart)
            found += _sums(con, case, mart)
            found += _direct_identifiers(con, mart)
        found += aggregates.reasons_against(con, case.folder, case.groups.written, case.groups.smallest)
        found += _freshness(case)
        found += _money(con)
    except duckdb.Error as error:
        found.append(f"the finished files cannot be read: {type(error).__name__}")
    finally:
        con.close()
    return found


def _counts(con: Connection, case: Case, mart: Mart) -> Iterator[str]:
    expected = case.written.counts[mart.name]
    sources = {"marketing.duckdb": f'marketing.main."{mart.name}"'}
    sources[f"{mart.name}.parquet"] = f"read_parquet('{case.folder / mart.name}.parquet')"
    if mart.public:
        sources["bi.duckdb"] = f'bi.main."{mart.name}"'
    for file, source in sources.items():
        count = totals(con, source, {})[0]
        if count != expected:
            yield f"{file}: {mart.name} has {count} rows, the warehouse has {expected}"
    if mart.name == changes.TABLE.name:
        return  # A log: what it told of people erased since leaves it, however many rows that is.
    last = case.previous.get("counts", {}).get(mart.name, 0)
    if last >= SMALLEST_COUNT_TO_COMPARE and expected < last * case.smallest_share_of_last:
        yield f"{mart.name} has {expected} rows, the last publication had {last}"


def _keys(con: Connection, mart: Mart) -> Iterator[str]:
    if not mart.primary_key:
        return
    for database in ("marketing", "bi"):
        if database == "bi" and not mart.public.issuperset(mart.primary_key):
            continue
        columns = ", ".join(f'"{name}"' for name in mart.primary_key)
        # Part of a compound key may be unknown, but not all of it; and even then it is there only once.
        is_empty = " and ".join(f'"{name}" is null' for name in mart.primary_key)
        doubles, empty = con.execute(
            f"""
            select count(*) - count(distinct ({columns}, 1)), count(*) filter (where {is_empty})
            from {database}.main."{mart.name}"
            """
        ).fetchone()
        if doubles or empty:
            yield f"{database}: {mart.name} has {doubles} repeated and {empty} empty keys ({columns})"


def _sums(con: Connection, case: Case, mart: Mart) -> Iterator[str]:
    types = column_types(con, "marketing", "main", mart.name)
    found = totals(con, f'marketing.main."{mart.name}"', types)[1]
    for name, total in case.written.sums[mart.name].items():
        if found.get(name) != total:
            yield f"{mart.name}.{name} adds up to {found.get(name)}, in the warehouse to {total}"


def _direct_identifiers(con: Connection, mart: Mart) -> Iterator[str]:
    """Whatever the marks say: an address or a number in bi.duckdb is a mark somebody forgot."""
    if mart.is_marketing_only:
        return
    if not mart.public:
        yield f"bi: no column of {mart.name} is described and free of pii, so it would be missing there"
    texts = [n for n, kind in column_types(con, "bi", "main", mart.name).items() if kind == "VARCHAR"]
    for name in texts:
        count = con.execute(
            f"""
            select count(*) from bi.main."{mart.name}"
            where regexp_matches("{name}", '{EMAIL_LIKE}\\.[a-zA-Z]')
                or regexp_full_match("{name}", '{E164}')
            """
        ).fetchone()[0]
        if count:
            yield f"bi: {mart.name}.{name} holds {count} e-mail addresses or phone numbers; mark it pii"


def _freshness(case: Case) -> Iterator[str]:
    last = case.previous.get("data_until") or ""
    if case.data_until < last:
        yield (
            f"the warehouse knows nothing after {case.data_until or 'the beginning'}, "
            f"the last publication went to {last}"
        )


def _money(con: Connection) -> Iterator[str]:
    """Customers' totals and the row "unattributed or erased" are the orders' sum, to the cent."""
    orders = column_types(con, "marketing", "main", "orders")
    shares = column_types(con, "marketing", "main", "revenue_by_customer")
    for name in sorted({n for n, kind in orders.items() if kind.startswith("DECIMAL")} & set(shares)):
        query = 'select coalesce(sum("{}"), 0) from marketing.main.{}'
        ordered, attributed = (
            con.execute(query.format(name, table)).fetchone()[0]
            for table in ("orders", "revenue_by_customer")
        )
        if ordered != attributed:
            yield f"{name}: orders add up to {ordered}, customers with the unattributed row to {attributed}"
