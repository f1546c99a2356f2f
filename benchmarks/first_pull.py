"""The first pull of a company's records over HTTP, as a run does it, beside one request at a time.

    python -m benchmarks.first_pull [--records 200000] [--kinds woocommerce,brevo,...] [--answer-seconds 0.3]

One line per kind of platform: time and peak memory; the share of the time for which its limits alone would
hold anybody ("at limits": calls times the gap between two, or the wait for a file that it writes); and how
many times faster it is than a reader who asks for one page, waits, lands it and asks for the next, under
the same limits. That one reads a part of each list, and each page of it stands for those that follow. Where
the limits let nobody be five times as fast as that, "at most" says how far they go. Every answer of the
simulated platform takes `--answer-seconds`, as those of real ones do: on loopback alone there would be
nothing to wait for. Simulator and pull are processes of their own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

from benchmarks.memory import ROOT, watched
from simulator import home
from simulator.clock import end_of
from simulator.model import Box, Company, Form, Lead, MailContact, ShopCustomer, ShopOrder

UNTIL = date(2026, 11, 20)
MEGABYTE = 1024 * 1024
# How each kind's list may be walked, and of what its records are.
KINDS = {
    "woocommerce": "shop, pages by offset",
    "shopify": "shop, one file of all",
    "brevo": "mail, pages by offset",
    "tally": "forms, pages by number",
    "typeform": "forms, newest first",
    "meta": "ads, cursor, cut by time",
    "stripe": "payments, cursor, cut by time",
    "mailchimp": "mail, pages by offset",
}
PART = 20  # of each list so much is read one by one
NEVER = 10**12
ENOUGH = 5  # times faster than one by one


# -- the made-up platform -------------------------------------------------------------------------------


def company(kind: str, records: int) -> Company:
    """As many records as asked for, of the kind's own sort, over two years."""
    made, end = Company(seed=1, until=UNTIL), end_of(UNTIL)

    def at(number: int) -> datetime:
        return end - timedelta(days=60) + timedelta(days=59) * (number / records)

    if kind in ("woocommerce", "shopify", "stripe"):
        half = records // 2
        made.shop_customers = [_customer(n, at(2 * n)) for n in range(half)]
        made.shop_orders = [_order(n, at(2 * n)) for n in range(records - half)]
    elif kind in ("brevo", "mailchimp"):
        made.mail_contacts = [_contact(n, at(n)) for n in range(records)]
    else:
        box = Box("news", "Recevoir la lettre", "email")
        page = "100001" if kind == "meta" else "maison"
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

    if kind != "shopify":  # which tells how its work goes on
        World.tell = remembered  # type: ignore[method-assign]
    serve_company(company(kind, records))


