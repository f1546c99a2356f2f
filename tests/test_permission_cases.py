"""permission_cases.csv, which a lawyer can read, through the real models.

who       consumer, business (an address at a firm's domain, its name given with the number), office (info@),
          or shared (one mailbox of two people). Each has a mailbox, two numbers and a postal address.
acts      what happened, one after the other: day, hour where it matters (UTC, else noon), words, and how.
answer    on that day; `ends` is the first day it no longer holds.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from permission_harness import Ledger

from pipelines.door import consents

pytestmark = pytest.mark.slow

CASES = Path(__file__).parent / "permission_cases.csv"
TRUST = "imports are taken on trust"
SALE = {"sale_order_id": "1001", "similar_products": True}
ACTS: dict[str, dict[str, Any]] = {
    "said yes": {"act": "grant"},
    "signed up": {"act": "grant"},
    "confirmed by mail": {"act": "confirm"},
    "said no": {"act": "deny"},
    "unsubscribed": {"act": "withdraw"},
    "answered STOP": {"act": "withdraw"},
    "complained of spam": {"act": "complaint"},
    "objected to direct marketing": {"act": "object"},
    "a tool says yes": {"act": "asserted_grant", "actor": "source_state"},
    "a tool blocks": {"act": "asserted_optout", "actor": "source_state"},
    "bought": {"act": "implied_start", "basis": "implied_purchase"},
    "asked for a quote": {"act": "implied_start", "basis": "implied_inquiry"},
    "bought and was offered a way out": {
        "act": "implied_start", "basis": "soft_opt_in", "evidence": SALE | {"optout_offered": True},
    },
    "bought without a way out": {
        "act": "implied_start", "basis": "soft_opt_in", "evidence": SALE | {"optout_offered": False},
    },
    "was told at work without a role": {"act": "implied_start", "basis": "b2b_relevance"},
    "staff enter a yes without proof": {"act": "grant", "actor": "staff"},
}  # fmt: skip
# Through the door, as the command line sends it.
ENTRIES: dict[str, dict[str, Any]] = {
    "was told at work": {"act": "notice", "role": "buyer"},
    "has a contract": {"act": "contract", "proof": "contract 7"},
    "staff enter a yes with proof": {"act": "grant", "proof": "scan 12"},
    "staff enter a no": {"act": "withdraw"},
}
PLACES = {
    "CA Quebec": ("CA", "H2X 1Y4"),
    "CA Ontario": ("CA", "M5V 2T6"),
    "-": (None, ""),
    "FR and DE": ("FR", ""),
}


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Played:
    """One case in a ledger: its people, their points, what happened."""

    def __init__(self, ledger: Ledger, number: int, case: dict[str, str]) -> None:
        self.ledger, self.number, self.case = ledger, number, case
        # Numbers of North America say nothing of a country.
        domain = {"business": f"firm{number}.example", "office": f"firm{number}.example"}
        local = "info" if case["who"] == "office" else f"lou{number}"
        self.mail = f"{local}@{domain.get(case['who'], 'poste.example')}"
        self.tagged = self.mail.replace("@", "+tag@")
        self.phone, self.other = f"+1202555{1000 + number}", f"+1212555{1000 + number}"
        self.street = f"{number} rue des Lilas, 75005 Paris"
        self.name = f"p{number}"
        country, postcode = PLACES.get(case["country"], (case["country"], ""))
        company = f"Firm {number}" if case["who"] in ("business", "office") else ""
        points = [self.mail, self.tagged, self.phone, self.other, self.street]
        ledger.person(self.name, points, country, company=company, postcode=postcode)
        if case["who"] == "shared":
            ledger.person(f"{self.name}b", [self.mail], "DE")
        if "another customer" in case["acts"] or "that customer" in case["acts"]:
            ledger.person(f"{self.name}x", [f"x{self.mail}"], country)
        for part in filter(None, (one.strip() for one in case["acts"].split(";"))):
            if part != TRUST:
                self._happen(part)

    def asked(self) -> dict[str, Any]:
        return {
            "contact_value": self._point(self.case["channel"]),
            "channel": self.case["channel"],
            "purpose": self.case["purpose"],
        }

    def _point(self, channel: str) -> str:
        return {"sms": self.phone, "phone": self.phone, "post": self.street}.get(channel, self.mail)

    def _happen(self, text: str) -> None:
        found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))? ([^,]+)((?:, [^,]+)*)", text)
        assert found, text
        day, hour, words, rest = found.groups()
        at = datetime.fromisoformat(f"{day}T{hour or '12:00'}:00+00:00")
        how = [one for one in rest.split(", ") if one]
        if words == "became one with that customer":
            return self.ledger.lead_to(self.name, f"{self.name}x", at.date())
        if words == "was parted again":
            return self.ledger.lead_to(self.name, self.name, at.date())
        channel = self.case["channel"]
        said: dict[str, Any] = dict(ACTS.get(words) or ENTRIES[words])
        said |= {"profile_id": self.name, "purpose": "marketing"}
        point = None
        for one in how:
            match one.split(" ", 1):
                case ["by", other]:
                    channel = other
                case ["for", purpose]:
                    said["purpose"] = purpose
                case ["until", end]:
                    said["until"] = date.fromisoformat(end)
                case ["learnt", when]:
                    said["learnt"] = datetime.fromisoformat(f"{when}T12:00:00+00:00")
                case ["only", _]:
                    said["occurred_at_precision"] = "day"
                case ["on", _]:
                    point = self.other
                case ["spelt", _]:
                    point = self.tagged
                case ["to", _]:
                    said["needs_confirmation"] = True
                case ["at", _]:
                    point, said["profile_id"] = f"x{self.mail}", f"{self.name}x"
                case _:
                    raise AssertionError(text)
        point = point or self._point(channel)
        return self._tell(words, point, channel, at, said)

    def _tell(self, words: str, point: str, channel: str, at: datetime, said: dict[str, Any]) -> None:
        if words not in ENTRIES and "until" not in said:
            self.ledger.act(point, channel, said.pop("act"), at, said.pop("learnt", None), **said)
            return
        # Only what staff enter has an end of its own.
        said.pop("profile_id")
        entered = {"contact_type": "email" if "@" in point else "phone", "contact_value": point}
        if words in ACTS:
            said |= {"proof": "the form itself"}
        entry = consents.entry(
            said.pop("act"), "ines", at, channels=[channel], occurred_at=at, **entered, **said
        )
        consents.write(self.ledger.con, entry, at)


@pytest.fixture(scope="module")
def answers() -> Iterator[dict[str, dict[str, Any]]]:
    """Every case answered; one ledger for those that take imports on trust, one for the rest."""
    found: dict[str, dict[str, Any]] = {}
    for accepts in (False, True):
        ledger = Ledger(accepts_imports=accepts)
        by_day: dict[str, list[Played]] = defaultdict(list)
        for number, case in enumerate(cases()):
            if (TRUST in case["acts"]) == accepts:
                by_day[case["day"]].append(Played(ledger, number, case))
        for day, played in by_day.items():
            known = {
                (a["contact_value"], a["channel"], a["purpose"]): a
                for a in ledger.allowed(date.fromisoformat(day))
            }
            found |= {one.case["case"]: known[tuple(one.asked().values())] for one in played}
        ledger.close()
    yield found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["case"])
def test_the_answer_is_the_one_in_the_table(answers: dict[str, dict[str, Any]], case: dict[str, str]) -> None:
    answer = answers[case["case"]]
    assert (answer["is_allowed"], answer["reason"]) == (case["answer"] == "yes", case["reason"])
    assert str(answer["expires_on"] or "") == case["ends"]


def test_there_are_enough_cases_and_each_reason_is_met() -> None:
    told = cases()
    assert len(told) >= 60
    assert len({case["case"] for case in told}) == len(told)
    assert {case["country"][:2] for case in told} >= {"FR", "DE", "AT", "BE", "GB", "CA", "US", "- "[:1]}


def test_no_proof_no_yes() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    point = {"contact_type": "email", "contact_value": "lou@poste.example", "channels": ["email"]}
    with pytest.raises(ValueError, match="needs a proof"):
        consents.entry("grant", "ines", moment, occurred_at=moment, **point)
    with pytest.raises(ValueError, match="role"):
        consents.entry("notice", "ines", moment, occurred_at=moment, **point)
