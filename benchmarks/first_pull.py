"""The first pull of a company's records over HTTP, as a run does it, beside one request at a time.

    python -m benchmarks.first_pull [--records 200000] [--kinds woocommerce,brevo,...] [--answer-seconds 0.3]

One line per kind of platform: time and peak memory, the share of the readers' time that is waiting for the
platform's own limits (as its connector keeps them, or is told to wait), and how many times faster it is than
a reader who asks for one page, waits for it, and asks for the next, under the same limits. That one reads a
tenth and is reckoned on: it waits most of the time, so a tenth tells. Every answer of the simulated platform
takes `--answer-seconds`, as those of real ones do: on loopback alone there would be nothing to wait for.
Simulator and pull are processes of their own.
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
    "shopify": "shop, cursor, priced queries",
    "brevo": "mail, pages by offset",
    "tally": "forms, pages by number",
    "meta": "ads, cursor",
}
PART = 10


# -- the made-up platform -------------------------------------------------------------------------------


def company(kind: str, records: int) -> Company:
    """As many records as asked for, of the kind's own sort, over two years."""
    made, end = Company(seed=1, until=UNTIL), end_of(UNTIL)

    def at(number: int) -> datetime:
        return end - timedelta(days=60) + timedelta(days=59) * (number / records)

    if kind in ("woocommerce", "shopify"):
        half = records // 2
        made.shop_customers = [_customer(n, at(2 * n)) for n in range(half)]
        made.shop_orders = [_order(n, at(2 * n)) for n in range(records - half)]
    elif kind == "brevo":
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
    from simulator.server import serve as serve_company

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
    """Adds up how long all threads spend in calls, and how much of it in keeping to the platform's pace."""

    def __init__(self) -> None:
        from connectors.client import Client

        self.calls, self.seconds, self.paced = 0, 0.0, 0.0
        self._lock = threading.Lock()
        call, pace = Client._call, Client._keep_pace

        def clocked_call(client: Client, *words: Any, **how: Any) -> Any:
            began = time.monotonic()
            try:
                return call(client, *words, **how)
            finally:
                with self._lock:
                    self.calls, self.seconds = self.calls + 1, self.seconds + time.monotonic() - began

        def clocked_pace(client: Client) -> None:
            began = time.monotonic()
            pace(client)
            with self._lock:
                self.paced += time.monotonic() - began

        Client._call, Client._keep_pace = clocked_call, clocked_pace  # type: ignore[method-assign]


def pull(kind: str, root: Path, at_most: int | None) -> dict[str, Any]:
    """Everything as a run reads it; with `at_most`, that many records and one request at a time."""
    from pipelines.company import Company as Settings
    from pipelines.company import sources
    from pipelines.extract import FIRST, Pull, read_all
    from pipelines.home import Home

    settings, clocked = Settings.at(Home(root)), Clocked()
    wanted = [source for source in sources() if source.platform == kind and source.is_pulled]
    began, rows = time.monotonic(), 0
    if at_most is None:
        for pulled in read_all(wanted, Pull(full=True), settings, lambda text: None):
            if pulled.errors:
                raise RuntimeError(f"{pulled.source.word}: {pulled.errors}")
            rows += pulled.rows
    else:
        client = settings.client(kind)
        for source in wanted:
            rows += _one_by_one(source, client, settings.home.landing, FIRST, at_most // 2)
    return {
        "rows": rows,
        "seconds": time.monotonic() - began,
        "calls": clocked.calls,
        "paced": clocked.paced / clocked.seconds if clocked.seconds else 0.0,
    }


def _one_by_one(source: Any, client: Any, landing: Path, since: Any, at_most: int) -> int:
    """The first records of one stream, into a landing file like any other."""
    from connectors.landing import LandingWriter
    from connectors.stream import Page

    writer = LandingWriter(landing, source.platform, source.stream, "api", datetime.now(UTC))
    for account in source.stream.accounts(client):
        for item in source.stream.fetch(client, account, since):
            writer.take(account, item, datetime.now(UTC))
            if isinstance(item, Page) and writer.rows >= at_most:
                break
    writer.commit()
    return writer.rows


# -- the bench ------------------------------------------------------------------------------------------


def block(kind: str, base_url: str) -> dict[str, Any]:
    """The platform's settings with its real pace: none of the demo's haste."""
    known = home.PLATFORMS | home.MORE_PLATFORMS | home.SHOPS
    own = {name: value for name, value in known[kind].items() if name not in ("per_second", "ad_accounts")}
    return own | {"base_url": base_url + own["base_url"]}


def measure(kind: str, base_url: str, at_most: int | None) -> tuple[dict[str, Any], int]:
    """What a pull took, and its peak memory in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        one = {"at_once": 1} if at_most else {}
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
    print(f"{'':36}{'seconds':>9}{'peak MB':>9}{'calls':>8}{'at limits':>11}{'one by one':>12}{'faster':>9}")
    for kind in asked.kinds.split(","):
        with platform(kind, asked.records, asked.answer_seconds) as base_url:
            # The first look at a list makes it; that is the simulator's time and nobody's.
            measure(kind, base_url, 1)
            whole, peak = measure(kind, base_url, None)
            part, _ = measure(kind, base_url, asked.records // PART)
        single = part["seconds"] / part["rows"] * whole["rows"]
        print(
            f"{kind + ': ' + KINDS[kind]:36}{whole['seconds']:9.0f}{peak / MEGABYTE:9.0f}{whole['calls']:8,}"
            f"{whole['paced']:11.0%}{single:12.0f}{single / whole['seconds']:8.1f}x",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