@contextmanager
def platform(kind: str, records: int, answer_seconds: float) -> Iterator[str]:
    """The simulator in a process of its own, each answer as slow as asked for."""
    words = [sys.executable, "-m", "benchmarks.first_pull", "--serve", kind, "--records", str(records)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        base_url = json.loads(process.stdout.readline())["base_url"]
        slow = {"faults": {"slow": 1.0}, "slow_seconds": answer_seconds}
        requests.post(f"{base_url}/_sim/faults", json=slow, timeout=60).raise_for_status()
        yield base_url
    finally:
        process.terminate()
        process.wait()


# -- the pull, in a process of its own ------------------------------------------------------------------


class Clocked:
    """How many calls were made, and for how long the platform's limits would hold anybody who makes them."""

    def __init__(self) -> None:
        from connectors.client import Client
        from connectors.shopify import bulk

        self.calls, self.limited = 0, 0.0
        self._lock = threading.Lock()
        pace, ended = Client._keep_pace, bulk._ended

        def timed(shop: Any, operation: Any) -> Any:
            began = time.monotonic()
            try:
                return ended(shop, operation)
            finally:
                # Files of several lists are written at the same time.
                self.limited = max(self.limited, time.monotonic() - began)

        bulk._ended = timed

        def counted(client: Client) -> None:
            with self._lock:
                self.calls, self.limited = self.calls + 1, self.limited + client._gap
            pace(client)

        Client._keep_pace = counted  # type: ignore[method-assign]


def pull(kind: str, root: Path, at_most: int | None) -> dict[str, Any]:
    """Everything as a run reads it; with `at_most`, that many records of each list, one request at a time."""
    from pipelines.company import Company as Settings
    from pipelines.company import sources
    from pipelines.extract import FIRST, Pull, read_all
    from pipelines.home import Home

    settings, clocked = Settings.at(Home(root)), Clocked()
    wanted = [source for source in sources() if source.platform == kind and source.is_pulled]
    began, rows, each = time.monotonic(), {}, {}
    if at_most is None:
        for pulled in read_all(wanted, Pull(full=True), settings, lambda text: None):
            if pulled.errors:
                raise RuntimeError(f"{pulled.source.word}: {pulled.errors}")
            rows[pulled.source.word] = pulled.rows
    else:
        client = settings.client(kind)
        for source in wanted:
            each[source.word] = _one_by_one(source, client, settings.home.landing, FIRST, at_most)
    seconds = time.monotonic() - began
    return {
        "rows": rows,
        "each": each,
        "seconds": seconds,
        "calls": clocked.calls,
        "limited": clocked.limited,
    }


def _one_by_one(source: Any, client: Any, landing: Path, since: Any, at_most: int) -> float:
    """Seconds a record, over the first pages of one stream, which land in a file like any other."""
    from connectors.landing import LandingWriter
    from connectors.stream import Page

    writer = LandingWriter(landing, source.platform, source.stream, "api", datetime.now(UTC))
    began = time.monotonic()
    for account in source.stream.accounts(client):
        for item in source.stream.fetch(client, account, since):
            writer.take(account, item, datetime.now(UTC))
            if isinstance(item, Page) and writer.rows >= at_most:
                break
    took = time.monotonic() - began
    writer.commit()
    return took / max(writer.rows, 1)


# -- the bench ------------------------------------------------------------------------------------------


def block(kind: str, base_url: str) -> dict[str, Any]:
    """The platform's settings with its real pace: none of the demo's haste."""
    own = {name: value for name, value in home.ALL[kind].items() if name not in ("per_second", "ad_accounts")}
    return own | {"base_url": base_url + own["base_url"]}


def measure(kind: str, base_url: str, at_most: int | None) -> tuple[dict[str, Any], int]:
    """What a pull took, and its peak memory in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        one = {"at_once": 1, "bulk_from": NEVER} if at_most else {}
        root = home.write(Path(folder), base_url, platforms={kind: block(kind, base_url) | one})
        words = [sys.executable, "-m", "benchmarks.first_pull", "--pull", kind, "--home", str(root)]
        took, _, done = watched(words + (["--at-most", str(at_most)] if at_most else []))
        return json.loads(done.stdout.splitlines()[-1]), took.peak


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--answer-seconds", type=float, default=0.3)
    for name in ("--serve", "--pull", "--home", "--at-most"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve, asked.records)
        return 0
    if asked.pull:
        print(json.dumps(pull(asked.pull, Path(asked.home), int(asked.at_most) if asked.at_most else None)))
        return 0
    print(f"{asked.records:,} records; every answer takes {asked.answer_seconds} s")
    heads = (
        ("records", 9),
        ("seconds", 9),
        ("peak MB", 9),
        ("calls", 8),
        ("at limits", 11),
        ("one by one", 12),
    )
    print(f"{'':42}" + "".join(f"{word:>{wide}}" for word, wide in (*heads, ("faster", 9), ("at most", 9))))
    for kind in asked.kinds.split(","):
        with platform(kind, asked.records, asked.answer_seconds) as base_url:
            # The first time, the simulator makes its answers; that is its time and nobody's.
            (_, _), (whole, peak) = (measure(kind, base_url, None) for _ in range(2))
            _, (part, _) = (measure(kind, base_url, asked.records // PART) for _ in range(2))
        _print(kind, whole, peak, part)
    return 0


def _print(kind: str, whole: dict[str, Any], peak: int, part: dict[str, Any]) -> None:
    single = sum(rows * part["each"][word] for word, rows in whole["rows"].items())
    most = single / whole["limited"]
    print(
        f"{kind + ': ' + KINDS[kind]:42}{sum(whole['rows'].values()):9,}{whole['seconds']:9.0f}"
        f"{peak / MEGABYTE:9.0f}{whole['calls']:8,}{min(1.0, whole['limited'] / whole['seconds']):11.0%}"
        f"{single:12.0f}{single / whole['seconds']:8.1f}x{f'{most:8.1f}x' if most < ENOUGH else '':>9}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
