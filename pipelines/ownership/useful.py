"""What was seen against what was useful: campaigns and posts from reach to the revenue of those they brought.

Amounts are in the company's currency; shares 0 to 1; correlations -1 to 1. All up to the day of publication.
"""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines import reading
from pipelines.config import Config
from pipelines.home import Home
from pipelines.ownership.published import MOST_UNKNOWN, day_of, opened, sql
from pipelines.reading import Connection, Row

# Below these nothing is said to be loud, quiet, or worth comparing.
LIMITS = {"fewest_leads": 30, "fewest_orders": 10, "fewest_compared": 8}
Z = 1.959964


@dataclass(frozen=True)
class Useful:
    """`campaigns`: one row each, most seen first; `applause`: sums, correlations, over-claim."""

    day: date
    campaigns: list[Row]
    applause: Row
    currency: str
    has_margin: bool

    @property
    def status(self) -> str:
        """Whether applause and revenue can be compared: told, unknown, too_few."""
        share = self.applause["unknown_share"]
        if share is None or self.applause["compared_count"] < LIMITS["fewest_compared"]:
            return "too_few"
        return "unknown" if share > MOST_UNKNOWN else "told"


def run(home: Home, settings: Config) -> Useful:
    """Ask what is published. Raises ConfigError where that is not there, or is older than this question."""
    with opened(home, "campaigns") as con:
        return ask(con, settings, day_of(home))


def ask(con: Connection, settings: Config, day: date) -> Useful:
    """The same of any open connection."""
    campaigns = reading.rows(con, sql("seen"), LIMITS)
    return Useful(
        day,
        campaigns,
        reading.rows(con, sql("applause"))[0],
        settings.currency,
        # What was configured when it was computed, whatever is now.
        any(row["contribution"] is not None for row in campaigns),
    )


def bounds(rho: Any, count: int) -> tuple[float, float]:
    """Where the true rank correlation lies in 95 of 100 cases (Fisher). Needs more than three."""
    middle = math.atanh(max(-0.999999, min(0.999999, float(rho))))
    apart = Z / math.sqrt(count - 3)
    return math.tanh(middle - apart), math.tanh(middle + apart)
