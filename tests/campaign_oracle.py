"""What campaigns brought, worked out again from the made-up company's truth, in plain Python.

Formulas: docs/ownership.md. Whose each record was found to be is given (proved by tests of its own).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from simulator import truth
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
