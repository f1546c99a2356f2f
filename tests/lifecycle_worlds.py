"""A random town for the proofs of the histories: people who ask, buy, send back, speak, leave and return.

Some days see several things at once, some news arrives months late, two records turn out to be one person,
some people write from a company. All chance comes from the `random.Random` given.
"""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

BEGINNING = datetime(2023, 1, 2, 7, tzinfo=UTC)
DAYS = 1200
ASKED = ("quote_requested", "form_answered", "lead_created", "site_visit", "add_to_cart", "mail_clicked")
WITHOUT = (
    "mail_opened", "hard_bounced", "unsubscribed", "spam", "lead_imported", "subscribed_to_list", "deal_lost",
)  # fmt: skip
CODES = ("AMI-1", "AMI-2", "AMI-3", "NOEL")
ENDINGS = ("disqualified", "not_interested")
Event = dict[str, Any]


class World:
    """`events`; `whose` (profile to customer), and `merged`; `known` (profile to moment); `members`."""

    def __init__(self, rng: Random, people: int = 60) -> None:
        self.rng, self.events = rng, []
        self.profiles = [f"files:town:lead:{i:03d}" for i in range(people)]
        self.whose = {profile: self._customer(profile) for profile in self.profiles}
        self.known = {p: BEGINNING + timedelta(days=rng.randrange(200)) for p in self.profiles}
        for profile in self.profiles:
            self._live(profile)
        self._recommend()
        # A fifth is the next one's second record.
        twins = rng.sample(range(people - 1), people // 5)
        self.merged = self.whose | {self.profiles[i]: self.whose[self.profiles[i + 1]] for i in twins}
        for profile in self.profiles:  # chains of twins are one person
            while (other := self._heir(profile)) != self.merged[profile]:
                self.merged[profile] = other
        staff = rng.sample(sorted(set(self.merged.values())), 9)
        self.members = {
            f"account-{i}": [(who, self._moment(rng.randrange(900))) for who in staff[3 * i : 3 * i + 3]]
            for i in range(3)
        }

    def _customer(self, profile: str) -> str:
        return f"customer {profile[-3:]}"

    def _heir(self, profile: str) -> str:
        owner = self.merged[profile]
        return self.merged[f"files:town:lead:{owner[-3:]}"]

    def _moment(self, day: int) -> datetime:
        return BEGINNING + timedelta(days=day, minutes=self.rng.randrange(0, 17 * 60, 13))

    def _tell(self, profile: str, kind: str, day: int, evidence: str | None = None, **said: Any) -> Event:
        """Known at once, or late: a fifth within half a year."""
        number = f"e{len(self.events):05d}"
        at = self._moment(day)
        late = self.rng.randrange(180 * 24) if self.rng.random() < 0.2 else self.rng.randrange(1, 12)
        learned = at + timedelta(hours=late)
        amount = said.pop("amount", None)
        event = {
            "event_id": number, "profile_id": profile, "event_type": kind, "occurred_at": at,
            "ingested_at": learned, "touched_at": learned, "platform": "files", "channel": "town",
            "campaign_id": None, "amount": amount, "currency": "EUR", "evidence": evidence or number,
            "details": said,
        }  # fmt: skip
        self.events.append(event)
        return event

    def _live(self, profile: str) -> None:
        rng = self.rng
        pace = rng.choice((9, 25, 60, 150))
        day, end = rng.randrange(250), DAYS - 60 if rng.random() < 0.5 else rng.randrange(300, DAYS)
        destiny = rng.choice(("looks", "buys", "buys", "buys", "subscribes"))
        while day < end:
            if destiny == "looks" or rng.random() < 0.25:
                kind = rng.choice((*ASKED, *WITHOUT))
                said = {"form": rng.choice("ab")} if kind in ("form_answered", "lead_created") else {}
                for _ in range(rng.choice((1, 1, 2))):
                    self._tell(profile, kind, day, **said)
                if rng.random() < 0.08:
                    self._tell(profile, rng.choice(ENDINGS), day + rng.randrange(3))
            else:
                self._buy(profile, day)
            if rng.random() < 0.12:
                self._speak(profile, day + rng.randrange(20))
            day += max(1, round(rng.lognormvariate(0, 0.5) * pace))
        if destiny == "subscribes":
            self._subscribe(profile, rng.randrange(100, 700))
        if rng.random() < 0.06:
            self._tell(profile, rng.choice(("deceased", "closed")), end)

    def _buy(self, profile: str, day: int) -> None:
        rng, number = self.rng, f"o{len(self.events):05d}"
        total, shipping = rng.choice((20, 50, 90)), rng.choice((0, 0, 5))
        said = {"codes": [rng.choice(CODES)]} if rng.random() < 0.1 else {}
        self._tell(
            profile, "order_paid", day, number, amount=total, shipping=shipping, order_name=number, **said
        )
        dice = rng.random()
        if dice < 0.08:
            self._tell(profile, "order_refunded", day + rng.randrange(60), number, amount=total - shipping)
        elif dice < 0.14:
            self._tell(profile, "order_refunded", day + rng.randrange(9), number, amount=5)
            if rng.random() < 0.5:
                self._tell(profile, "order_charged_back", day + rng.randrange(9, 300), number, amount=total)
        elif dice < 0.18:
            self._tell(profile, "order_cancelled", day + rng.randrange(4), number)

    def _speak(self, profile: str, day: int) -> None:
        rng, kind = (
            self.rng,
            self.rng.choice(("review_written", "review_written", "nps_given", "ugc_permitted")),
        )
        if kind == "review_written":
            self._tell(
                profile, kind, day, stars=rng.choice((1, 3, 4, 5, 5, 5)),
                characters=rng.choice((10, 39, 40, 90)), is_rewarded=rng.random() < 0.2,
            )  # fmt: skip
        elif kind == "nps_given":
            self._tell(profile, kind, day, score=rng.choice((3, 7, 9, 10)))
        else:
            self._tell(profile, kind, day)

    def _subscribe(self, profile: str, day: int) -> None:
        rng = self.rng
        self._tell(profile, "subscription_started", day, amount=9, months=rng.choice((1, 12)))
        month = 0
        for month in range(1, rng.randrange(1, 14)):
            if rng.random() < 0.1:
                self._tell(profile, "subscription_payment_failed", day + 30 * month)
            self._tell(profile, "subscription_renewed", day + 30 * month + 2)
        if rng.random() < 0.7:
            self._tell(profile, "subscription_end_announced", day + 30 * month + 9)
            self._tell(profile, "subscription_ended", day + 30 * month + 20)

    def _recommend(self) -> None:
        """Friends who come for it, and people who send one another, by code or order too."""
        for i in range(len(self.profiles) // 6):
            self._befriend(i)
        rng, first = self.rng, len(self.profiles) // 6
        orders = {e["profile_id"]: e["evidence"] for e in self.events if e["event_type"] == "order_paid"}
        for i in range(len(self.profiles) // 3):
            giver, friend = rng.sample(self.profiles, 2)
            said = {"code": CODES[i % 3] if i else "NOEL"} if rng.random() < 0.3 else {}
            if rng.random() < 0.2 and friend in orders:
                said["order_name"] = orders[friend]
            day = rng.randrange(400)
            self._tell(giver, "referral_given", day, referee_profile_id=friend, **said)
            if rng.random() < 0.3:  # sent back by the friend
                self._tell(friend, "referral_given", day + rng.randrange(90), referee_profile_id=giver)
            if rng.random() < 0.3:
                self._befriend(first + i, friend)

    def _befriend(self, i: int, giver: str | None = None) -> None:
        """A newcomer of at most two orders."""
        giver, friend = giver or self.rng.choice(self.profiles), f"files:town:friend:f{i:02d}"
        self.whose[friend] = friend
        day = self.rng.randrange(100, 900)
        self.known[friend] = self._moment(day)
        self._tell(giver, "referral_given", day, referee_profile_id=friend)
        if self.rng.random() < 0.5:
            self._tell(friend, "quote_requested", day + self.rng.randrange(1, 30))
        if self.rng.random() < 0.8:
            bought, number = day + self.rng.randrange(20, 90), f"of{i:02d}"
            self._tell(friend, "order_paid", bought, number, amount=30, order_name=number)
            if self.rng.random() < 0.4:
                self._tell(friend, "order_refunded", bought + self.rng.randrange(1, 50), number, amount=30)
                if self.rng.random() < 0.5:
                    again = {"amount": 30, "order_name": f"{number}b"}
                    self._tell(friend, "order_paid", bought + self.rng.randrange(50), f"{number}b", **again)

    def until(self, moment: datetime) -> list[Event]:
        """What had reached us by then."""
        return [event for event in self.events if event["ingested_at"] <= moment]

    @property
    def last_day(self) -> date:
        return max(event["ingested_at"] for event in self.events).date()
