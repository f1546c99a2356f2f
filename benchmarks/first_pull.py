"""The first pull of a company's records over HTTP, as a run does it, beside one request at a time.

    python -m benchmarks.first_pull [--records 200000] [--kinds woocommerce,brevo,...] [--answer-seconds 0.3]

One line per platform. Its columns:

    seconds     of the whole pull
    peak MB     of memory, of the process that pulls
    at limit    the share of those seconds for which the limit that the platform publishes would hold anybody:
                as many calls as were made, at the pace it allows (or over the connections it allows)
    for file    the share for which the platform was writing the file we wait for
    one by one  seconds of a reader with the same code who asks for one page, waits, lands it and asks for the
                next, under the same limit. It reads the first pages of each list, which stand for the rest
    faster      how many times faster than that the pull is
    allowed     how many times faster the published limit, or the writing of the file, lets anybody be;
                "-": it names none

Every answer of the simulated platform takes `--answer-seconds`, as those of real ones do: on loopback alone
there would be nothing to wait for. Simulator and pull are processes of their own. What is neither at its
limit nor five times faster is told in words below the table.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.full_platform import WRITERS, be_slow, platform
from benchmarks.memory import watched
from simulator import home

MEGABYTE = 1024 * 1024
ENOUGH = 5  # times faster than one by one
PAGES = 25  # of each list so many are read one by one
NEVER = 10**12


@dataclass(frozen=True)
class Kind:
    """How a platform's list may be walked, and the limit that it publishes (`source`: where).

    `per_second` calls, of each path where `is_per_path`; so many of those whose path ends so are counted
    `apart`; or `connections` at a time. `page` is its largest page; `why`: what holds a walk that no limit
    holds.
    """

    walk: str
    source: str
    page: int
    per_second: float | None = None
    is_per_path: bool = False
    connections: int | None = None
    apart: tuple[str, float] | None = None
    why: str = ""


KINDS = {
    "woocommerce": Kind("shop, pages by offset", "none; the host's", 100),
    "prestashop": Kind("shop, numbers and then records by number", "none; the host's", 50),
    "square": Kind("sales, cursor, cut by time", "none published; ours is 10 a second", 500, per_second=10),
    "shopify": Kind("shop, one file of all", "points a second, none for the file", 250),
    "stripe": Kind(
        "payments, cursor, cut by time", "25 a second and endpoint (docs.stripe.com/rate-limits)", 100,
        per_second=25, is_per_path=True,
    ),
    "brevo": Kind(
        "mail, pages by offset", "10 a second (developers.brevo.com/docs/api-limits)", 1000, per_second=10
    ),
    "mailchimp": Kind(
        "mail, pages by offset", "10 connections (mailchimp.com/developer)", 1000, connections=10
    ),
    "klaviyo": Kind(
        "mail, cursor, cut by time", "750 a minute for profiles (Klaviyo's OpenAPI, rate limits)", 100,
        per_second=12.5,
    ),
    "pipedrive": Kind(
        "CRM, cursor", "20 in two seconds on the smallest plan (pipedrive.readme.io)", 500, per_second=10,
        why="each page leads to the next",
    ),
    "salesforce": Kind(
        "CRM, queries in the order of ids", "none a second; a day's, by edition", 2000,
        why="each page leads to the next; the lists go side by side",
    ),
    # One by one, the list is read.
    "hubspot": Kind(
        "CRM, searches of numbers, and calls for consents",
        "100 in ten seconds, and 5 searches a second (developers.hubspot.com)",
        100, per_second=10, apart=("/search", 5),
    ),
    "meta": Kind("ads, cursor, cut by time", "none a second; 4,800 a day and lead, told in headers", 100),
    "linkedin": Kind("ads, pages by offset", "none a second; a day's, in the developer portal", 100),
    "tiktok": Kind(
        "ads, a file a form and region", "10 a second (business-api.tiktok.com, rate limits)", 50_000,
        why="twelve files are waited for at a time",
    ),
    "google_ads": Kind(
        "ads, one answer of all leads, figures by month", "none a second; a day's", 200_000
    ),
    "typeform": Kind(
        "forms, cursor, newest first", "2 a second (as public connectors say)", 1000, per_second=2
    ),
    "tally": Kind(
        "forms, pages by number", "100 a minute (developers.tally.so, rate limits)", 500,
        per_second=100 / 60,
    ),
    "jotform": Kind("forms, pages by offset", "none a second; a day's, by plan", 1000),
    "gravity_forms": Kind("forms, pages by offset", "none; the host's", 200),
}  # fmt: skip


# -- the pull, in a process of its own ------------------------------------------------------------------


class Clocked:
    """Which calls are made, and for how long platforms are at work on files that we wait for."""

    def __init__(self) -> None:
        from connectors.client import Client
        from connectors.shopify import bulk
        from connectors.tiktok import fetch

        self.calls: Counter[str] = Counter()
        self._waits: list[tuple[float, float]] = []
        self._lock = threading.Lock()
        bulk._ended = self._timed(bulk._ended)
        fetch._made = self._timed(fetch._made)
        call = Client._call

        def counted(client: Client, method: str, path: str, **how: Any) -> Any:
            with self._lock:
                self.calls[path.partition("?")[0]] += 1
            return call(client, method, path, **how)

        Client._call = counted  # type: ignore[method-assign]

    def _timed(self, waiting: Any) -> Any:
        def timed(*given: Any) -> Any:
            began = time.monotonic()
            try:
                return waiting(*given)
            finally:
                with self._lock:
                    self._waits.append((began, time.monotonic()))

        return timed

    def file_seconds(self) -> float:
        """For how long at least one file was being written."""
        total, until = 0.0, 0.0
        for began, ended in sorted(self._waits):
            total += max(0.0, ended - max(began, until))
            until = max(until, ended)
        return total


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
    return {
        "rows": rows,
        "each": each,
        "seconds": time.monotonic() - began,
        "calls": clocked.calls,
        "file_seconds": clocked.file_seconds(),
    }


def _one_by_one(source: Any, client: Any, landing: Path, since: Any, at_most: int) -> tuple[float, int]:
    """Seconds and records of the first pages of one stream, which land in a file like any other."""
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
    return took, writer.rows


# -- the bench ------------------------------------------------------------------------------------------


def block(kind: str, base_url: str) -> dict[str, Any]:
    """The platform's settings with its real pace: none of the demo's haste."""
    haste = ("per_second", "searches_per_second", "ad_accounts" if kind == "meta" else "", "poll_seconds")
    own = {name: value for name, value in home.ALL[kind].items() if name not in haste}
    return own | {"base_url": base_url + own["base_url"]}


def measure(kind: str, base_url: str, at_most: int | None, **more: Any) -> tuple[dict[str, Any], int]:
    """What a pull took, and its peak memory in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        one = {"at_once": 1, "bulk_from": NEVER} if at_most else {}
        root = home.write(Path(folder), base_url, platforms={kind: block(kind, base_url) | one | more})
        words = [sys.executable, "-m", "benchmarks.first_pull", "--pull", kind, "--home", str(root)]
        took, _, done = watched(words + (["--at-most", str(at_most)] if at_most else []))
        return json.loads(done.stdout.splitlines()[-1]), took.peak


