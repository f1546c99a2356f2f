"""Who brought the revenue: four answers side by side, and none of them the truth.

First touch, last touch that was not direct, what customers said, what platforms claim (of leads: they are no
part of the sum); position, 40/20/40, on request. Amounts in the company's currency.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipelines import reading
from pipelines.home import Home
from pipelines.ownership.published import FEWEST, MOST_UNKNOWN, day_of, opened, sql
from pipelines.reading import Connection, Row

ANSWERS = ("first_touch", "last_touch", "said")
POSITION = "position"
YEAR = 365


@dataclass(frozen=True)
class Attribution:
    """`sources`: a row each, <answer>_revenue and <answer>_new; `claims`: a row per platform."""

    first: date
    last: date
    order_count: int
    new_count: int
    revenue: Any
    sources: list[Row]
    claims: list[Row]

    @property
    def is_thin(self) -> bool:
        """Too few orders for a share of them."""
        return self.order_count < FEWEST or self.revenue <= 0

    def share(self, source: str, answer: str) -> float | None:
        """Of the revenue, 0 to 1; None where there is too little to tell, or nothing of that source."""
        if self.is_thin:
            return None
        amounts = (row[f"{answer}_revenue"] for row in self.sources if row["source"] == source)
        return float(next(amounts, 0)) / float(self.revenue)

    def farthest(self) -> tuple[str, float, float] | None:
        """The source on which the answers differ most, and its least and largest share."""
        # An answer that leaves most open is not asked: few said anything, which is not that few came by it.
        asked = [name for name in ANSWERS if (self.share("unknown", name) or 0.0) <= MOST_UNKNOWN]
        if self.is_thin or len(asked) < 2:
            return None
        found = []
        for row in self.sources:
            # Who said nothing, and who came directly, are no source to differ on.
            if row["source"] not in ("unknown", "direct"):
                shares = [self.share(row["source"], answer) or 0.0 for answer in asked]
                found.append((max(shares) - min(shares), row["source"], min(shares), max(shares)))
        return max(found)[1:] if found else None


def run(home: Home, days: int = YEAR) -> Attribution:
    """The days up to the published one. Raises ConfigError where nothing is published, or it is older."""
    day = day_of(home)
    with opened(home) as con:
        return ask(con, day - timedelta(days - 1), day)


def ask(con: Connection, first: date, last: date) -> Attribution:
    """The same of any open connection and period, both days in it."""
    period = {"first": first, "last": last}
    totals = reading.rows(
        con,
        "select count(*) as orders, count(*) filter (where is_first) as new,"
        " coalesce(sum(net_converted), 0) as revenue"
        " from order_attribution where order_date between $first::date and $last::date",
        period,
    )[0]
    return Attribution(
        first,
        last,
        totals["orders"],
        totals["new"],
        totals["revenue"],
        reading.rows(con, sql("attributed"), period),
        reading.rows(con, sql("claimed"), period),
    )
