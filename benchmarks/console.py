"""The console at a million people: what pages take when twenty people read at once, beside the bare queries.

A made-up company is run and published; its people, with all that is theirs, are written as often as makes a
million. Then twenty readers, each logged in, ask for pages at random, one after the other without a pause: a
page of everything there is, the search, one person. What is asked for first after a publication is printed
apart, for figures over everybody are remembered until the next.

    python -m benchmarks.console [people]
"""

import contextlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import duckdb

from benchmarks.home_run import ROOT, command, free_port, simulated
from console import accounts
from pipelines.home import Home
from simulator.company import make

PEOPLE, BASE, SEED, UNTIL = 1_000_000, 1000, 7, date(2026, 11, 20)
READERS, PAGES_EACH, MOST_MILLISECONDS = 20, 30, 300
PASSWORD = "a bench of fir wood"
# Whose they are is in these; rows of the other tables are sums, and stay.
OF_PEOPLE = re.compile(
    r"(customer|profile|household|account|order|touchpoint|consent_act)_id$|^customer_number$"
)
NUMBER = re.compile(r"customer_id$|^customer_number$")
ADDRESS = re.compile(r"^(best_email|left_email|right_email|contact_value)$")
PAGES = {
    "overview": "/",
    "people, newest": "/people",
    "people, by a name": "/people",
    "one person": "/people/",
    "funnel": "/funnel",
    "drill": "/ownership/drill",
    "dependence": "/ownership/dependence",
    "useful": "/ownership/useful",
    "left": "/ownership/left",
    "leads": "/ownership/leads",
    "review": "/review",
}
# The figure each page is about, asked of the file alone by one who asks for nothing else.
BARE = {
    "overview": "select stage, activity, count(*) from customers group by all",
    "people, newest": "select customer_id from customers order by stage_since desc, customer_id limit 26",
    "people, by a name": "select customer_id from customers where display_name ilike '%martin%' limit 26",
    "one person": "from customers where customer_id = ?",
    "funnel": "from funnel_conversion",
    "drill": "select o.acquired_from, count(*) from customer_ownership as o group by all",
    "review": "from review_queue limit 10",
}


def crowded(file: Path, copies: int) -> list[str]:
    """Everybody that often, in place; some of their numbers. The first of each keeps what it was."""
    full = file.with_suffix(".crowded")
    with duckdb.connect(
        config={"threads": 2, "memory_limit": "4GB", "preserve_insertion_order": False}
    ) as con:
        con.execute(f"attach '{file}' as few (read_only); attach '{full}' as many (storage_version 'v1.0.0')")
        tables = con.execute("select table_name from duckdb_tables() where database_name = 'few'").fetchall()
        for (table,) in tables:
            columns = [name for name, *_ in con.execute(f"describe few.{table}").fetchall()]
            told = ", ".join(f"{another(name)} as {name}" for name in columns)
            is_of_people = any(OF_PEOPLE.search(name) for name in columns)
            con.execute(
                f"create table many.{table} as select {told} from few.{table} cross join"
                f" range({copies if is_of_people else 1}) as r (k)"
            )
        numbers = con.execute("select customer_id from many.customers using sample 500").fetchall()
    full.replace(file)
    return [number for (number,) in numbers]


def another(column: str) -> str:
    """The column of somebody's k-th double; nobody's phone, or they would all be one's."""
    if NUMBER.search(column):
        is_word = f"{column} not similar to '[0-9a-f-]{{36}}'"
        return f"if(k = 0 or {is_word}, {column}, md5({column} || k)::uuid::varchar)"
    if ADDRESS.search(column):
        return f"if(k = 0, {column}, if(contains({column}, '@'), k || '.' || {column}, null))"
    if column.endswith("phone"):
        return f"if(k = 0, {column}, null)"
    return f"if(k = 0, {column}, {column} || ':' || k)" if OF_PEOPLE.search(column) else column


