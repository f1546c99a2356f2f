"""A small town for sending: who may be written to, on our side; who is known, blocked, or nobody, on theirs.

`Trial` is one home and one simulated platform, fresh; calls may be cut off before or after the n-th.
"""

import contextlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import requests
import simulated
from homes import make_company
from permission_harness import Ledger

from connectors.client import Client
from connectors.sending import spelt
from pipelines import cli
from pipelines.audiences import store
from pipelines.company import Company
from pipelines.config.outgoing import Destination
from pipelines.door import tombstones
from pipelines.home import Home
from pipelines.keyed import Keyed
from pipelines.sending import register, step
from pipelines.sending import send as sending
from pipelines.warehouse_file import warehouse
from simulator.model import ConsentState, MailContact
from simulator.server import running

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EARLIER = datetime(2026, 1, 5, 12, tzinfo=UTC)
PEOPLE = 24
# Of the people: every third said nothing, of the others every seventh took a yes back.
ALLOWED = frozenset(n for n in range(PEOPLE) if n % 3 and n % 7)
KNOWN = range(16)  # contacts at the platform; the others are newcomers there, or strangers
ACCOUNTS = {"mailchimp": "c0ffee0001"}
TAKES_NEWCOMERS = {"brevo": True, "mailchimp": False, "hubspot": True}
STRANGERS = ("autre1@poste.example", "autre2@poste.example")  # contacts there, nobody here
AUDIENCE = "everybody"


class Killed(BaseException):
    """As if the process had ended there."""


def mail(number: int) -> str:
    return f"lou{number}@poste.example"


def mails(numbers: Any) -> set[str]:
    return {mail(number) for number in numbers}


def build(root: Path) -> Path:
    """A home whose warehouse knows who said what, and whose publication knows who there is."""
    root.mkdir()
    company = make_company(root, countries=["FR"])
    company.home.warehouse.parent.mkdir()
    ledger = Ledger(company.home.warehouse)
    ledger.con.begin()
    for number in range(PEOPLE):
        ledger.person(f"p{number}", [mail(number)])
        for days, act in enumerate((["grant"] if number % 3 else []) + (["withdraw"] * (not number % 7))):
            ledger.act(mail(number), "email", act, EARLIER + timedelta(days=days), actor="person",
                       profile_id=f"p{number}")  # fmt: skip
    ledger.con.commit()
    ledger.close()
    current = company.home.serving / "current"
    current.mkdir()
    with duckdb.connect(str(current / "marketing.duckdb")) as con:
        con.execute(
            "create table customers (customer_id varchar, display_name varchar, first_name varchar,"
            " last_name varchar, language varchar, stage varchar, best_email varchar)"
        )
        con.executemany(
            "insert into customers values (?, null, 'Lou', null, 'fr', 'lead', null)",
            [[f"p{number}"] for number in range(PEOPLE)],
        )
    (current / "manifest.json").write_text(json.dumps({"day": "2026-11-20"}))
    where = {"field": "stage", "is": "lead"}
    store.save(company.home, AUDIENCE, store.written({"fr": "x", "en": "x"}, where), "ines", NOON)
    return root


