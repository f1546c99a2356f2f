"""Would switching a channel off tell what it brings, and what did it tell? Money in the company's currency.

The weeks before say how much revenue varies by itself. Off for w weeks, revenue is expected at `ratio` times
what it is held against, give or take `t * s * sqrt(w + k * (C / S)^2)`: s the spread of k weeks' residuals, C
what it is held against meanwhile, S the same over those weeks. Held against time alone, C is w and S is k:
the usual interval of what comes next. A trend or a season is not taken off; where countries are given, the
others carry both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist

from pipelines import reading
from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.ownership.losses import Loss
from pipelines.ownership.published import FEWEST, day_of, opened, sql
from pipelines.reading import Connection, Row

# Below two months nobody knows how much a week varies; above half a year it was another company.
FEWEST_WEEKS, MOST_WEEKS = 8, 26
PLANNED = (2, 4, 8)
# A loss of this size is seen four times in five.
POWER = NormalDist().inv_cdf(0.8)


@dataclass(frozen=True)
class Holdout:
    """`status`: told, or why not. `plans`: a row per number of weeks; `reading`: what a real pause told."""

    loss: Loss
    countries: tuple[str, ...]
    status: str
    week_count: int
    order_count: int
    weekly: float
    claimed: float
    plans: list[Row]
    reading: Row | None


def run(
    home: Home, loss: Loss, countries: Sequence[str], first: date | None = None, last: date | None = None
) -> Holdout:
    """A plan from the published day on, or what the pause of `first` to `last` told. Raises ConfigError."""
    day = day_of(home)
    if first and last and (last - first < timedelta(6) or last >= day):
        raise ConfigError(f"a pause is of whole weeks that have ended: seven days or more, before {day}")
    with opened(home) as con:
        return ask(con, loss, countries, first or day, last)


def ask(
    con: Connection, loss: Loss, countries: Sequence[str], first: date, last: date | None = None
) -> Holdout:
    """The same of any open connection; without `last` a plan. Days beyond whole weeks are left out."""
    weeks = (last - first + timedelta(1)).days // 7 if last else 0
    asked = {
        "owners": loss.touches, "countries": list(countries), "start": first,
        "end": first + timedelta(7 * weeks - 1), "most": MOST_WEEKS,
    }  # fmt: skip
    during, *before = reading.rows(con, sql("weeks"), asked)
    orders = sum(row["order_count"] for row in before)
    held = sum(float(row["control"]) for row in before)
    status = "told"
    if len(before) < FEWEST_WEEKS or orders < FEWEST or not held:
        status = "not_enough_data"
    k = max(1, len(before))
    weekly = sum(float(row["revenue"]) for row in before) / k
    claimed = sum(float(row["claimed"]) for row in before) / k
    base = (
        _Base([(float(row["revenue"]), float(row["control"])) for row in before])
        if status == "told"
        else None
    )
    return Holdout(
        loss, tuple(countries), status, len(before), orders, weekly, claimed,
        [_plan(base, planned, weekly, claimed) for planned in PLANNED] if base else [],
        _read(con, base, loss, during, weeks, asked) if base and last else None,
    )  # fmt: skip


class _Base:
    """What the weeks before tell of the next ones: pairs of revenue and of what it is held against."""

    def __init__(self, weeks: Sequence[tuple[float, float]]) -> None:
        self.count, self.held = len(weeks), sum(control for _, control in weeks)
        self.ratio = sum(revenue for revenue, _ in weeks) / self.held
        self.spread = math.sqrt(
            sum((revenue - self.ratio * control) ** 2 for revenue, control in weeks) / (self.count - 1)
        )

    def error(self, weeks: int, control: float) -> float:
        return self.spread * math.sqrt(weeks + self.count * (control / self.held) ** 2)

    @property
    def t(self) -> float:
        """Student's, two-sided 95 %: Cornish and Fisher's expansion, right to 0.002 from seven on."""
        z, n = NormalDist().inv_cdf(0.975), self.count - 1
        terms = (
            (z**3 + z) / 4,
            (5 * z**5 + 16 * z**3 + 3 * z) / 96,
            (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        )
        return z + sum(term / n**power for power, term in enumerate(terms, 1))


def _plan(base: _Base, weeks: int, weekly: float, claimed: float) -> Row:
    expected = weekly * weeks
    seen = (base.t + POWER) * base.error(weeks, base.held / base.count * weeks)
    return {
        "weeks": weeks,
        "expected": expected,
        "smallest_seen": seen,
        "smallest_share": seen / expected if expected > 0 else None,
        "claimed": claimed * weeks,
        # Were all that is credited to it lost, would it be seen?
        "verdict": "would_be_seen" if claimed * weeks >= seen else "too_small",
    }


def _read(con: Connection, base: _Base, loss: Loss, during: Row, weeks: int, asked: Row) -> Row:
    control, revenue = float(during["control"]), float(during["revenue"])
    expected, wide = base.ratio * control, base.t * base.error(weeks, control)
    effect = revenue - expected
    spent = reading.rows(
        con,
        "select coalesce(sum(cost), 0) as cost from campaigns"
        " where list_contains($words::varchar[], platform)"
        " and campaign_date between $start::date and $end::date",
        {"words": [*loss.platforms], "start": asked["start"], "end": asked["end"]},
    )[0]["cost"]
    verdict = "cannot_tell"
    if abs(effect) > wide:
        verdict = "less" if effect < 0 else "more"
    return {
        "first": asked["start"],
        "last": asked["end"],
        "weeks": weeks,
        "revenue": revenue,
        "expected": expected,
        "effect": effect,
        "low": effect - wide,
        "high": effect + wide,
        "spent": float(spent),
        "verdict": verdict,
    }
