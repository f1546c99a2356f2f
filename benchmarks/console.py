"""The console at a million people: what pages take when twenty people read at once, beside the bare queries.

A made-up company is run and published; its people, with all that is theirs, are written as often as makes a
million. Then twenty readers of four roles, half of them in French, ask for pages at random, one after the
other without a pause: a page of everything there is, searches, one person. Half way another publication is
shown. What is asked for first after a publication is printed apart, for figures over everybody are remembered
until the next.

    python -m benchmarks.console [people]
"""

import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from benchmarks.console_people import crowded
from benchmarks.console_readers import PASSWORD, Reader, served
from benchmarks.home_run import simulated
from console import accounts
from console.roles import may
from pipelines import dbt_parsed
from pipelines.company import Company
from pipelines.home import Home
from pipelines.serving import folders
from simulator.company import make

PEOPLE, BASE, SEED, UNTIL = 1_000_000, 1000, 7, date(2026, 11, 20)
READERS, PAGES_EACH, MOST_MILLISECONDS = 20, 30, 300
# Of ten who read, in turn.
ROLES = (
    "marketer",
    "steward",
    "marketer",
    "steward",
    "reader",
    "marketer",
    "steward",
    "marketer",
    "steward",
    "admin",
)
ASKED_FOR = 500


@dataclass(frozen=True)
class People:
    """Whom readers ask for; `old_numbers` lead to another, `names` are words of names."""

    numbers: list[str]
    old_numbers: list[str]
    names: list[str]
    addresses: list[str]


Choice = Callable[[People, random.Random], tuple[str, dict[str, str]]]


def at(path: str) -> Choice:
    return lambda people, rng: (path, {})


def searched(words: Callable[[People], list[str]]) -> Choice:
    return lambda people, rng: ("/people", {"words": rng.choice(words(people))})


def person(numbers: Callable[[People], list[str]]) -> Choice:
    return lambda people, rng: (f"/people/{rng.choice(numbers(people))}", {})


# Each with the least role that sees it.
PAGES: dict[str, tuple[str, Choice]] = {
    "overview": ("reader", at("/")),
    "people, newest": ("marketer", at("/people")),
    "people, by a name": ("marketer", searched(lambda people: people.names)),
    "people, by an address": ("marketer", searched(lambda people: people.addresses)),
    "one person": ("marketer", person(lambda people: people.numbers)),
    "one by an old number": ("marketer", person(lambda people: people.old_numbers)),
    "funnel": ("reader", at("/funnel")),
    "drill": ("marketer", at("/ownership/drill")),
    "dependence": ("reader", at("/ownership/dependence")),
    "useful": ("reader", at("/ownership/useful")),
    "left": ("reader", at("/ownership/left")),
    "leads": ("reader", at("/ownership/leads")),
    "review": ("steward", at("/review")),
}
# The figure each page is about, asked of the file alone by one who asks for nothing else.
BARE = {
    "overview": "select stage, activity, count(*) from customers group by all",
    "people, newest": "select customer_id from customers order by stage_since desc, customer_id limit 26",
    "people, by a name": "select customer_id from customers where display_name ilike '%martin%'"
    " order by stage_since desc, customer_id limit 26",
    "people, by an address": "from customer_permissions where contact_value = 'a@mail.example'",
    "one person": "from customers where customer_id = ?",
    "one by an old number": "from customer_crosswalk where customer_number = ?",
    "funnel": "from funnel_conversion",
    "drill": "select o.acquired_from, count(*) from customer_ownership as o group by all",
    "review": "from review_queue limit 10",
}


def asked_for(file: Path) -> People:
    """Some of each, not the same in any two runs."""
    with duckdb.connect(str(file), read_only=True) as con:

        def some(what: str) -> list[str]:
            return [one for (one,) in con.execute(f"select {what} using sample {ASKED_FOR}").fetchall()]

        return People(
            some("customer_id from customers"),
            some("customer_number from (from customer_crosswalk where status = 'redirected')"),
            some("word from (select unnest(split(display_name, ' ')) as word from customers)"),
            some("best_email from (from customers where best_email is not null)"),
        )


def milliseconds(reader: Reader, page: str, people: People, rng: random.Random) -> float:
    path, form = PAGES[page][1](people, rng)
    began = time.perf_counter()
    reader.see(path, **form)
    return 1000 * (time.perf_counter() - began)


