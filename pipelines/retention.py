"""How long people are kept: until so long after their last own act, by country (seeds/retention.csv).

`customers.purge_on` is that day. Nobody is purged by a run: somebody asks for it. Purging is erasing, without
tombstones of addresses and numbers: nobody objected, and who comes back is welcome.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines import clock, raw, reading
from pipelines.company import Company
from pipelines.door import command, erasures, holds
from pipelines.door.erasures import Channel
from pipelines.erasure import plan
from pipelines.erasure.plan import Doubtful
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


def ask_to_purge(company: Company, found: Sequence[Due], made_by: str) -> tuple[int, list[str]]:
    """Leave one request a person in the inbox; how many, and the numbers left out, being in doubt."""
    keyed, now, count, doubtful = Keyed.of(company.secrets), clock.ingest_time(), 0, []
    with warehouse(company.home) as con:
        raw.ensure(con)
        for one in found:
            if one.is_held:
                continue
            try:
                whole = plan.of_customer(con, raw.known_streams(), one.customer_id)
            except Doubtful:
                doubtful.append(one.customer_id)
                continue
            stones = whole.stones(keyed, now, with_values=False)
            said = erasures.request(
                stones, made_by, now, RETENTION, "none", whole.extent_with({}), has_objected=False
            )
            command.send(company.home, said)
            count += 1
    return count, doubtful
