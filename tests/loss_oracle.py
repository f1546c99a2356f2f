"""What a lost platform costs, worked out again from the made-up company's truth, in plain Python.

Formulas: docs/ownership.md. Each order of `Oracle` is a purchase with its moment, its net and whose channels
its customer had used; whose each record was found to be, and what may be sent, is given there. How much of an
outage is bought later nobody simulates: `catch_up` is the setting's, a half where none is made.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import mean, median

from ownership_oracle import Oracle, day_of, net_of

from simulator.marketing import PARIS
from simulator.model import ShopOrder

WEEKS = 8
# Student's t, two-sided 95 %, of 25 degrees of freedom; the normal's 80th percentile. From tables.
T_25, Z_80 = 2.0595, 0.8416


@dataclass(frozen=True)
class Sale:
    """`week`: 0 is the seven days before the published one."""

    week: int
    weekday: int
    hour: int
    net: float


def sales(oracle: Oracle, firm: str | None) -> list[Sale]:
    """Orders with a touch on that firm; all of them for none, as a shop is touched by whatever it sells."""
    found = []
    for who, orders in oracle.orders.items():
        for order in orders:
            if firm is None or firm in oracle.touched(who, order):
                at, ago = order.created_at.astimezone(PARIS), oracle.day - day_of(order.created_at)
                if ago > timedelta(0):
                    found.append(Sale((ago.days - 1) // 7, at.isoweekday(), at.hour, net_of(order)))
    return found


def outage(told: Iterable[Sale], hours: int) -> tuple[float, float, float]:
    """Cheapest, mean and dearest beginning of `hours` without it, before anything is bought later.

    An hour is worth the median of its eight weeks; where none ever fell into it, a sixth of the median
    of its quarter of that weekday.
    """
    recent = [one for one in told if one.week < WEEKS]
    worth = []
    for weekday in range(1, 8):
        for hour in range(24):
            here = [one for one in recent if (one.weekday, one.hour) == (weekday, hour)]
            if here:
                worth.append(_median(here))
            else:
                quarter = [one for one in recent if (one.weekday, one.hour // 6) == (weekday, hour // 6)]
                worth.append(_median(quarter) / 6)
    begun = [sum(worth[(start + n) % 168] for n in range(hours)) for start in range(168)]
    return min(begun), mean(begun), max(begun)


@dataclass(frozen=True)
class Struck:
    """A sale by the company's clock, once an outage was made: some that it met came later, some never."""

    at: datetime
    net: float


def struck(
    oracle: Oracle, firm: str | None, weeks: int, began: datetime, hours: int, late: timedelta
) -> list[Struck]:
    """All sales folded into `weeks`, each at its weekday and time.

    Of each hour of the outage the first twenty minutes sell as ever, the next thirty that much later, the
    last ten not at all.
    """
    found = []
    for who, orders in oracle.orders.items():
        for order in orders:
            at, ago = (
                order.created_at.astimezone(PARIS).replace(tzinfo=None),
                oracle.day - day_of(order.created_at),
            )
            if ago <= timedelta(0) or (firm is not None and firm not in oracle.touched(who, order)):
                continue
            at += ago - timedelta((ago.days - 1) % (7 * weeks) + 1)
            if began <= at < began + timedelta(hours=hours):
                if at.minute >= 50:
                    continue
                at += late if at.minute >= 20 else timedelta(0)
            found.append(Struck(at, net_of(order)))
    return found


def caught_up(told: list[Struck], began: datetime, hours: int) -> tuple[float, float, float, float, float]:
    """Usual while it was out, sold then, usual in the 48 hours after, sold then, the part bought later."""
    ended = began + timedelta(hours=hours)

    def between(first: datetime, last: datetime) -> float:
        return sum(one.net for one in told if first <= one.at < last)

    def usual(first: datetime, last: datetime) -> float:
        ago = (timedelta(7 * week) for week in range(1, WEEKS + 1))
        return median(between(first - one, last - one) for one in ago)

    over = ended + timedelta(hours=48)
    missing = usual(began, ended) - between(began, ended)
    more = between(ended, over) - usual(ended, over)
    part = min(1, max(0, more / missing))
    return usual(began, ended), between(began, ended), usual(ended, over), between(ended, over), part


def _median(told: list[Sale]) -> float:
    return median(sum(one.net for one in told if one.week == week) for week in range(WEEKS))


def closure(oracle: Oracle, firm: str, sole: set[str]) -> tuple[Decimal, Decimal, Decimal, int]:
    """By first touch, by last, of those who come again and are reached by it alone; and how many those are.

    Whoever is both new and lost counts once in the first two.
    """
    lost = {who for who in sole if len(oracle.orders.get(who, ())) >= 2}
    first = {who for who in oracle.new() if oracle.first_touch(who) == firm}
    last = {who for who in oracle.new() if oracle.last_touch(who) == firm}
    by_first, by_last, alone = (
        sum((oracle.revenue(who) for who in some), Decimal(0)) for some in (first | lost, last | lost, lost)
    )
    return by_first, by_last, alone, len(lost)


def recovery(oracle: Oracle, limits: dict[str, int]) -> dict[str, tuple[int, int, int]]:
    """By channel left: whom it reaches, whom it tells first as the cheapest of theirs, in how many days."""
    found = {}
    cheapest = ("email", "sms", "post", "phone")
    for place, channel in enumerate(cheapest):
        people = [ways for ways in oracle.ways.values() if channel in ways]
        first = sum(not ways & set(cheapest[:place]) for ways in people)
        if people:
            found[channel] = len(people), first, math.ceil(first / limits[channel])
    return found


class Weeks:
    """Weeks of orders before `first`: of the country where a channel is off, against those of the others.

    Without `off` it is off everywhere, and the weeks are held against their own number.
    """

    def __init__(
        self, oracle: Oracle, first: date, count: int, country: dict[str, str], off: str | None = None
    ) -> None:
        self.oracle, self.country, self.off = oracle, country, off
        before = [self.of(first - timedelta(7 * week), 7) for week in range(1, count + 1)]
        self.sold = [[one for one in week if self.is_off(one[0])] for week in before]
        self.here = [sum(net_of(order) for _, order in week) for week in self.sold]
        self.held = [self.held_against(week, 1) for week in before]
        self.ratio = sum(self.here) / sum(self.held)
        apart = [here - self.ratio * held for here, held in zip(self.here, self.held, strict=True)]
        self.spread = math.sqrt(sum(one**2 for one in apart) / (count - 1))

    def of(self, start: date, days: int) -> list[tuple[str, ShopOrder]]:
        return [
            (who, order)
            for who, orders in self.oracle.orders.items()
            for order in orders
            if start <= day_of(order.created_at) < start + timedelta(days)
        ]

    def is_off(self, who: str) -> bool:
        return self.off is None or self.country[who] == self.off

    def held_against(self, sold: list[tuple[str, ShopOrder]], weeks: int) -> float:
        if self.off is None:
            return weeks
        return sum(net_of(order) for who, order in sold if self.country[who] not in (self.off, "unknown"))

    def claimed(self, firm: str) -> float:
        """A week, by first touch or by last."""
        oracle = self.oracle
        told = (one for week in self.sold for one in week)
        brought = (
            net_of(order)
            for who, order in told
            if firm in (oracle.first_touch(who), oracle.last_touch(who, order))
        )
        return sum(brought) / len(self.here)

    def error(self, weeks: int, held: float) -> float:
        return self.spread * math.sqrt(weeks + len(self.here) * (held / sum(self.held)) ** 2)
