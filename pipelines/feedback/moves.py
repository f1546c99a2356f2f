"""Which moves a platform is to be told of now: new ones, and told ones that were taken back."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import duckdb

from pipelines.company import Company
from pipelines.keyed import Keyed
from pipelines.reading import Row, rows

Connection = duckdb.DuckDBPyConnection
MOVES = Path(__file__).with_name("moves.sql").read_text(encoding="utf-8")
KIND = "feedback"


@dataclass(frozen=True)
class Recipient:
    """`platform`: ours. `stages`: those it is told of. Older leads and older moves it does not take."""

    name: str
    platform: str
    stages: tuple[str, ...]
    lead_age: timedelta | None = None
    move_age: timedelta | None = None


BUYING = ("prospect", "first_time_customer", "repeat_customer", "loyal_customer", "ambassador")
RECIPIENTS = {
    # Clicks older than 90 days are refused (support.google.com/google-ads/answer/7014069).
    "google": Recipient("google", "google_ads", BUYING, lead_age=timedelta(days=90)),
    # Moves longer than seven days ago are; it wants to be told of the first stage as well.
    "meta": Recipient("meta", "meta", ("lead", *BUYING), move_age=timedelta(days=7)),
}


@dataclass(frozen=True)
class Move:
    """One lead that reached a stage. `reference` says which to the recipient, and nothing of the person."""

    customer_id: str
    own_id: str
    click_id: str | None
    led_at: datetime
    stage: str
    moved_at: datetime
    amount: Decimal | None
    currency: str | None
    reference: str


@dataclass(frozen=True)
class News:
    """`taken_back`: references and names, as they were told. `too_old`: never told, and taken no more."""

    new: list[Move]
    taken_back: list[tuple[str, str]]
    too_old: int


def news(con: Connection, company: Company, recipient: Recipient, at: datetime) -> News:
    """Raises MissingKey, and duckdb.CatalogException where nothing is built."""
    keyed, told = Keyed.of(company.secrets), _told(con, recipient)
    new, back, too_old = [], [], 0
    found = rows(con, MOVES, {"platform": recipient.platform, "zone": company.config.time_zone})
    for (_, stage), leads in groupby(found, key=lambda row: (row["customer_id"], row["stage"])):
        each = list(leads)
        # Told by one lead of theirs, a move is not told again by another that came to light since.
        before = [one for row in each for one in _references(keyed, recipient, row) if one in told]
        if before:
            back += [(one, told[one].name) for one in before if each[0]["is_taken_back"] and told[one].stands]
        elif stage in recipient.stages and not each[0]["is_taken_back"]:
            if _is_too_old(each[0], recipient, at):
                too_old += 1
            else:
                new.append(_move(keyed, recipient, each[0]))
    return News(sorted(new, key=lambda move: (move.moved_at, move.reference)), back, too_old)


@dataclass(frozen=True)
class _Before:
    """What was told, under which name; `stands`: not withdrawn since."""

    name: str
    stands: bool


def _told(con: Connection, recipient: Recipient) -> dict[str, _Before]:
    """By reference."""
    found = con.execute(
        "select reference, name, withdrawn_at is null from door.feedback where recipient = ?",
        [recipient.name],
    )
    return {reference: _Before(*said) for reference, *said in found.fetchall()}


def _is_too_old(row: Row, recipient: Recipient, at: datetime) -> bool:
    ages = ((recipient.lead_age, row["led_at"]), (recipient.move_age, row["moved_at"]))
    return any(longest and at - since > longest for longest, since in ages)


def _references(keyed: Keyed, recipient: Recipient, row: Row) -> list[str]:
    """Under the key in use first, then under those before it."""
    keys = (keyed, *(keyed.of_version(version) for version in keyed.older))
    return [key.number(KIND, f"{recipient.name}:{row['lead_id']}:{row['stage']}") for key in keys]


def _move(keyed: Keyed, recipient: Recipient, row: Row) -> Move:
    names = (field.name for field in fields(Move) if field.name != "reference")
    return Move(**{name: row[name] for name in names}, reference=_references(keyed, recipient, row)[0])