def line(name: str, records: int, answer_seconds: float) -> tuple[str, str]:
    """One kind's line of the table, and what holds it where it is not five times faster."""
    kind = KINDS[name]
    with platform(name, records) as base_url:
        part_of = PAGES * kind.page
        if name not in (*WRITERS, "hubspot"):  # of which no two pulls ask the same
            # The first time, the simulator makes its answers; that is its time and nobody's.
            for at_most in (None, part_of):
                measure(name, base_url, at_most, per_second=10_000)
        be_slow(base_url, answer_seconds)
        whole, peak = measure(name, base_url, None)
        part, _ = measure(name, base_url, part_of)
    pulled, seconds = sum(whole["rows"].values()), whole["seconds"]
    single = sum(_single(rows, *part["each"][word]) for word, rows in whole["rows"].items())
    limited = _held(kind, whole["calls"], answer_seconds)
    held = max(limited, whole["file_seconds"])
    allowed = f"{single / held:.1f}x" if held else "-"
    row = (
        f"{name + ': ' + kind.walk:58}{pulled:9,}{seconds:9.0f}{peak / MEGABYTE:9.0f}"
        f"{sum(whole['calls'].values()):8,}{f'{limited / seconds:.0%}' if limited else '-':>10}"
        f"{whole['file_seconds'] / seconds:10.0%}{single:12.0f}{single / seconds:8.1f}x{allowed:>9}"
        f"  {kind.source}"
    )
    source = f"its own limit ({kind.source})" if limited >= held else "the time it writes at its file"
    return row, _words(name, kind, single / seconds, single / held if held else None, source)


def _single(rows: int, took: float, read: int) -> float:
    """Seconds that one by one takes for a stream, of which so many records took so long."""
    return took * max(1.0, rows / read) if read else took


def _held(kind: Kind, calls: dict[str, int], answer_seconds: float) -> float:
    """Seconds that these calls take anybody who keeps to the published limit."""
    if kind.connections:
        return sum(calls.values()) * answer_seconds / kind.connections
    if not kind.per_second:
        return 0.0
    end, pace = kind.apart or ("?", 1.0)
    apart = sum(many for path, many in calls.items() if path.endswith(end))
    counted = max(calls.values()) if kind.is_per_path else sum(calls.values()) - apart
    return max(counted / kind.per_second, apart / pace)


def _words(name: str, kind: Kind, faster: float, allowed: float | None, source: str) -> str:
    if faster >= ENOUGH:
        return ""
    if allowed is not None and allowed < ENOUGH:
        told = f"{name}: {faster:.1f}x; {source} allows {allowed:.1f}x"
        return f"{told}; {kind.why}" if kind.why and faster < 0.85 * allowed else told
    return f"{name}: {faster:.1f}x; {kind.why or 'NOT EXPLAINED'}"


HEADS = (
    ("records", 9), ("seconds", 9), ("peak MB", 9), ("calls", 8), ("at limit", 10),
    ("for file", 10), ("one by one", 12), ("faster", 9), ("allowed", 9),
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--answer-seconds", type=float, default=0.3)
    for name in ("--pull", "--home", "--at-most"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.pull:
        print(json.dumps(pull(asked.pull, Path(asked.home), int(asked.at_most) if asked.at_most else None)))
        return 0
    print(f"{asked.records:,} records; every answer takes {asked.answer_seconds} s")
    print(f"{'':58}" + "".join(f"{word:>{wide}}" for word, wide in HEADS) + "  published limit")
    told = []
    for name in asked.kinds.split(","):
        row, words = line(name, asked.records, asked.answer_seconds)
        print(row, flush=True)
        told += [words] if words else []
    print("\n".join(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
