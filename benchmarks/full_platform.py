"""A made-up platform full of records, for the bench of the first pull: the simulator."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import requests

from benchmarks.memory import ROOT
from simulator.clock import end_of
from simulator.fleet import of_kind
from simulator.model import Box, Company, Form, Lead, MailContact, ShopCustomer, ShopOrder

UNTIL = date(2026, 11, 20)
# Whose forms they are; elsewhere the account is the settings' own word.
OWNERS = {
    "meta": "100001",
    "tiktok": "7012345678901234567",
    "linkedin": "512345678",
    "google_ads": "1234567890",
}
WRITERS = ("shopify", "tiktok")  # write a file when asked, and tell how the work goes on


def company(kind: str, records: int) -> Company:
    """As many records as asked for, of the kind's own sort, over two months."""
    made, end = Company(seed=1, until=UNTIL), end_of(UNTIL)

    def at(number: int) -> datetime:
        return end - timedelta(days=60) + timedelta(days=59) * (number / records)

    if kind in ("woocommerce", "prestashop", "square", "shopify", "stripe"):
        half = records // 2
        made.shop_customers = [_customer(n, at(2 * n)) for n in range(half)]
        made.shop_orders = [_order(n, at(2 * n)) for n in range(records - half)]
    elif kind in of_kind("mail", "crm"):
        made.mail_contacts = [_contact(n, at(n)) for n in range(records)]
    else:
        box = Box("news", "Recevoir la lettre", "email")
        page = OWNERS.get(kind, "maison")
        made.forms = [
            Form(kind, f"7{n}", page, f"Devis {n}", "fr_FR", ("full_name", "email"), (box,), at(0))
            for n in range(4)
        ]
        made.leads = [_lead(kind, n, at(n)) for n in range(records)]
    return made


def _customer(number: int, at: datetime) -> ShopCustomer:
    email = f"ana{number}@courriel.example"
    return ShopCustomer(
        f"{10_000_000 + number}", f"p{number}", at, at, "Ana", f"Roux {number}", email, None,
        "1 rue de l'Exemple", "Lyon", "69001", "FR", "fr", (), (),
    )  # fmt: skip


def _order(number: int, at: datetime) -> ShopOrder:
    return ShopOrder(
        f"{50_000_000 + number}", f"#{number}", f"{10_000_000 + number}", f"p{number}", at, at,
        f"ana{number}@courriel.example", None, "Ana", "Roux", "1 rue de l'Exemple", "Lyon", "69001", "FR",
        Decimal("45.90"), Decimal("7.65"), Decimal("6.90"), "EUR",
        (("VASE-01", "Vase", 1, Decimal("39.00")),),
    )  # fmt: skip


def _contact(number: int, at: datetime) -> MailContact:
    return MailContact(
        number + 1, None, at, at, f"c{number}@courriel.example", None, "Cy", "Noir", (1,), (), False, ()
    )


def _lead(kind: str, number: int, at: datetime) -> Lead:
    answers = {"full_name": f"Zoé {number}", "email": f"zoe{number}@courriel.example"}
    key = f"{900_000_000_000_000 + number}"
    return Lead(kind, key, f"7{number % 4}", at, at, answers, {"news": True}, f"p{number}")


def serve(kind: str, records: int) -> None:
    """The made-up platform; what it was asked before it answers from memory.

    A real one works for many at a time, and is as quick when asked by several as by one; the simulator makes
    one answer after the other. So every question is asked once before anything is timed.
    """
    from simulator.server import World
    from simulator.server import serve as serve_company

    tell, known = World.tell, {}

    def remembered(world: World, platform: Any, call: Any) -> Any:
        if call.signature not in known:
            answer = tell(world, platform, call)
            known[call.signature] = replace(answer, body=answer.payload())
        return known[call.signature]

    if kind not in WRITERS:
        World.tell = remembered  # type: ignore[method-assign]
    serve_company(company(kind, records))


@contextmanager
def platform(kind: str, records: int) -> Iterator[str]:
    """The simulator in a process of its own; its address."""
    words = [sys.executable, "-m", "benchmarks.full_platform", kind, str(records)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        base_url = json.loads(process.stdout.readline())["base_url"]
        yield base_url
    finally:
        process.terminate()
        process.wait()


def be_slow(base_url: str, seconds: float) -> None:
    """From now on each answer takes so long."""
    slow = {"faults": {"slow": 1.0} if seconds else {}, "slow_seconds": seconds}
    requests.post(f"{base_url}/_sim/faults", json=slow, timeout=60).raise_for_status()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
