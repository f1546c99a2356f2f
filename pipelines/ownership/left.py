"""What the money left behind: contacts that are ours, customers, what they left since and may leave yet.

Amounts are in the company's currency: margin where a rate was configured, else revenue. Shares are 0 to 1.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines import reading
from pipelines.config import Config
from pipelines.home import Home
from pipelines.ownership.published import FEWEST, MOST_UNKNOWN, day_of, opened, sql
from pipelines.reading import Connection, Row


@dataclass(frozen=True)
class Left:
    """`months`: the last is the whole year; `cohorts`: newest first; `assets`: without a stage, all."""

    day: date
    campaigns: list[Row]
    months: list[Row]
    cohorts: list[Row]
    assets: list[Row]
    rent: Row
    currency: str

    @property
    def is_margin(self) -> bool:
        return bool(self.rent["is_margin"])

    @property
    def year(self) -> Row:
        return self.months[-1]

    @property
    def asset(self) -> Row:
        return next(row for row in self.assets if row["stage"] is None)

    @property
    def rent_status(self) -> str:
        """Whether the rent ratio is told: told, unknown, too_few."""
        if self.rent["rent_ratio"] is None or self.rent["order_count"] < FEWEST:
            return "too_few"
        return "unknown" if self.rent["unknown_share"] > MOST_UNKNOWN else "told"

    def figures(self) -> dict[str, Any]:
        """The sums as one object."""
        return {
            "day": self.day,
            "is_margin": self.is_margin,
            "year": self.year,
            "asset": self.asset,
            "rent_status": self.rent_status,
            "rent": self.rent,
        }


def run(home: Home, settings: Config) -> Left:
    """Ask what is published. Raises ConfigError where that is not there, or is older than this question."""
    with opened(home, "campaigns") as con:
        return ask(con, settings, day_of(home))


def ask(con: Connection, settings: Config, day: date) -> Left:
    """The same of any open connection."""
    costs = settings.costs
    on = {"day": day}
    few = {"fewest": FEWEST}
    other = {"tools": costs.tools_per_month, "people": costs.people_per_month}
    try:
        con.execute(sql("earned"), on)
        con.execute(sql("expected"), on | few)
        return Left(
            day,
            reading.rows(con, sql("left_campaigns"), on),
            reading.rows(con, sql("left_months"), on | other),
            reading.rows(con, sql("left_cohorts"), on | other | few),
            reading.rows(con, sql("left_asset")),
            reading.rows(con, sql("left_rent"), on)[0],
            settings.currency,
        )
    finally:
        con.execute("drop table if exists temp.earned; drop table if exists temp.expected")
