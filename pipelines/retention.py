"""How long people are kept: until so long after their last own act, by country (seeds/retention.csv).

`customers.purge_on` is that day. Nobody is purged by a run: somebody asks for it. Purging is erasing, without
tombstones of addresses and numbers: nobody objected, and who comes back is welcome.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from connectors.landing import write_durably
from pipelines import clock, raw, reading
from pipelines.company import Company
from pipelines.door import command, erasures, holds
from pipelines.door.erasures import Channel
from pipelines.erasure import plan
from pipelines.erasure.plan import Doubtful, OnHold
from pipelines.keyed import Keyed
from pipelines.warehouse_file import warehouse

NOTICE = """
    select customer_id, purge_on from customers
    where purge_on > $1 and purge_on <= $1 + to_days($2) order by purge_on, customer_id
"""
DUE = "select customer_id, purge_on from customers where purge_on <= $1 order by purge_on, customer_id"
RETENTION: Channel = "retention"


@dataclass(frozen=True)
class Due:
    customer_id: str
    purge_on: date
    is_held: bool = False


def due(company: Company, day: date) -> list[Due]:
    """Whose time is over on `day`, the longest first; those on hold are marked."""
    return _marked(company, DUE, day)


def noticed(company: Company, day: date, notice_days: int) -> list[Due]:
    """Whose time ends within so many days: to be asked whether they want to stay, where we still may ask."""
    return _marked(company, NOTICE, day, notice_days)


def _marked(company: Company, query: str, *values: object) -> list[Due]:
    with reading.opened(company.home) as con:
        found = reading.rows(con, query, *values)
        numbers = {row["customer_id"]: set() for row in found}
        for row in reading.rows(con, "select customer_number, customer_id from customer_crosswalk"):
            if row["customer_id"] in numbers:
                numbers[row["customer_id"]].add(row["customer_number"])
    with warehouse(company.home) as con:
        raw.ensure(con)
        on_hold = holds.held(con)
    return [
        Due(row["customer_id"], row["purge_on"], bool(numbers[row["customer_id"]] & on_hold)) for row in found
    ]


@dataclass
class Purge:
    """What was asked for: the requests in the inbox, and who stays (numbers), being in doubt or on hold."""

    day: date
    requests: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)


def ask_to_purge(company: Company, found: Sequence[Due], day: date, made_by: str) -> Purge:
    """Leave one request a person in the inbox."""
    keyed, now, purge = Keyed.of(company.secrets), clock.ingest_time(), Purge(day)
    with warehouse(company.home) as con:
        raw.ensure(con)
        for one in found:
            try:
                whole = plan.of_customer(con, raw.known_streams(), one.customer_id)
            except OnHold:
                purge.held.append(one.customer_id)
                continue
            except Doubtful:
                purge.doubtful.append(one.customer_id)
                continue
            stones = whole.stones(keyed, now, with_values=False)
            said = erasures.request(
                stones, made_by, now, RETENTION, "none", whole.extent_with({}), has_objected=False
            )
            command.send(company.home, said)
            purge.requests.append(said.id)
    return purge


REPORT = """
    select
        count(*) as people,
        coalesce(sum((extent ->> '$.records')::bigint), 0) as records,
        coalesce(sum((extent ->> '$.orders')::bigint), 0) as orders,
        max(swept_at) as done_at
    from door.erasures where swept_at is not null and list_contains(?::varchar[], erasure_id)
"""


def report(company: Company, purge: Purge, made_by: str, text: str) -> Path:
    """What became of it, for whoever has to show it: exports/retention/<day>-<time>.txt, 0600, nobody's name.

    `text` is the form of it in a language. Who stays is named by number.
    """
    with warehouse(company.home, read_only=True) as con:
        [done] = reading.rows(con, REPORT, purge.requests)
    now = clock.ingest_time()
    told = {
        "company": company.config.company,
        "day": purge.day,
        "made": f"{now:%Y-%m-%d %H:%M} UTC",
        "by": made_by,
        "asked": len(purge.requests),
        "doubtful": ", ".join(purge.doubtful) or "-",
        "held": ", ".join(purge.held) or "-",
        **done,
        "done_at": f"{done['done_at']:%Y-%m-%d %H:%M} UTC" if done["done_at"] else "-",
    }
    folder = company.home.exports / "retention"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{purge.day}-{now:%Y%m%dT%H%M%S}.txt"
    write_durably(path, text.format(**told).encode())
    return path
