"""What campaigns brought, worked out again from the made-up company's truth, in plain Python.

Formulas: docs/ownership.md. Whose each record was found to be is given (proved by tests of its own).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from simulator import truth
from simulator.home import COSTS
from simulator.marketing import PARIS
from simulator.model import Company
from simulator.stages import is_sale, returned


@dataclass
class Brought:
    """By one campaign: customers, and their orders as (day, paid, paid back)."""

    people: set[str] = field(default_factory=set)
    orders: list[tuple[str | None, date, Decimal, Decimal]] = field(default_factory=list)
    leads: int = 0
    cost: Decimal = Decimal(0)
    reach: int = 0

    @property
    def net(self) -> Decimal:
        return sum((paid - back for _, _, paid, back in self.orders), Decimal(0))

    @property
    def customers(self) -> set[str]:
        return {who for who, *_ in self.orders if who}


class Campaigns:
    """`found`: by key as in campaign_results, `unknown` for the rest; `first_day` by customer."""

    def __init__(self, company: Company, whose: dict[str, str], day: date) -> None:
        self.company, self.whose, self.day = company, whose, day
        self.named: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        self.said: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        days: dict[str, set[date]] = defaultdict(set)
        for profile, at in self._contacts():
            if profile in whose:
                days[whose[profile]].add(_day(at))
        self.first_day = {who: min(several) for who, several in days.items()}
        self.found: dict[str, Brought] = defaultdict(Brought)
        self._leads()
        self.brought_by = {who: self._brought_by(who) for who in set(whose.values())}
        for who, key in self.brought_by.items():
            self.found[key].people.add(who)
        self._orders()
        self._figures()

    def _contacts(self) -> Iterator[tuple[str, datetime]]:
        made, own = self.company, f"files:{truth.FILES_ACCOUNT}"
        for lead, (profile, person, _) in zip(made.leads, truth.profiles(made), strict=False):
            if person:
                yield profile, lead.created_at
        for order in made.shop_orders:
            if is_sale(order) and (order.refunds or not order.cancelled_at):
                yield _record(order), order.created_at
        for contact in made.mail_contacts:
            if contact.lists:
                yield _contact(contact.contact_id), contact.created_at
        for event in made.mail_events:
            yield _contact(event.contact_id), event.at
        for one in made.referrals:
            yield f"{own}:referrer:{one.referral_id}", one.at
            yield f"{own}:referral:{one.referral_id}", one.at
        for one in made.reviews:
            yield f"{own}:review:{one.review_id}", one.at
        for one in made.nps_answers:
            yield f"{own}:nps:{one.answer_id}", one.at

    def _leads(self) -> None:
        for lead, (profile, person, _) in zip(self.company.leads, truth.profiles(self.company), strict=False):
            if not person or profile not in self.whose:
                continue
            who = self.whose[profile]
            if lead.platform == "meta" and lead.campaign_id and not lead.is_organic:
                key = f"meta:campaign:{lead.campaign_id}"
                self.named[who].append((lead.created_at, key))
                self.found[key].leads += 1
            elif key := self._fair(lead.said_they_heard_from, _day(lead.created_at)):
                self.said[who].append((lead.created_at, key))

    def _fair(self, said: str | None, day: date) -> str | None:
        """The latest fair begun by then that goes by what they said."""
        known = [one for one in self.company.offline_spend if one.heard == said and one.first_day <= day]
        latest = max(known, key=lambda one: one.first_day, default=None) if said else None
        return latest and f"{latest.channel}:campaign:{latest.campaign}"

    def _brought_by(self, who: str) -> str:
        on_first = [one for one in self.named[who] if _day(one[0]) == self.first_day.get(who)]
        return min(on_first or self.said[who], default=(None, "unknown"))[1]

    def _orders(self) -> None:
        for order in self.company.shop_orders:
            if not is_sale(order):
                continue
            who = self.whose.get(_record(order))
            told = (who, _day(order.created_at), order.total, returned(order))
            self.found[self.brought_by.get(who, "unknown")].orders.append(told)

    def _figures(self) -> None:
        for one in self.company.campaign_days:
            told = self.found[f"{one.platform}:campaign:{one.campaign_id}"]
            told.cost += one.spend
            told.reach += one.reach
        for line in self.company.offline_spend:
            told = self.found[f"{line.channel}:campaign:{line.campaign}"]
            told.cost += line.cost
            told.reach += line.reach

    def net_of_90_days(self, key: str) -> Decimal:
        return sum(
            (
                paid - back
                for who, day, paid, back in self.found[key].orders
                if who and day <= self.first_day[who] + timedelta(90)
            ),
            Decimal(0),
        )


def spearman(pairs: list[tuple[float, float]]) -> float:
    """Rank correlation; equal values share their mean rank."""
    left, right = (_ranks([pair[side] for pair in pairs]) for side in (0, 1))
    middle = (len(pairs) + 1) / 2
    top = sum((a - middle) * (b - middle) for a, b in zip(left, right, strict=True))
    under = sum((a - middle) ** 2 for a in left) * sum((b - middle) ** 2 for b in right)
    return top / under**0.5


def _ranks(values: list[float]) -> list[float]:
    return [
        sum(other < one for other in values) + (sum(other == one for other in values) + 1) / 2
        for one in values
    ]


def _day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()


def _contact(number: int) -> str:
    return f"brevo:{truth.MAIL_ACCOUNT}:contact:{number}"


def _record(order: object) -> str:
    kind, key = ("customer", order.customer_id) if order.customer_id else ("guest_order", order.order_id)
    return f"shopify:{truth.SHOP}:{kind}:{key}"


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

    def expected(
        self, stood: dict[str, tuple[str, str | None]], reached: list[tuple[str, str | None]], fewest: int
    ) -> float:
        """Of those reached: the mean of whoever stood alike, by cells of at least `fewest`."""
        since: dict[str, float] = defaultdict(float)
        for who, on, left in self.left:
            if who and self.in_year(on):
                since[who] += float(left)
        cells: dict[tuple, list[float]] = defaultdict(list)
        for who, (stage, activity) in stood.items():
            for cell in ((stage, activity), (stage,), ()):
                cells[cell].append(since[who])
        total = 0.0
        for stage, activity in reached:
            alike = next(
                cells[cell] for cell in ((stage, activity), (stage,), ()) if len(cells[cell]) >= fewest
            )
            total += sum(alike) / len(alike)
        return total

    def paid_for(self) -> Decimal:
        """Of the year: what was ordered within seven days of a lead of a campaign, or of naming a fair."""
        found, made = Decimal(0), self.campaigns
        for order in made.company.shop_orders:
            who = made.whose.get(_record(order))
            if not is_sale(order) or not self.in_year(_day(order.created_at)):
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
