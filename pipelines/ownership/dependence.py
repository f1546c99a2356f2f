"""How much hangs on one platform, how concentrated what is rented is, how much is ours; month by month.

Shares are 0 to 1, the index 0 to 100, concentration 0 to 10,000. All of the year before the day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipelines import reading
from pipelines.config import Config, ConfigError
from pipelines.home import Home
from pipelines.ownership import losses
from pipelines.ownership.published import FEWEST, day_of, opened, sql
from pipelines.reading import Connection, Row

MONTHS = 12


@dataclass(frozen=True)
class Dependence:
    """`months`: one row a month's end, the last of `day`; `sources`: of `day`; `moved`: since last month."""

    day: date
    known: int
    reachable: int
    followers: int
    months: list[Row]
    sources: list[Row]
    moved: Row | None

    @property
    def now(self) -> Row:
        return self.months[-1]

    def audience(self) -> dict[str, Any]:
        """Whom we know and reach, how many for each follower, and the source whose part moved most."""
        told = {"known": self.known, "reachable": self.reachable, "followers": self.followers}
        per_follower = self.reachable / self.followers if self.followers else None
        return {**told, "reachable_per_follower": per_follower, "moved": self.moved}

    def figures(self) -> dict[str, Any]:
        """What is kept of it: nobody's number."""
        now = self.now
        index = None if now["status"] != "told" or now["dependence"] is None else round(now["dependence"], 2)
        return {"known": self.known, "reachable": self.reachable, "index": index, "most_on": now["most_on"]}


def run(home: Home, settings: Config) -> Dependence:
    """Ask what is published. Raises ConfigError where that is not there, or is older than the index."""
    with opened(home) as con:
        return ask(con, settings, day_of(home))


def ask(con: Connection, settings: Config, day: date) -> Dependence:
    """The same of any open connection. Raises ConfigError where there is nothing to tell of."""
    con.execute(sql("depended"), {"days": [*month_ends(day), day]})
    try:
        months = reading.rows(con, sql("concentration"), {"fewest": FEWEST})
        if not months or months[-1]["day"] != day:
            raise ConfigError(
                "no customer has bought anything in a year, nor is anybody reached by a platform"
            )
        people = reading.rows(
            con,
            "select count(*) as known, count(*) filter (where len(owned_channels) > 0) as reachable"
            " from customer_ownership",
        )[0]
        return Dependence(
            day,
            people["known"],
            people["reachable"],
            sum(one.count for one in losses.followers(settings).values()),
            months,
            reading.rows(
                con, "from depended where day = ? order by new_count desc, revenue desc, source", day
            ),
            _moved(con, day),
        )
    finally:
        con.execute("drop table temp.depended")


def month_ends(day: date) -> list[date]:
    """The last days of the months before, oldest first."""
    found: list[date] = []
    last = day.replace(day=1) - timedelta(days=1)
    while len(found) < MONTHS:
        found.append(last)
        last = last.replace(day=1) - timedelta(days=1)
    return found[::-1]


def _moved(con: Connection, day: date) -> Row | None:
    """The source whose part changed most since the end of the month before."""
    asked = {"now": day, "then": month_ends(day)[-1], "fewest": FEWEST}
    return next(iter(reading.rows(con, sql("moved"), asked)), None)
