"""Reading what is published, like everybody else: serving/current, through a connection that can do no more.

Also whom a number, an e-mail address or a phone means, however it is spelt.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines import normalise, shared_file
from pipelines.config import ConfigError
from pipelines.home import Home

NUMBER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
GROUP = re.compile(rf"(household|account)-{NUMBER.pattern}")
Row = dict[str, Any]
Connection = shared_file.Connection


@contextlib.contextmanager
def opened(home: Home) -> Iterator[Connection]:
    """The publication shown now. Raises ConfigError where there is none yet."""
    path = shown(home)
    if path is None:
        raise ConfigError("nothing is published yet: `firsthand run` first")
    with shared_file.reader(path) as con:
        yield con


def shown(home: Home) -> Path | None:
    """The file of the publication shown now; None before the first."""
    path = home.serving / "current" / "marketing.duckdb"
    # Resolved: a publication meanwhile must not change the file under an open connection.
    return path.resolve() if path.exists() else None


def rows(con: Connection, query: str, *values: Any) -> list[Row]:
    """`values`: in the order of the question marks, or one mapping of names."""
    named = len(values) == 1 and isinstance(values[0], Mapping)
    found = con.execute(query, dict(values[0]) if named else list(values))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@dataclass(frozen=True)
class Found:
    """Whom a number, an address or a phone means; `old_number` where it was answered by another."""

    customer_ids: list[str]
    old_number: str | None = None
    is_erased: bool = False


def find(con: Connection, words: str, regions: Iterable[str]) -> Found:
    """By number, old ones included, of a customer, household or account; else by e-mail or phone."""
    words = words.strip()
    if group := GROUP.fullmatch(words.lower()):
        return _by_group(con, group[1], group[0])
    if NUMBER.fullmatch(words.lower()):
        return _by_number(con, words.lower())
    phones = {normalise.phone_e164(words, region) for region in regions}
    values = {normalise.email_contact(words), *phones} - {None}
    if not values and "@" not in words:
        return Found([])
    exact = rows(
        con,
        "select distinct customer_id from customer_permissions where list_contains(?, contact_value)"
        " union select customer_id from customers where list_contains(?, best_email)"
        " or list_contains(?, best_phone) order by all",
        *[sorted(values)] * 3,
    )
    if exact or "@" not in words:
        return Found([row["customer_id"] for row in exact])
    # Another spelling of one mailbox: dots, plus tags.
    wanted = normalise.email_match(words)
    known = rows(
        con, "select distinct customer_id, contact_value from customer_permissions where channel = 'email'"
    )
    same = {r["customer_id"] for r in known if normalise.email_match(r["contact_value"]) == wanted}
    return Found(sorted(same))


def _by_group(con: Connection, group: str, number: str) -> Found:
    """Everybody in a household or account, its founder first."""
    found = rows(
        con,
        f"select customer_id from {group}_members where {group}_id = ? order by not is_founder, customer_id",
        number,
    )
    return Found([row["customer_id"] for row in found])


def _by_number(con: Connection, number: str) -> Found:
    known = rows(con, "from customer_crosswalk where customer_number = ?", number)
    if not known:
        return Found([])
    if known[0]["status"] == "erased":
        return Found([], number, is_erased=True)
    now = str(known[0]["customer_id"])
    return Found([now], number if now != number else None)
