"""What the money left, worked out again from the made-up company's truth, in plain Python.

Formulas: docs/ownership.md. Margin goes by the one rate the made-up company names (`simulator.home.COSTS`); a
purchase of its shop counts on its day, for it sells nothing for years.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean, stdev

from campaign_oracle import Campaigns, day_of, record_of

from simulator.home import COSTS
from simulator.stages import is_sale, returned

Stand = tuple[str, str | None]


class Money:
    """What the money left, from the same truth: margin, by the one rate the made-up company names.

    `stood`: whose stage and activity were what, a year ago; `reached`: by stage and activity today.
    """

    def __init__(self, campaigns: Campaigns, day: date) -> None:
        self.campaigns, self.day = campaigns, day
        # (who, day, net), all of them
        self.orders = [
            (who, on, paid - back) for one in campaigns.found.values() for who, on, paid, back in one.orders
        ]
        self.left = [(who, on, _left(net)) for who, on, net in self.orders]
        self.first: dict[str, date] = {}
        for who, on, _ in sorted(self.orders, key=lambda one: one[1]):
            if who:
                self.first.setdefault(who, on)

    def in_year(self, on: date) -> bool:
        return self.day - timedelta(365) < on <= self.day

    def spend(self, wanted: Callable[[date], bool]) -> Decimal:
        """A line over several days is spread evenly, a cent at most amiss."""
        made = self.campaigns.company
        told = sum((one.spend for one in made.campaign_days if wanted(one.day)), Decimal(0))
        for line in made.offline_spend:
            days = [line.first_day + timedelta(n) for n in range((line.last_day - line.first_day).days + 1)]
            told += line.cost * sum(wanted(one) for one in days) / len(days)
        return told

    @staticmethod
    def other(days: int) -> float:
        """Tools and people, for so many days."""
        return (COSTS["tools_per_month"] + COSTS["people_per_month"]) * 12 / 365 * days

    def won(self) -> int:
        return sum(self.in_year(on) for on in self.first.values())

    def cohort(self, start: date) -> list[str]:
        def quarter(on: date) -> date:
            return date(on.year, (on.month - 1) // 3 * 3 + 1, 1)

        return [who for who, on in self.first.items() if quarter(on) == start]

    def left_in(self, who: Collection[str], months: int) -> Decimal:
        """By customers within that many months of each one's own first order."""
        return sum(
            (left for one, on, left in self.left if one in who and _month(self.first[one], on) < months),
            Decimal(0),
        )

    def alike(self, stood: dict[str, Stand], fewest: int) -> dict[tuple, list[float]]:
        """What each left in the year who stood alike a year ago, by cells of at least `fewest`."""
        since: dict[str, float] = defaultdict(float)
        for who, on, left in self.left:
            if who and self.in_year(on):
                since[who] += float(left)
        cells: dict[tuple, list[float]] = defaultdict(list)
        for who, (stage, activity) in stood.items():
            for cell in ((stage, activity), (stage,), ()):
                cells[cell].append(since[who])
        return {cell: values for cell, values in cells.items() if len(values) >= fewest}

    def bounds(
        self, stood: dict[str, Stand], people: Iterable[Stand], fewest: int
    ) -> tuple[float, float, float]:
        """What those people may leave: the mean of whoever stood alike, with 95 in 100 of means."""
        cells = self.alike(stood, fewest)
        low = middle = high = 0.0
        for stage, activity in people:
            alike = next(cells[cell] for cell in ((stage, activity), (stage,), ()) if cell in cells)
            wide = 1.96 * stdev(alike) / len(alike) ** 0.5
            # No mean is below the least that anybody left.
            low += max(mean(alike) - wide, min(alike))
            middle += mean(alike)
            high += mean(alike) + wide
        return low, middle, high

    def expected(self, stood: dict[str, Stand], people: Iterable[Stand], fewest: int) -> float:
        return self.bounds(stood, people, fewest)[1]

    def paid_for(self) -> Decimal:
        """Of the year: what was ordered within seven days of a lead of a campaign, or of naming a fair."""
        found, made = Decimal(0), self.campaigns
        for order in made.company.shop_orders:
            who = made.whose.get(record_of(order))
            if not is_sale(order) or not self.in_year(day_of(order.created_at)):
                continue
            touched = any(
                order.created_at - timedelta(7) < at <= order.created_at
                for at, _ in [*made.named[who], *made.said[who]]
            )
            found += _left(order.total - returned(order)) if touched else 0
        return found


def _left(net: Decimal) -> Decimal:
    """Of an order; a parcel that came back was paid for all the same."""
    margin = net * Decimal(str(COSTS["margin_rate"]))
    return margin.quantize(Decimal("0.01"), ROUND_HALF_UP) - COSTS["per_order"]


def _month(first: date, on: date) -> int:
    """Whole months between."""
    return (on.year - first.year) * 12 + on.month - first.month - (on.day < first.day)
