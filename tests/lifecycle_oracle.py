"""Where somebody stands on a day, read off what had happened by then: the rules once more, in plain Python.

Written from the rules and not from the SQL, so that the two can disagree. It looks at one day at a time and
knows no intervals: give it the events of that day and before, and ask.
"""

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from referral_oracle import Carried, Graph, Order, Stretch, Told

from pipelines.places import DBT_PROJECT

PARIS = ZoneInfo("Europe/Paris")
YEAR = timedelta(days=365)
NOT_THEIR_ACT = {
    "lead_imported", "order_refunded", "order_cancelled", "referral_received", "hard_bounced", "mail_opened",
    "unsubscribed", "spam", "sms_stopped", "disqualified", "deceased", "closed", "subscription_renewed",
    "subscription_payment_failed", "subscription_ended", "order_charged_back", "not_interested",
    "subscribed_to_list", "deal_lost",
}  # fmt: skip
RANKS = ("lead", "prospect", "first_time_customer", "repeat_customer", "loyal_customer", "ambassador")
ALIVE = ("lost", "lapsed", "at_risk", "active")
Event = Mapping[str, Any]


def points_table() -> dict[str, tuple[float, str]]:
    with (DBT_PROJECT / "seeds" / "event_points.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["event_type"]: (float(row["points"]), row["counts_once_per"]) for row in csv.DictReader(file)
        }


POINTS = points_table()


@dataclass(frozen=True)
class Act:
    kind: str
    day: date
    event_id: str
    points: float = 0
    hard: bool = False
    against: bool = False
    lasts: int | None = None
    until: date | None = None  # taken back on that day
    most_a_year: int | None = None


@dataclass
class Prior:
    median: int
    within: float
    between: float


@dataclass
class Company:
    """Everybody, as known on `day`: no event may be later.

    `whose`: profile to customer; `known`: profile to the day it became known; `members`: account to
    (customer, since).
    """

    events: Iterable[Event]
    whose: Mapping[str, str]
    known: Mapping[str, date]
    members: Mapping[str, Iterable[tuple[str, date]]]
    settings: Mapping[str, Any]
    day: date
    priors: dict[date, Prior | None] = field(default_factory=dict)

    @cached_property
    def by_customer(self) -> dict[str, list[Event]]:
        told: dict[str, list[Event]] = defaultdict(list)
        for event in self.events:
            assert local(event) <= self.day
            told[self.whose[event["profile_id"]]].append(event)
        return told

    @cached_property
    def first_known(self) -> dict[str, date]:
        first: dict[str, date] = {}
        for profile, day in self.known.items():
            who = self.whose[profile]
            first[who] = min(first.get(who, day), day)
        return first

    @cached_property
    def people(self) -> dict[str, "Person"]:
        """Customers and accounts."""
        found = {}
        for customer in {*self.by_customer, *self.first_known}:
            known = self.first_known.get(customer, date.max)
            found[customer] = Person(self, self.by_customer[customer], known, customer)
        for account, members in self.members.items():
            theirs = [e for who, since in members for e in self.by_customer[who] if local(e) >= since]
            known = min(max(self.first_known.get(who, date.max), since) for who, since in members)
            found[account] = Person(self, theirs, known, None, members)
        return found

    @cached_property
    def referrals(self) -> list[Stretch]:
        """Who sent whom, and in which days it counted."""
        told, carried, orders = [], [], []
        for customer, events in self.by_customer.items():
            for event in events:
                details, key = event["details"], (event["event_id"], customer)
                if event["event_type"] == "referral_given":
                    friend = self.whose[details["referee_profile_id"]]
                    names = details.get("code"), details.get("order_name")
                    told.append(Told(*key, friend, local(event), *names))
                elif event["event_type"] == "order_paid" and details.get("codes"):
                    carried.append(Carried(*key, local(event), tuple(details["codes"]), event["evidence"]))
                elif event["event_type"] in ("form_answered", "lead_created") and details.get("said"):
                    carried.append(Carried(*key, local(event), (details["said"],)))
            for event, end in self.people[customer].purchases:
                name = event["details"].get("order_name")
                number = event["event_id"] if name is None else event["evidence"]
                orders.append(Order(number, customer, local(event), end, name))
        return Graph(told, carried, orders).stretches(self.day)

    @cached_property
    def opened_on(self) -> date:
        return min(day for customer in self.by_customer for day in self.people[customer].ever_bought)

    def prior(self, month: date) -> Prior | None:
        """What was known of everybody's rhythm when that month began; None where the gate is shut."""
        if month not in self.priors:
            self.priors[month] = self._learn(month)
        return self.priors[month]

    def _learn(self, month: date) -> Prior | None:
        gaps, logs, squares, freedom, customers = [], [], 0.0, 0, 0
        for customer in self.by_customer:
            days = self.people[customer].occasions(month - timedelta(days=1))
            pairs = [
                (later - earlier).days
                for earlier, later in pairwise(days)
                if earlier + min(YEAR, earlier - self.opened_on) <= month
            ]
            if not pairs:
                continue
            gaps += pairs
            customers += 1
            logs = [math.log(gap) for gap in pairs]
            if len(logs) >= 3:
                mean = sum(logs) / len(logs)
                squares += sum((one - mean) ** 2 for one in logs)
                freedom += len(logs) - 1
        enough = (
            len(gaps) >= self.settings["prior_gaps"]
            and customers >= self.settings["prior_customers"]
            and (month - self.opened_on).days >= 180
        )
        if not enough:
            return None
        low, median, high = (quantile(sorted(gaps), share) for share in (0.25, 0.5, 0.75))
        spread = ((math.log(high) - math.log(low)) / 1.349) ** 2
        if not freedom:
            return Prior(median, max(2 * spread / 3, 0.01), spread / 3)
        within = round(squares / freedom, 2)
        return Prior(median, max(within, 0.01), max(spread - within, 0.05))


