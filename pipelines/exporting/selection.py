"""Whom an export asks for: an audience, a condition on the published customer table, or a list of numbers."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config import ConfigError
from pipelines.reading import NUMBER, Connection, rows

# They leave by the channel that was asked about and by no other.
ADDRESSES = ("best_email", "best_phone", "postal_address")
ALWAYS = ("customer_id", "display_name", "first_name", "last_name", "language")


@dataclass(frozen=True)
class Selection:
    """Rows of `customers`, in the order of their numbers; `digest` names the question, and nobody in it.

    `audience` and its saved `version` (0: as shipped), where it was one.
    """

    people: list[dict[str, Any]]
    columns: tuple[str, ...]
    digest: str
    audience: str | None = None
    version: int | None = None


def by_condition(con: Connection, condition: str, more: Sequence[str] = ()) -> Selection:
    """Those for whom a condition on the customer table holds, such as `stage = 'ambassador'`.

    Raises ConfigError where it cannot be read. The connection can do nothing but read what is published.
    """
    columns = _columns(con, more)
    query = f"select {', '.join(columns)} from customers where ({condition}\n) order by customer_id"
    try:
        if len(con.extract_statements(query)) != 1:
            raise ConfigError("--where is one condition on the customer table")
        return Selection(_named(rows(con, query)), columns, _digest(condition))
    except duckdb.Error as error:
        raise ConfigError(f"--where: {str(error).splitlines()[0]}") from None


def by_list(con: Connection, path: Path, more: Sequence[str] = ()) -> Selection:
    """Those whose numbers stand in the first column of a CSV file, old numbers too. Raises ConfigError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            words = [line[0].strip().lower() for line in csv.reader(file) if line and line[0].strip()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path.name}: {error}") from None
    numbers = [word for word in words if NUMBER.fullmatch(word)]
    if not numbers:
        raise ConfigError(f"{path.name} has no customer number in its first column")
    columns = _columns(con, more)
    found = rows(
        con,
        f"select distinct {', '.join(f'customers.{name}' for name in columns)}"
        " from customer_crosswalk as numbers"
        " inner join customers on numbers.customer_id = customers.customer_id"
        " where list_contains(?, numbers.customer_number) order by customers.customer_id",
        numbers,
    )
    return Selection(_named(found), columns, _digest("\n".join(sorted(set(numbers)))))


def from_query(
    con: Connection, query: str, values: Mapping[str, Any], meant: str, more: Sequence[str] = ()
) -> Selection:
    """Those whose numbers a query of ours gives; `meant` says in full what was asked."""
    columns = _columns(con, more)
    found = rows(
        con,
        f"select {', '.join(columns)} from customers where customer_id in ({query}) order by customer_id",
        values,
    )
    return Selection(_named(found), columns, _digest(meant))


def _named(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whoever has no name is called by an address or number in our own lists, and by nothing outside."""
    return [one if one["first_name"] or one["last_name"] else one | {"display_name": None} for one in people]


def without_addresses(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `customers` for whoever did not ask by which channel they may be written to."""
    return [one | dict.fromkeys(ADDRESSES) for one in _named(people)]


def _columns(con: Connection, more: Sequence[str]) -> tuple[str, ...]:
    known = {row["column_name"] for row in rows(con, "select column_name from (describe customers)")}
    unknown = [name for name in more if name not in known]
    if unknown:
        raise ConfigError(f"no column of customers: {', '.join(unknown)}")
    held = [name for name in more if name in ADDRESSES]
    if held:
        raise ConfigError(f"{', '.join(held)}: the point of the channel is in `contact`, and no other leaves")
    return (*ALWAYS, *(name for name in dict.fromkeys(more) if name not in ALWAYS))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def by_end(
    con: Connection, channel: str, purpose: str, day: date, days: int, more: Sequence[str] = ()
) -> Selection:
    """Those whose permission by this channel ends within so many days after `day`: while one may still ask.

    Read from what is published; the day itself is asked anew by the export.
    """
    columns = _columns(con, more)
    query = (
        f"select {', '.join(columns)} from customers where customer_id in ("
        " select customer_id from permissions_expiring where channel = ? and purpose = ?"
        " and expires_on > ?::date and expires_on <= ?::date + ?::integer) order by customer_id"
    )
    try:
        found = rows(con, query, channel, purpose, day, day, days)
    except duckdb.CatalogException:
        raise ConfigError(
            "what is published does not say what ends when yet: `firsthand run` first"
        ) from None
    return Selection(_named(found), columns, _digest(f"expiring within {days} days of {day}"))
