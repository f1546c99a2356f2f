"""A hundred publications under readers in a loop: files, the console, Superset. `make soak-serving`.

    python -m benchmarks.soak [--publications N] [--without-superset]

Of each: errors (none), answers of no publication or of two (none), and for how long after a publication a
question still saw the one before. Superset is asked twice: with the setting of docs/bi.md, by which the next
question sees what is new with any driver; and, for a fifth as many, by the link's own path, which is printed
and not judged: DuckDB up to 1.4 is behind there.
"""

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.console_readers import PASSWORD, Reader, served
from benchmarks.home_run import ROOT, simulated
from benchmarks.soak import superset
from benchmarks.soak.publishing import QUESTION
from benchmarks.soak.watching import Seen, Verdict, Watcher, judge
from console import accounts
from pipelines.home import Home
from simulator.company import make

PEOPLE, SEED, UNTIL = 400, 7, date(2026, 11, 20)
PUBLICATIONS, BETWEEN_SECONDS = 100, 0.5
# How many ask Superset at once for each, and at length: while an answer is worked out, its
# file stays open in that process of Superset's.
AT_ONCE, AT_LENGTH = 2, 2
LONG = QUESTION + ", (select count(*) from range(200_000_000) as numbers (n) where hash(n) % 7 = 1) as long"
# What a dashboard may lag; the console and files have none.
REFRESH_SECONDS = 1.0
READ_ONLY = {"read_only": True, "config": {"enable_external_access": False, "lock_configuration": True}}


def file_reader(file: Path) -> Callable[[], Seen]:
    """Opened for each question, by the link."""

    def look() -> Seen:
        # Resolved: see docs/bi.md. This process may have another reader of the link.
        with duckdb.connect(str(file.resolve()), read_only=True) as con:
            known, came = con.execute(QUESTION).fetchone()
        return known, known + came

    return look


def console_reader(port: int, name: str) -> Callable[[], Seen]:
    """The overview: how many are known, and how many of them came this month, from two tables."""
    readers: list[Reader] = []

    def look() -> Seen:
        # Not before: the console lets go of who has not asked for five seconds.
        if not readers:
            readers.append(Reader(port))
            readers[0].log_in(name)
        told = unescape(re.sub(r"<[^>]*>", " ", readers[0].see("/")))
        known = re.search(r"people known\s+([\d,]+)", told)
        came = re.search(r"new people in \d{4}-\d\d\s+([\d,]+)", told)
        numbers = [int(found[1].replace(",", "")) for found in (known, came) if found]
        return numbers[0], sum(numbers)

    return look


def sql_lab(analyst: superset.Analyst, database: int, question: str = QUESTION) -> Callable[[], Seen]:
    def look() -> Seen:
        (row,) = analyst.asked(database, question)
        return int(row["known"]), int(row["known"]) + int(row["came"])

    return look


def chart(analyst: superset.Analyst, dataset: int) -> Callable[[], Seen]:
    def look() -> Seen:
        (row,) = analyst.charted(dataset, {"known": "count(*)"})
        return int(row["known"]), None

    return look


@contextlib.contextmanager
def superset_watchers(home: Home, folder: Path, *, resolves_links: bool) -> Iterator[list[Watcher]]:
    folder.mkdir()
    how = "link resolved" if resolves_links else "link as it stands"
    with superset.running(folder, resolves_links=resolves_links) as base:
        analyst = superset.Analyst(base)
        database = analyst.database(home.serving.resolve() / "current" / "bi.duckdb", **READ_ONLY)
        dataset = analyst.dataset(database, "customer_ownership")
        looks = {
            "chart": lambda one: chart(one, dataset),
            "SQL Lab": lambda one: sql_lab(one, database),
            "SQL Lab, long": lambda one: sql_lab(one, database, LONG),
        }
        counts = {"chart": AT_ONCE, "SQL Lab": AT_ONCE, "SQL Lab, long": AT_LENGTH}
        yield [
            Watcher(f"{name}, {how}", look(superset.Analyst(base)))
            for name, look in looks.items()
            for _ in range(counts[name])
        ]


def soak(home: Home, count: int, watchers: list[Watcher], seconds: float = BETWEEN_SECONDS) -> list[Verdict]:
    """Publish so often while they watch; what each saw. Raises RuntimeError if a publication fails."""
    with duckdb.connect(str((home.serving / "current" / "bi.duckdb").resolve()), read_only=True) as con:
        known, came = con.execute(QUESTION).fetchone()
    published: list[dict[str, Any]] = [{"known": known, "shown_at": time.time()}]
    for watcher in watchers:
        watcher.start()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak.publishing", str(count), str(seconds)],
        env={**os.environ, "FIRSTHAND_HOME": str(home.root)},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    for watcher in watchers:
        watcher.stop()
    # Between them DuckDB may print how far it is.
    published += [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or len(published) != count + 1:
        raise RuntimeError(f"a publication failed:\n{done.stderr[-2000:]}")
    return [judge(watcher, known + came, published) for watcher in watchers]


def told(verdicts: list[Verdict]) -> bool:
    for verdict in verdicts:
        print(verdict, flush=True)
        for error in sorted(set(verdict.errors))[:3]:
            print(f"    {error}")
    return all(verdict.is_good and verdict.late <= REFRESH_SECONDS for verdict in verdicts)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--publications", type=int, default=PUBLICATIONS)
    parser.add_argument("--without-superset", action="store_true")
    asked = parser.parse_args()
    if not asked.without_superset:
        superset.prepare()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, contextlib.ExitStack() as stack:
        home = Home(simulated(Path(folder) / "home", make(PEOPLE, SEED, UNTIL)))
        accounts.add(home, "reader", "reader", PASSWORD)
        port = stack.enter_context(served(home))
        watchers = [
            Watcher("bi.duckdb, opened each time", file_reader(home.serving / "current" / "bi.duckdb"), 0.05),
            Watcher("the console", console_reader(port, "reader"), 0.05),
        ]
        if not asked.without_superset:
            how = {"resolves_links": True}
            watchers += stack.enter_context(superset_watchers(home, Path(folder) / "superset", **how))
        print(f"{asked.publications} publications, {len(watchers)} readers at once", flush=True)
        is_good = told(soak(home, asked.publications, watchers))
        if not asked.without_superset:
            how = {"resolves_links": False}
            with superset_watchers(home, Path(folder) / "unresolved", **how) as unresolved:
                print(f"{asked.publications // 5} publications, Superset by the link's own path, not judged")
                told(soak(home, asked.publications // 5, unresolved))
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