@dataclass
class Person:
    """One customer, or one account by what its members did."""

    company: Company
    events: list[Event]
    known: date
    customer: str | None
    members: Iterable[tuple[str, date]] = ()

    def __post_init__(self) -> None:
        self.events = sorted(self.events, key=lambda e: (e["occurred_at"], e["event_id"]))
        self.settings, self.day = self.company.settings, self.company.day

    def values(self) -> dict[str, str]:
        """Axis to value on the day; an axis that has not begun is missing."""
        if not self._is_known():
            return {}
        commercial = self.commercial()
        found = {
            "stage": "ambassador" if self.is_ambassador() else commercial,
            "commercial_stage": commercial,
        }
        found["activity"] = self.activity()
        if advocacy := self.advocacy():
            found["advocacy"] = advocacy
        return found

    def _is_known(self) -> bool:
        return bool(self.events) or self.known <= self.day

    # --- purchases

    @cached_property
    def orders(self) -> list[tuple[date, date | None]]:
        """The day each was bought, and the day nothing was left of it."""
        return [(local(event), end) for event, end in self.purchases]

    @cached_property
    def purchases(self) -> list[tuple[Event, date | None]]:
        """The event each was, and the day nothing was left of it."""
        undone: dict[str, list[tuple[date, float]]] = defaultdict(list)
        cancelled: dict[str, date] = {}
        for event in self.events:
            if event["event_type"] in ("order_refunded", "order_charged_back"):
                undone[event["evidence"]].append((local(event), float(event["amount"])))
            elif event["event_type"] == "order_cancelled":
                cancelled.setdefault(event["evidence"], local(event))
        found = []
        for event in self.events:
            if event["event_type"] == "subscription_started":
                found.append((event, None))
            if event["event_type"] != "order_paid":
                continue
            goods = float(event["amount"]) - float(event["details"].get("shipping", 0))
            ends, left = [cancelled[event["evidence"]]] if event["evidence"] in cancelled else [], goods
            for day, amount in sorted(undone[event["evidence"]]):
                left -= amount
                if left <= 0.001:
                    ends.append(day)
            end = min(ends, default=None)
            if goods > 0 and end != local(event):
                found.append((event, end))
        return found

    @cached_property
    def ever_bought(self) -> list[date]:
        return sorted({day for day, _ in self.orders})

    def occasions(self, day: date | None = None) -> list[date]:
        """Local days with an order that counted on that day."""
        at = day or self.day
        return sorted({bought for bought, end in self.orders if bought <= at and not (end and end <= at)})

    # --- stage

    def commercial(self) -> str:
        days = self.occasions()
        if (
            len(days) >= self.settings["loyal_occasions"]
            and (days[-1] - days[0]).days >= self.settings["loyal_span_days"]
        ):
            return "loyal_customer"
        if self.paid_months() >= self.settings["loyal_paid_months"]:
            return "loyal_customer"
        if len(days) >= 2:
            return "repeat_customer"
        if days:
            return "first_time_customer"
        return "prospect" if self.is_prospect() else "lead"

    def paid_months(self) -> int:
        paid = ("subscription_started", "subscription_renewed")
        return sum(e["details"].get("months", 1) for e in self.events if e["event_type"] in paid)

    def is_prospect(self) -> bool:
        return self.prospect_since() is not None

    def prospect_since(self) -> date | None:
        return next((since for since, until in self.prospect_stretches if until is None), None)

    @cached_property
    def prospect_stretches(self) -> list[tuple[date, date | None]]:
        found, since, scored = [], None, {}
        endings = ("disqualified", "not_interested")
        for event in sorted(
            self.events, key=lambda e: (e["occurred_at"], e["event_type"] not in endings, e["event_id"])
        ):
            if event["event_type"] in endings:
                if since and since < local(event):
                    found.append((since, local(event)))
                since, scored = None, {}
            elif event["event_type"] in POINTS:
                points, once = POINTS[event["event_type"]]
                day = local(event)
                form = event["details"].get("form")
                key = {"day": (day,), "day and form": (day, form), "event": (event["event_id"],)}[once]
                scored[(event["event_type"], *key)] = (day, points)
                first = day - timedelta(days=self.settings["prospect_window_days"] - 1)
                if (
                    since is None
                    and sum(p for d, p in scored.values() if d >= first) >= self.settings["prospect_points"]
                ):
                    since = day
        return [*found, (since, None)] if since else found

    # --- advocacy

    @cached_property
    def acts(self) -> list[Act]:
        if self.customer is None:
            return [
                act
                for who, since in self.members
                for act in self.company.people[who].acts
                if act.day >= since
            ]
        found, window = [], self.settings["ambassador_window_days"]
        answers = [e for e in self.events if e["event_type"] == "nps_given"]
        for event in self.events:
            kind, details, day = event["event_type"], event["details"], local(event)
            if kind == "review_written":
                found += self._review(event)
            elif kind in ("ugc_permitted", "testimonial_given"):
                found.append(Act("testimonial", day, event["event_id"], 2, hard=True, lasts=window))
            elif kind in ("case_study_given", "reference_call_given"):
                found.append(Act("reference", day, event["event_id"], 4, hard=True, lasts=window))
            elif kind == "nps_given" and details["score"] >= 9:
                later = [local(e) for e in answers if answers.index(e) > answers.index(event)]
                found.append(
                    Act("promoter", day, event["event_id"], 1, lasts=365, until=min(later, default=None))
                )
            elif kind == "nps_given" and details["score"] <= 6:
                found.append(Act("detractor", day, event["event_id"], against=True))
        found += self._referrals()
        return [act for act in found if act.until is None or act.until > act.day]

    def _review(self, event: Event) -> list[Act]:
        details, day, window = event["details"], local(event), self.settings["ambassador_window_days"]
        if details["stars"] <= 2:
            return [Act("bad review", day, event["event_id"], against=True)]
        named = details.get("order_name")
        bought = [
            e
            for e in self.events
            if e["event_type"] == "order_paid" and local(e) <= day and local(e) in self.ever_bought
        ]
        any_purchase = [d for d in self.ever_bought if d <= day]
        verified = (
            any(e["details"].get("order_name") == named for e in bought) if named else bool(any_purchase)
        )
        if details["stars"] < 4 or not verified:
            return []
        share = 0.5 if details.get("is_rewarded") else 1
        if details["characters"] >= 40:
            return [Act("review", day, event["event_id"], 2 * share, hard=True, lasts=window, most_a_year=2)]
        return [Act("stars", day, event["event_id"], 0.5 * share, lasts=window)]

    def _referrals(self) -> list[Act]:
        """Friends who bought because of it; and a point for a friend who so far only raised a hand."""
        found, window = [], self.settings["ambassador_window_days"]
        for (who, whom), status, event_id, since, until in self.company.referrals:
            if who != self.customer:
                continue
            if status.status == "converted":
                found.append(
                    Act("referral", since, event_id, 5, hard=True, lasts=window, until=until, most_a_year=3)
                )
            elif status.status == "waiting":
                for asked, refused in self.company.people[whom].prospect_stretches:
                    ends = min((day for day in (until, refused) if day), default=None)
                    found.append(Act("interested", max(since, asked), event_id, 1, lasts=window, until=ends))
        return found

    def spoken(self, day: date) -> tuple[float, int, date | None, date | None]:
        """Points and hard acts that count on that day, the last hard act, the last bad word."""
        standing = [a for a in self.acts if a.day <= day and not (a.until and a.until <= day)]
        kept: dict[str, list[Act]] = defaultdict(list)
        for act in sorted(standing, key=lambda a: (a.day, a.event_id)):
            recent = [one for one in kept[act.kind] if one.day > act.day - YEAR]
            if act.most_a_year is None or len(recent) < act.most_a_year:
                kept[act.kind].append(act)
        counting = [
            act
            for acts in kept.values()
            for act in acts
            if act.lasts is None or (day - act.day).days < act.lasts
        ]
        return (
            sum(act.points for act in counting),
            sum(act.hard for act in counting),
            max((act.day for act in standing if act.hard), default=None),
            max((act.day for act in standing if act.against), default=None),
        )

    def is_ambassador(self) -> bool:
        points, hard, last_hard, last_bad = self.spoken(self.day)
        is_suspended = bool(last_bad and last_hard and last_bad > last_hard)
        enough = points >= self.settings["ambassador_points"]
        return bool(self.occasions()) and enough and hard > 0 and not is_suspended

    def advocacy(self) -> str | None:
        """None before they ever spoke."""
        if not any(self._word_on(act.day) != "none" for act in self.acts if act.day <= self.day):
            return None
        return self._word_on(self.day)

    def _word_on(self, day: date) -> str:
        points, hard, last_hard, last_bad = self.spoken(day)
        if last_bad and (last_hard is None or last_bad > last_hard):
            return "detractor"
        if points >= self.settings["ambassador_points"] and hard:
            return "advocate"
        return "supporter" if points > 0 else "none"

    # --- activity

    def activity(self) -> str:
        kinds = {event["event_type"] for event in self.events}
        for ending in ("closed", "deceased"):
            if ending in kinds:
                return ending
        if contract := self._contract():
            return contract
        days = self.occasions()
        if days:
            return self._by_rhythm(days)
        return self._by_interest()

    def _contract(self) -> str | None:
        lines: dict[str, list[Event]] = defaultdict(list)
        for event in self.events:
            if event["event_type"].startswith("subscription_"):
                lines[event["details"].get("subscription", "")].append(event)
        found = [status for line in lines.values() if (status := self._subscription(line[-1]))]
        return max(found, key=ALIVE.index, default=None)

    def _subscription(self, last: Event) -> str | None:
        if last["event_type"] in ("subscription_started", "subscription_renewed"):
            return "active"
        if last["event_type"] != "subscription_ended":
            return "at_risk"
        if any(day > local(last) for day in self.ever_bought):
            return None
        return "lapsed" if (self.day - local(last)).days <= 90 else "lost"

    def _by_rhythm(self, days: list[date]) -> str:
        at_risk, lapsed, lost = self.settings["activity_days"]
        if prior := self.company.prior(days[-1].replace(day=1)):
            logs = [math.log((b - a).days) for a, b in pairwise(days)]
            k = prior.within / prior.between
            mu = (k * math.log(prior.median) + sum(logs)) / (k + len(logs))
            sigma = math.sqrt(prior.within + prior.between * k / (k + len(logs)))
            at_risk = clamp(math.exp(mu + 0.8416 * sigma), 14, 365)
            lapsed = clamp(math.exp(mu + 1.645 * sigma), 30, 730)
            lost = clamp(max(2 * lapsed, math.exp(mu + 2.326 * sigma)), 90, 1095)
        silent = (self.day - days[-1]).days
        if silent < at_risk:
            return "active"
        return "at_risk" if silent < lapsed else "lapsed" if silent < lost else "lost"

    def _by_interest(self) -> str:
        own = [local(event) for event in self.events if event["event_type"] not in NOT_THEIR_ACT]
        known = min([self.known, *(local(event) for event in self.events)])
        silent = (self.day - (max(own) if own else known)).days
        if silent > self.settings["dormant_days"]:
            return "expiring"
        if not own or silent > self.settings["cooling_days"]:
            return "dormant"
        return "cooling" if silent > self.settings["engaged_days"] else "engaged"


@cache
def _local(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()


def local(event: Event) -> date:
    return _local(event["occurred_at"])


def clamp(days: float, least: int, most: int) -> float:
    return min(max(days, least), most)


def quantile(values: list[int], share: float) -> int:
    return values[math.ceil(share * len(values)) - 1]
