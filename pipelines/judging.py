"""Judging two records from the command line: whom the words mean, what stands already, what would come of it.

Read from the published tables and the commands that wait in the inbox; nothing is decided here, and the
warehouse is not opened.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipelines.config import ConfigError
from pipelines.door import commands
from pipelines.door.judgements import Said
from pipelines.home import Home
from pipelines.judge_words import say
from pipelines.reading import NUMBER, Connection, Row, rows

Pair = tuple[str, str]


class Refused(Exception):
    """A judgement that would change nothing, or means nobody in particular; the text says why."""


@dataclass(frozen=True)
class Standing:
    """The newest judgement on a pair, in force or still waiting in the inbox."""

    pair: Pair
    verdict: str
    judged_by: str
    judged_at: datetime
    reason: str | None
    customers: tuple[str | None, str | None] = (None, None)
    is_waiting: bool = False
    is_in_effect: bool | None = None


@dataclass(frozen=True)
class Side:
    """One of the two: a record, whose it is today, and whether it was named by its customer's number."""

    profile_id: str
    customer_id: str
    is_number: bool = False


def ordered(left: str, right: str) -> Pair:
    return (left, right) if left <= right else (right, left)


# -- what stands -------------------------------------------------------------------------------------


def standing(con: Connection, home: Home) -> dict[Pair, Standing]:
    """Every pair judged, by its newest judgement."""
    found = {}
    for row in published(con, "from judgements"):
        pair = (row["left_profile_id"], row["right_profile_id"])
        found[pair] = Standing(
            pair,
            row["verdict"],
            row["judged_by"],
            row["judged_at"],
            row["reason"],
            (row["left_customer_id"], row["right_customer_id"]),
            is_in_effect=row["is_in_effect"],
        )
    for said in commands.said(home, Said):
        pair = ordered(said.left, said.right)
        found[pair] = Standing(
            pair,
            said.verdict,
            said.made_by,
            said.made_at,
            said.reason,
            (_customer_of(con, pair[0]), _customer_of(con, pair[1])),
            is_waiting=True,
        )
    return found


def published(con: Connection, query: str, *values: str) -> list[Row]:
    """Rows of a table that older publications do not have."""
    try:
        return rows(con, query, *values)
    except duckdb.CatalogException:
        return []


def _customer_of(con: Connection, profile_id: str) -> str | None:
    found = rows(con, "from customer_profiles where profile_id = ?", profile_id)
    return found[0]["customer_id"] if found else None


# -- whom the words mean -----------------------------------------------------------------------------


def two_sides(con: Connection, one: str, other: str | None, language: str) -> tuple[Side, Side]:
    """The records two words mean. A number alone, or two of one customer, means both its records.

    Raises ConfigError for what nobody knows, Refused for what means several.
    """
    sides = [side_of(con, word, language) for word in (one, other) if word is not None]
    if len(sides) == 2 and sides[0].profile_id != sides[1].profile_id:
        return sides[0], sides[1]
    members = records(con, sides[0].customer_id)
    if len(members) == 2 and all(side.is_number for side in sides):
        return Side(members[0], sides[0].customer_id), Side(members[1], sides[0].customer_id)
    if len(members) == 1:
        raise Refused(say(language, "one_record", number=sides[0].customer_id))
    listed = "".join(f"\n  {member}" for member in members)
    raise Refused(say(language, "name_two", number=sides[0].customer_id, count=len(members)) + listed)


def side_of(con: Connection, word: str, language: str) -> Side:
    """A record by its id, or the founder of the customer a number means; raises ConfigError, Refused."""
    word = word.strip()
    if not NUMBER.fullmatch(word.lower()):
        customer_id = _customer_of(con, word)
        if customer_id is None:
            raise ConfigError(say(language, "unknown", word=word))
        return Side(word, customer_id)
    known = rows(con, "from customer_crosswalk where customer_number = ?", word.lower())
    if not known:
        raise ConfigError(say(language, "unknown", word=word))
    if known[0]["status"] == "erased":
        raise Refused(say(language, "erased", word=word))
    customer_id = known[0]["customer_id"]
    return Side(records(con, customer_id)[0], customer_id, is_number=True)


def records(con: Connection, customer_id: str) -> list[str]:
    """A customer's records, the founder first."""
    found = rows(
        con,
        "select profile_id from customer_profiles where customer_id = ?"
        " order by first_seen_at, created_at nulls last, profile_id",
        customer_id,
    )
    return [row["profile_id"] for row in found]


def judged(con: Connection, home: Home, one: str, other: str | None, language: str) -> Standing:
    """The one judgement in force that two words, or one, mean. Raises Refused naming those it might be."""
    found = [
        s for s in standing(con, home).values() if s.verdict != "withdrawn" and _means(con, s, one, other)
    ]
    if len(found) == 1:
        return found[0]
    listed = "".join(f"\n  {s.pair[0]} {s.pair[1]}" for s in found)
    raise Refused(say(language, "which_judgement" if found else "not_judged") + listed)


def _means(con: Connection, judgement: Standing, one: str, other: str | None) -> bool:
    def is_side(word: str, place: int) -> bool:
        if judgement.pair[place] == word.strip():
            return True
        customer_id = judgement.customers[place]
        known = rows(con, "from customer_crosswalk where customer_number = ?", word.strip().lower())
        return customer_id is not None and customer_id in {row["customer_id"] for row in known}

    if other is None:
        return is_side(one, 0) or is_side(one, 1)
    return (is_side(one, 0) and is_side(other, 1)) or (is_side(one, 1) and is_side(other, 0))