@dataclass
class Trial:
    company: Company
    base_url: str
    platform: str

    @property
    def home(self) -> Home:
        return self.company.home

    def destination(self, **more: Any) -> Destination:
        to = {"audience": AUDIENCE, "to": self.platform, "account": ACCOUNTS.get(self.platform)}
        return Destination(**(to | more))

    def there(self, numbers: Any) -> set[str]:
        """Of those we may write to, whoever the platform can have on a list."""
        takes = TAKES_NEWCOMERS[self.platform]
        return mails(number for number in numbers if takes or number in KNOWN)

    def send(self, **how: Any) -> sending.Sent:
        return sending.send(self.company, self.destination(), "ines", **how)

    def show(self) -> sending.Shown:
        return sending.show(self.company, self.destination(), "ines")

    def step(self, wanted: set[str], name: str = f"Firsthand: {AUDIENCE}") -> step.Done:
        """The engine alone, for a set of addresses, with the list it makes or finds."""
        lists = sending.lists_of(self.company, self.platform, ACCOUNTS.get(self.platform))
        list_id = (lists.find(name) or [lists.make(name)])[0]
        note = self.home.state / "sending" / "note.txt"
        return step.bring(lists, list_id, wanted, lambda: wanted, note, lambda found: None, pause=0)

    def weed(self) -> None:
        for one in register.ours(self.company):
            sending.weed(self.company, one)

    # -- what happens meanwhile ----------------------------------------------------------------------

    def withdraw(self, number: int) -> None:
        """They tell our staff, a moment ago."""
        words = ["consent", "withdraw", mail(number), "--by", "ines"]
        assert cli.main(["--home", str(self.home.root), *words]) == 0

    def grant(self, number: int) -> None:
        words = ["consent", "grant", mail(number), "--channel", "email", "--proof", "paper", "--by", "ines"]
        assert cli.main(["--home", str(self.home.root), *words]) == 0

    def erase(self, number: int) -> None:
        """Only what keeps them out: a tombstone."""
        keyed = Keyed.of(self.company.secrets)
        with warehouse(self.home) as con:
            tombstones.add(con, [tombstones.email(keyed, mail(number), NOON)])

    def operate(self, what: str, **wish: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.base_url}/_sim/{what}", json=wish, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def theirs(self, *numbers: int) -> list[MailContact]:
        """Contacts of the platform."""
        by_email = {one.email: one for one in world(self.platform).mail_contacts}
        return [by_email[mail(number)] for number in numbers]

    def blocks(self, number: int) -> None:
        """They leave, at the platform, by themselves."""
        self.operate("settings", platform=self.platform, block=mail(number))

    # -- what is there -------------------------------------------------------------------------------

    def listed(self) -> dict[str, Any]:
        asked = {"platform": self.platform}
        return requests.get(f"{self.base_url}/_sim/lists", params=asked, timeout=10).json()

    def members(self, name: str = f"Firsthand: {AUDIENCE}") -> list[str]:
        return [spelt(one) for one in self.listed()["members"].get(name, [])]

    def struck(self) -> set[str]:
        """The faults that the platform showed."""
        tally = requests.get(f"{self.base_url}/_sim/stats", timeout=10).json()["faults"][self.platform]
        return {fault for fault, times in tally.items() if times}

    def ever(self, name: str = f"Firsthand: {AUDIENCE}") -> set[str]:
        """Everybody who ever was on it."""
        return {
            spelt(address) for listed, address, comes in self.listed()["history"] if listed == name and comes
        }


def world(platform: str) -> Any:
    """A platform's people: those of KNOWN, and strangers."""
    company = simulated.company()
    at = NOON - timedelta(days=90)
    yes = (ConsentState(at, "email", "subscribed"),)
    contacts = [simulated.contact(n + 40, at, email=mail(n), lists=(), consents=yes) for n in KNOWN]
    contacts += [
        simulated.contact(100 + n, at, email=one, lists=(1,), consents=yes) for n, one in enumerate(STRANGERS)
    ]
    return replace(company, mail_contacts=contacts)


@contextlib.contextmanager
def trial(
    built: Path | None, root: Path, platform: str, faults: Any = "none", seed: int = 0
) -> Iterator[Trial]:
    """A copy of the built home, or an empty one, beside a fresh simulator."""
    if built:
        shutil.copytree(built, root, symlinks=True)
    else:
        root.mkdir()
    with running(world(platform), faults, seed, NOON) as base_url:
        at = {"base_url": f"{base_url}/{PATHS[platform]}", "per_second": 10_000, "look_again_seconds": 0}
        requests.post(f"{base_url}/_sim/faults", json={"wait_seconds": 0.01}, timeout=10)
        made = make_company(root, countries=["FR"], platforms={platform: at})
        yield Trial(made, base_url, platform)


PATHS = {"brevo": "brevo/v3", "mailchimp": "mailchimp/3.0", "hubspot": "hubspot"}


@dataclass
class Cut:
    """Ends the process, as it were, at the n-th call: before the platform hears it, or after it was done."""

    at: int | None = None
    is_after: bool = False
    calls: int = 0

    def over(self, once: Any) -> Any:
        def called(client: Client, method: str, url: str, how: Any, is_file: bool) -> Any:
            self.calls += 1
            mine = self.calls
            if self.at is not None and (mine > self.at or (mine == self.at and not self.is_after)):
                raise Killed
            answer = once(client, method, url, how, is_file)
            if self.at is not None and mine >= self.at:
                raise Killed
            return answer

        return called
