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
def opened(home: Home, file: str = "marketing") -> Iterator[Connection]:
    """The publication shown now; `file` bi: nobody's name. Raises ConfigError where there is none yet."""
    path = shown(home, file)
    if path is None:
        raise ConfigError("nothing is published yet: `firsthand run` first")
    with shared_file.reader(path) as con:
        yield con


def shown(home: Home, file: str = "marketing") -> Path | None:
    """The file of the publication shown now; None before the first."""
    path = home.serving / "current" / f"{file}.duckdb"
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
    exact = _exact(con, sorted(values)) if values else []
    if exact or "@" not in words:
        return Found(exact)
    return Found(_spelt_otherwise(con, words))


def _spelt_otherwise(con: Connection, address: str) -> list[str]:
    """Whoever gave another spelling of one mailbox: dots, plus tags."""
    wanted = normalise.email_match(address)
    if wanted is None:
        return []
    # However it is spelt, it begins like this: of a million addresses few are left to fold.
    local, _, domain = wanted.rpartition("@")
    has_dots_anywhere = domain in normalise.DOTLESS.values()
    value = "replace(contact_value, '.', '')" if has_dots_anywhere else "contact_value"
    known = rows(
        con,
        "select distinct customer_id, contact_value from customer_permissions"
        f" where channel = 'email' and starts_with({value}, ?)",
        local.replace(".", "") if has_dots_anywhere else local,
    )
    same = {row["customer_id"] for row in known if normalise.email_match(row["contact_value"]) == wanted}
    return sorted(same)


def _exact(con: Connection, values: list[str]) -> list[str]:
    """Whoever gave one of these as it stands."""
    # Each a value of its own: only such a comparison is made where the file is read.
    any_of = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    found = rows(
        con,
        f"""
        select customer_id from customer_permissions where contact_value in ({any_of})
        union select customer_id from customers where best_email in ({any_of})
        union select customer_id from customers where best_phone in ({any_of})
        order by customer_id
        """,
        *values,
    )
    return [row["customer_id"] for row in found]


def _by_group(con: Connection, group: str, number: str) -> Found:
    """Everybody in a household or account, its founder first."""
    found = rows(
        con,
        f"select customer_id from {group}_members where {group}_id = ? order by not is_founder, customer_id",
        number,
    )
    return Found([row["customer_id"] for row in found])


def whose(con: Connection, number: str) -> Row | None:
    """Of a number, its line in customer_crosswalk; nothing for one that was never given."""
    # That table lies by customer: a number still worn is found at once, for one that leads to another all
    # of it is read.
    found = rows(con, "from customer_crosswalk where customer_id = $1 and customer_number = $1", number)
    found = found or rows(con, "from customer_crosswalk where customer_number = ?", number)
    return found[0] if found else None


def _by_number(con: Connection, number: str) -> Found:
    known = whose(con, number)
    if known is None:
        return Found([])
    if known["status"] == "erased":
        return Found([], number, is_erased=True)
    now = str(known["customer_id"])
    return Found([now], number if now != number else None)