def publish_again(home: Home) -> None:
    """The same people once more, as another publication: to whoever reads it, nothing of it is known yet."""
    shown = (home.serving / "current").resolve()
    folder = home.serving / folders.next_name(home.serving, datetime.now(UTC))
    folder.mkdir()
    for file in shown.iterdir():
        os.link(file, folder / file.name)
    folders.show(home.serving, folder)


def together(home: Home, port: int, people: People) -> dict[str, list[float]]:
    """Milliseconds of every page that twenty readers saw; half way there is another publication."""
    seen: dict[str, list[float]] = defaultdict(list)
    failed: list[Exception] = []

    def read(reader: Reader, role: str, rng: random.Random) -> None:
        try:
            mine = [page for page, (least, _) in PAGES.items() if may(role, least)]
            for _ in range(PAGES_EACH):
                page = rng.choice(mine)
                seen[page].append(milliseconds(reader, page, people, rng))
        except Exception as error:
            failed.append(error)

    threads = []
    for number in range(READERS):
        reader = Reader(port)
        reader.log_in(f"reader{number}", ("en", "fr")[number % 2])
        role = ROLES[number % len(ROLES)]
        threads.append(threading.Thread(target=read, args=(reader, role, random.Random(number))))
    for thread in threads:
        thread.start()
    while sum(map(len, list(seen.values()))) < READERS * PAGES_EACH / 2 and not failed:
        time.sleep(0.05)
    publish_again(home)
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return seen


def bare(file: Path, query: str, number: str) -> float:
    """Milliseconds, the middle one of five; the file is open already."""
    with duckdb.connect(str(file), read_only=True, config={"threads": 2}) as con:
        took = []
        for _ in range(6):
            began = time.perf_counter()
            con.execute(query, [number] if "?" in query else None).fetchall()
            took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took[1:])


def line(page: str, first: float, alone: float, seen: list[float], file: Path, number: str) -> str:
    middle, slowest = (statistics.median(seen), max(seen)) if seen else (0, 0)
    told = f"{page:<22}{first:>8.0f}{alone:>8.0f}{middle:>8.0f}{slowest:>9.0f}"
    if page not in BARE:
        return told
    least = bare(file, BARE[page], number)
    return f"{told}{least:>8.1f}{alone / least:>8.1f}"


def measured(home: Home, file: Path) -> float:
    """Print it; the middle one of all pages that twenty saw, in milliseconds."""
    people, rng = asked_for(file), random.Random(SEED)
    with served(home) as port:
        reader = Reader(port)
        reader.log_in(f"reader{READERS}")
        first = {page: milliseconds(reader, page, people, rng) for page in PAGES}
        alone = {
            page: statistics.median(milliseconds(reader, page, people, rng) for _ in range(5))
            for page in PAGES
        }
        began = time.perf_counter()
        seen = together(home, port, people)
        seconds = time.perf_counter() - began
    print("page, in milliseconds    first   alone   of 20  slowest    bare   ratio")
    for page in PAGES:
        print(line(page, first[page], alone[page], seen[page], file, people.numbers[0]))
    every = [one for page in seen.values() for one in page]
    print(f"{len(every)} pages by {READERS} readers without a pause in {seconds:.1f} s, published half way")
    return statistics.median(every)


def main(people: int) -> int:
    with tempfile.TemporaryDirectory(prefix="console-") as folder:
        home = Home(simulated(Path(folder) / "home", make(BASE, SEED, UNTIL)))
        file = (home.serving / "current" / "marketing.duckdb").resolve()
        with duckdb.connect(str(file), read_only=True) as con:
            (few,) = con.execute("select count(*) from customers").fetchone()
        copies = -(-people // few)
        crowded(file, copies, dbt_parsed.ensure_manifest(Company.at(home)))
        print(f"{few * copies:,} people, {file.stat().st_size / 2**20:,.0f} MB")
        for number in range(READERS):
            accounts.add(home, f"reader{number}", ROLES[number % len(ROLES)], PASSWORD)
        accounts.add(home, f"reader{READERS}", "steward", PASSWORD)
        median = measured(home, file)
        print(f"the middle one: {median:.0f} ms (bound {MOST_MILLISECONDS})")
    return 0 if median < MOST_MILLISECONDS else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
