"""A past outage: what was missing while it lasted, and what part of it was bought in the two days after.

Amounts are the company's currency, net of what was returned since. Times are its own clock.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pipelines import reading
from pipelines.config import Config
from pipelines.home import Home
from pipelines.ownership.losses import Loss
from pipelines.ownership.published import FEWEST, day_of, opened, sql
from pipelines.reading import Connection, Row


@dataclass(frozen=True)
class WasOut:
    """`found`: the row of was_out.sql, where `catch_up` is None unless its status is told."""

    loss: Loss
    hours: int
    found: Row
    configured: float
    currency: str

    def figures(self) -> Row:
        asked = {"platforms": list(self.loss.words), "hours": self.hours}
        return {**asked, **self.found, "configured": self.configured, "currency": self.currency}


def run(home: Home, settings: Config, loss: Loss, start: datetime, hours: int) -> WasOut:
    """Ask what is published. `start` without an offset is the company's clock. Raises ConfigError."""
    with opened(home) as con:
        return ask(con, settings, loss, start, hours, day_of(home))


def ask(con: Connection, settings: Config, loss: Loss, start: datetime, hours: int, day: date) -> WasOut:
    """The same of any open connection, as of `day`."""
    if start.tzinfo:
        start = start.astimezone(ZoneInfo(settings.time_zone)).replace(tzinfo=None)
    asked = {
        "touches": loss.touches, "start": start, "hours": hours, "zone": settings.time_zone,
        "day": day, "fewest": FEWEST,
    }  # fmt: skip
    (found,) = reading.rows(con, sql("was_out"), asked)
    return WasOut(loss, hours, found, settings.ownership.catch_up, settings.currency)