@contextlib.contextmanager
def served(home: Home) -> Iterator[int]:
    """The console in a process of its own, by its port."""
    port = free_port()
    words = command(home.root, "serve", "--port", str(port))
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while process.poll() is None and not is_there(port):
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()


def is_there(port: int) -> bool:
    try:
        return Reader(port).ask("/health")[0] == 200
    except OSError:
        return False


class Reader:
    """A browser without a screen: one connection, cookies, the token of its forms."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(self, path: str, **form: str) -> tuple[int, str]:
        """Status and text; with `form` it is posted."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form:
            body = urlencode({**form, "form_token": self.token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request("POST" if form else "GET", path, body, headers)
        answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        text = answer.read().decode()
        if found := re.search(r'name="form_token" value="([0-9a-f]+)"', text):
            self.token = found[1]
        return answer.status, text

    def log_in(self, name: str) -> None:
        self.ask("/login")
        status, _ = self.ask("/login", name=name, password=PASSWORD, back="/people")
        self.ask("/people")
        if status != 303:
            raise RuntimeError(f"nobody is let in: {status}")

    def see(self, page: str, number: str) -> float:
        """Milliseconds of one page."""
        path = PAGES[page] + (number if page == "one person" else "")
        form = {"words": "martin"} if page == "people, by a name" else {}
        began = time.perf_counter()
        status, _ = self.ask(path, **form)
        if status != 200:
            raise RuntimeError(f"{page}: {status}")
        return 1000 * (time.perf_counter() - began)


def together(port: int, numbers: list[str]) -> dict[str, list[float]]:
    """Milliseconds of every page that twenty readers saw."""
    seen: dict[str, list[float]] = defaultdict(list)
    failed: list[Exception] = []
    readers = [Reader(port) for _ in range(READERS)]
    for number, reader in enumerate(readers):
        reader.log_in(f"reader{number}")

    def read(reader: Reader, rng: random.Random) -> None:
        try:
            for _ in range(PAGES_EACH):
                page = rng.choice(list(PAGES))
                seen[page].append(reader.see(page, rng.choice(numbers)))
        except Exception as error:
            failed.append(error)

    threads = [
        threading.Thread(target=read, args=(reader, random.Random(number)))
        for number, reader in enumerate(readers)
    ]
    for thread in threads:
        thread.start()
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


def main(people: int) -> int:
    with tempfile.TemporaryDirectory(prefix="console-") as folder:
        home = Home(simulated(Path(folder) / "home", make(BASE, SEED, UNTIL)))
        file = (home.serving / "current" / "marketing.duckdb").resolve()
        with duckdb.connect(str(file), read_only=True) as con:
            (few,) = con.execute("select count(*) from customers").fetchone()
        copies = -(-people // few)
        numbers = crowded(file, copies)
        print(f"{few * copies:,} people, {file.stat().st_size / 2**20:,.0f} MB")
        for number in range(READERS + 1):  # of one account nobody logs in so often
            accounts.add(home, f"reader{number}", "steward", PASSWORD)
        with served(home) as port:
            reader = Reader(port)
            reader.log_in(f"reader{READERS}")
            first = {page: reader.see(page, numbers[0]) for page in PAGES}
            alone = {page: min(reader.see(page, numbers[k]) for k in range(3)) for page in PAGES}
            began = time.perf_counter()
            seen = together(port, numbers)
            seconds = time.perf_counter() - began
        print("page, in milliseconds    first   alone   of 20  slowest    bare   ratio")
        for page in PAGES:
            print(line(page, first[page], alone[page], seen[page], file, numbers[0]))
        every = [one for page in seen.values() for one in page]
        median = statistics.median(every)
        print(f"{len(every)} pages by {READERS} readers without a pause in {seconds:.1f} s")
        print(f"the middle one: {median:.0f} ms (bound {MOST_MILLISECONDS})")
    return 0 if median < MOST_MILLISECONDS else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
