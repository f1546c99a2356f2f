"""What campaigns brought, worked out again from the made-up company's truth, in plain Python.

Formulas: docs/ownership.md. Whose each record was found to be is given (proved by tests of its own).
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from simulator import truth
from simulator.ads import by_ad
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
    impressions: int = 0
    interactions: int = 0
    clicks: int = 0

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
                days[whose[profile]].add(day_of(at))
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
                yield record_of(order), order.created_at
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
            elif key := self._fair(lead.said_they_heard_from, day_of(lead.created_at)):
                self.said[who].append((lead.created_at, key))

    def _fair(self, said: str | None, day: date) -> str | None:
        """The latest fair begun by then that goes by what they said."""
        known = [one for one in self.company.offline_spend if one.heard == said and one.first_day <= day]
        latest = max(known, key=lambda one: one.first_day, default=None) if said else None
        return latest and f"{latest.channel}:campaign:{latest.campaign}"

    def _brought_by(self, who: str) -> str:
        on_first = [one for one in self.named[who] if day_of(one[0]) == self.first_day.get(who)]
        return min(on_first or self.said[who], default=(None, "unknown"))[1]

    def _orders(self) -> None:
        for order in self.company.shop_orders:
            if not is_sale(order):
                continue
            who = self.whose.get(record_of(order))
            told = (who, day_of(order.created_at), order.total, returned(order))
            self.found[self.brought_by.get(who, "unknown")].orders.append(told)

    def _figures(self) -> None:
        """The company knows likes; of them the platform makes comments and shares, ad by ad."""
        campaigns = {one.campaign_id: one for one in self.company.campaigns}
        for one in self.company.campaign_days:
            told = self.found[f"{one.platform}:campaign:{one.campaign_id}"]
            told.cost += one.spend
            told.reach += one.reach
            told.impressions += one.impressions
            told.clicks += one.clicks
            for _, part in by_ad(campaigns[one.campaign_id], one):
                told.interactions += part.likes + part.likes // 12 + part.likes // 30
        for post in self.company.posts:
            told = self.found[f"meta:post:{post.post_id}"]
            told.impressions, told.reach, told.clicks = post.views, post.reach, post.clicks
            told.interactions = post.reactions + post.comments + post.shares + post.saves
        for line in self.company.offline_spend:
            told = self.found[f"{line.channel}:campaign:{line.campaign}"]
            told.cost += line.cost
            told.reach += line.reach

    def ended(self) -> dict[str, date]:
        """By campaign and post: its last day with figures."""
        made = self.company
        last = {f"{one.platform}:campaign:{one.campaign_id}": one.day for one in made.campaign_days}
        last |= {f"{one.channel}:campaign:{one.campaign}": one.last_day for one in made.offline_spend}
        return last | {f"meta:post:{one.post_id}": day_of(one.at) for one in made.posts}

    def followed(self) -> set[str]:
        """Of which a sale would be seen: it brought somebody, says how, or ran while leads were read."""
        ended, first = self.ended(), min(at for named in self.named.values() for at, _ in named)
        told = {key for key, one in self.found.items() if one.people or one.leads}
        told |= {f"{one.channel}:campaign:{one.campaign}" for one in self.company.offline_spend if one.heard}
        paid = {key for key in ended if key.startswith("meta:campaign:") and self.found[key].cost}
        return told | {key for key in paid if ended[key] >= day_of(first)}

    def verdicts(self, leads: int, orders: int) -> dict[str, str]:
        """Of each, past so many leads or orders: loud or quiet by quarters of reach, and of revenue."""
        ended, followed = self.ended(), self.followed()
        old = {key for key in followed & ended.keys() if ended[key] <= self.day - timedelta(90)}
        reach = [self.found[key].reach for key in old]
        net = [float(self.net_of_90_days(key)) for key in old]
        loud, fertile, quiet, empty = (
            quantile(values, part) for part in (0.75, 0.25) for values in (reach, net)
        )
        found = {}
        for key in ended:
            one, earned = self.found[key], float(self.net_of_90_days(key))
            if key not in followed:
                found[key] = "not_followed"
            elif key not in old:
                found[key] = "immature"
            elif one.leads < leads and sum(who is not None for who, *_ in one.orders) < orders:
                found[key] = "too_few"
            elif one.reach >= loud and earned <= empty:
                found[key] = "loud_but_empty"
            elif one.reach <= quiet and earned >= fertile:
                found[key] = "quiet_but_fertile"
            else:
                found[key] = "between"
        return found

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


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Between which shares the true one lies, 19 times in 20."""
    z, p = 1.959964, hits / trials
    middle, apart = p + z**2 / 2 / trials, z * (p * (1 - p) / trials + z**2 / 4 / trials**2) ** 0.5
    return (middle - apart) / (1 + z**2 / trials), (middle + apart) / (1 + z**2 / trials)


def fisher(rho: float, count: int) -> tuple[float, float]:
    """Between which rank correlations the true one lies, 19 times in 20."""
    apart = 1.959964 / (count - 3) ** 0.5
    odds = (1 + rho) / (1 - rho)
    low, high = (odds * math.exp(2 * step) for step in (-apart, apart))
    return (low - 1) / (low + 1), (high - 1) / (high + 1)


def quantile(values: Collection[float], part: float) -> float:
    """Between two values in proportion to how near they are."""
    ordered, place = sorted(values), part * (len(values) - 1)
    low = int(place)
    above = ordered[min(low + 1, len(ordered) - 1)]
    return ordered[low] + (place - low) * (above - ordered[low])


def _ranks(values: list[float]) -> list[float]:
    return [
        sum(other < one for other in values) + (sum(other == one for other in values) + 1) / 2
        for one in values
    ]


def day_of(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()


def _contact(number: int) -> str:
    return f"brevo:{truth.MAIL_ACCOUNT}:contact:{number}"


def record_of(order: object) -> str:
    kind, key = ("customer", order.customer_id) if order.customer_id else ("guest_order", order.order_id)
    return f"shopify:{truth.SHOP}:{kind}:{key}"
