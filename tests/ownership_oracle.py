"""A drill worked out again from the made-up company's truth: formulas of docs/ownership.md, in plain Python.

What the truth does not know is given: whose each record was found to be, and what may be sent (proved by
tests of their own).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from simulator import truth
from simulator.marketing import PARIS
from simulator.model import Company, ShopOrder
from simulator.stages import is_sale, returned

OWN = {"email", "sms", "phone", "post"}
# Nobody had to be paid for these.
OURS = {"own", "referral"}
NOES = {"objected", "complained", "stopped", "said_no", "unsubscribed", "blocked_in_tool"}
FIRMS = {
    "facebook": "meta", "fb": "meta", "instagram": "meta", "ig": "meta", "google": "google",
    "newsletter": "own", "parrainage": "referral", "referral": "referral", "review": "own", "survey": "own",
}  # fmt: skip
HEARD = {
    "Bouche à oreille": "referral", "Une amie": "referral", "Salon de l'artisanat": "own",
    "Craft fair": "own", "A friend": "referral", "Word of mouth": "referral", "Instagram": "meta",
    "Facebook": "meta", "Google": "google",
}  # fmt: skip


@dataclass(frozen=True)
class Decision:
    customer: str
    channel: str
    may: bool
    reason: str


class Oracle:
    def __init__(
        self, company: Company, whose: dict[str, str], decisions: Iterable[Decision], day: date
    ) -> None:
        self.company, self.whose, self.day = company, whose, day
        self.known = set(whose.values())
        self.ways: dict[str, set[str]] = defaultdict(set)
        reasons: dict[str, set[str]] = defaultdict(set)
        for one in decisions:
            reasons[one.customer].add(one.reason)
            if one.may and one.channel in OWN:
                self.ways[one.customer].add(one.channel)
        self.refused = {
            who for who, said in reasons.items() if said <= NOES or said & {"objected", "complained"}
        }
        self.on_meta = {
            whose[profile]
            for profile, person, _ in truth.profiles(company)
            if person and profile.startswith("meta:")
        }
        self.orders = {whose[record]: [] for record in whose}
        for order, record in self._sales():
            self.orders[whose[record]].append(order)

    def _sales(self) -> Iterator[tuple[ShopOrder, str]]:
        for order in self.company.shop_orders:
            if is_sale(order):
                yield order, _record(order)

    def year(self, who: str, day: date | None = None) -> list[ShopOrder]:
        """Orders of the 365 days up to that one, ours without."""
        last = day or self.day
        return [o for o in self.orders[who] if last - timedelta(365) < day_of(o.created_at) <= last]

    def revenue(self, who: str, day: date | None = None) -> Decimal:
        """Net of those days."""
        return sum((o.total - returned(o) for o in self.year(who, day)), Decimal(0))

    def reachable(self, without: set[str] = frozenset()) -> set[str]:
        return {who for who, ways in self.ways.items() if ways - without}

    def only_through_meta(self) -> set[str]:
        return self.on_meta - self.reachable() - self.refused

    def only_through_the_mail_tool(self) -> set[str]:
        left = self.reachable({"email", "sms"}) | (self.on_meta - self.refused)
        return self.reachable() - left

    @cached_property
    def touches(self) -> dict[str, list[tuple[datetime, str | None]]]:
        """By customer: when, and whose channel it was; None where nothing tells."""
        found: dict[str, list[tuple[datetime, str | None]]] = defaultdict(list)
        made, own = self.company, f"files:{truth.FILES_ACCOUNT}"
        told: list[tuple[str, datetime, str | None]] = [
            (profile, lead.created_at, "meta" if lead.platform == "meta" else _firm(lead.utm))
            for lead, (profile, _, _) in zip(made.leads, truth.profiles(made), strict=False)
        ]
        # What was called off before it was paid never happened.
        told += [
            (_record(one), one.created_at, _firm(one.utm))
            for one in made.shop_orders
            if one.refunds or not one.cancelled_at
        ]
        told += [
            (f"brevo:{truth.MAIL_ACCOUNT}:contact:{c.contact_id}", c.created_at, "own")
            for c in made.mail_contacts
            # Who is on no list, or has left all of them, is to the mail tool as if they had never joined.
            if set(c.lists) - {one for one, left in c.list_unsubscribed}
        ]
        told += [(f"{own}:referrer:{one.referral_id}", one.at, "referral") for one in made.referrals]
        told += [(f"{own}:review:{one.review_id}", one.at, "own") for one in made.reviews]
        told += [(f"{own}:nps:{one.answer_id}", one.at, "own") for one in made.nps_answers]
        for profile, at, firm in told:
            if profile in self.whose:
                found[self.whose[profile]].append((at, firm))
        return found

    def first_touch(self, who: str) -> str | None:
        """Who brought them: their first contact, or the day they were recommended; else what they said."""
        own = f"files:{truth.FILES_ACCOUNT}"
        sent = [
            (one.at, "referral")
            for one in self.company.referrals
            if self.whose.get(f"{own}:referral:{one.referral_id}") == who
        ]
        first = min([*self.touches[who], *sent], key=lambda one: one[0])[1]
        return first or self.said(who)

    def new(self, day: date | None = None) -> set[str]:
        """Whose first order is of those days."""
        return {
            who
            for who, orders in self.orders.items()
            if min(orders, key=lambda one: one.created_at, default=None) in self.year(who, day)
        }

    def last_touch(self, who: str, order: ShopOrder | None = None) -> str | None:
        """Whose the last source was before that order, the first if none is given, within thirty days."""
        order = order or min(self.orders[who], key=lambda order: order.created_at)
        own = _firm(order.utm)
        before = [
            (at, firm)
            for at, firm in self.touches[who]
            if firm and order.created_at - timedelta(30) < at <= order.created_at
        ]
        return own or (max(before)[1] if before else None)

    def is_own_initiated(self, who: str, order: ShopOrder) -> bool:
        """No rented channel was the last before it, within seven days."""
        before = [
            (at, firm)
            for at, firm in self.touches[who]
            if firm and order.created_at - timedelta(7) < at <= order.created_at
        ]
        return (_firm(order.utm) or (max(before)[1] if before else "own")) in OURS

    def touched(self, who: str, order: ShopOrder) -> set[str | None]:
        """Whose channels they had used in the seven days before it, its own source among them."""
        within = {
            firm for at, firm in self.touches[who] if order.created_at - timedelta(7) < at <= order.created_at
        }
        return within | {_firm(order.utm)}

    def said(self, who: str) -> str | None:
        """Whose the source is that they named first."""
        said = [
            (lead.created_at, HEARD[lead.said_they_heard_from])
            for lead, (profile, _, _) in zip(self.company.leads, truth.profiles(self.company), strict=False)
            if self.whose.get(profile) == who and lead.said_they_heard_from
        ]
        return min(said)[1] if said else None

    def by_position(self, who: str) -> dict[str, dict[str, float]]:
        """By order: 40, 40 and 20 of all touches since the one before."""
        found, since = {}, datetime.min.replace(tzinfo=UTC)
        for order in sorted(self.orders[who], key=lambda order: order.created_at):
            way = [firm for at, firm in sorted(self.touches[who]) if firm and since < at <= order.created_at]
            since = order.created_at
            shares: dict[str, float] = defaultdict(float)
            for place, firm in enumerate(way or ["direct"]):
                if len(way) <= 2:
                    shares[firm] += 1 / (len(way) or 1)
                else:
                    shares[firm] += 0.4 if place in (0, len(way) - 1) else 0.2 / (len(way) - 2)
            found[order.order_id] = shares
        return found

    def attributed(self, days: int, *, new: bool = False) -> dict[str, dict[str, float]]:
        """By answer and source: net revenue of the days up to ours; `new`: how many first purchases."""
        found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for who, all_orders in self.orders.items():
            positions = self.by_position(who)
            orders = sorted(all_orders, key=lambda order: order.created_at)[:1] if new else all_orders
            for order in orders:
                if day_of(order.created_at) <= self.day - timedelta(days):
                    continue
                net = 1 if new else net_of(order)
                found["first_touch"][self.first_touch(who) or "unknown"] += net
                found["last_touch"][self.last_touch(who, order) or "direct"] += net
                found["said"][self.said(who) or "unknown"] += net
                for firm, share in positions[order.order_id].items():
                    found["position"][firm] += net * share
        return found


def net_of(order: ShopOrder) -> float:
    return float(order.total - returned(order))


def day_of(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()


def _firm(utm: dict[str, str]) -> str | None:
    return FIRMS.get(utm.get("utm_source", ""))


def _record(order: ShopOrder) -> str:
    kind, key = ("customer", order.customer_id) if order.customer_id else ("guest_order", order.order_id)
    return f"shopify:{truth.SHOP}:{kind}:{key}"
