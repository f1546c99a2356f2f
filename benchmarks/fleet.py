"""The whole fleet at once: a first pull of every simulated platform, then an hour's news, at two sizes.

    python -m benchmarks.fleet [--people 10000,100000]

One company uses every platform that the simulator speaks for. Three pulls of it, each in a process of its own
as a run reads and lands: extract all streams side by side, then the door. dbt and publication are not in it
(`make bench` has those).

    first       everything, from nothing
    an hour     one hour later: the streams that the schedule `leads` reads each hour, as it reads them
    all again   another hour later: every stream, from where it stood

Its columns, per platform and pull: records read, requests as the simulator counted them, and seconds, of
its streams' reading and landing added up (streams are read side by side, so they add up to more than the
clock shows). Below the tables how each grew beside people, and the platforms of which an hour's requests
or records grew with what is stored and not with what is new.

The platforms are asked with the demo's haste, not at the pace that they publish: what is measured is the
pipeline, the requests and their growth. For what real limits make of a first pull: `make bench-first-pull`.
The simulator is a process of its own, whose processor time is told apart: while it works, the pull waits.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import requests

from benchmarks.memory import ROOT, watched
from simulator import home
from simulator.clock import end_of
from simulator.platforms import NAMES

SEED, UNTIL = 7, date(2026, 11, 20)
# The last afternoon on which people are about: with UNTIL the history of the company is at its end.
BEGINNING = (end_of(UNTIL) - timedelta(days=1)).replace(hour=15, minute=0)
HOUR = timedelta(hours=1)
FIRST, HOURLY, AGAIN = PULLS = ("first", "an hour", "all again")
MEGABYTE = 1024 * 1024
# So many requests more are chance: a form or two whose news came in just that hour. And so many times as
# many are no longer the noise of an hour.
CHANCE, GROWN = 10, 2.0


@dataclass(frozen=True)
class Measured:
    """One pull: per platform `records` read, `new` ones of them, `requests`, `seconds`; `peak` in bytes of
    memory, the rest in seconds."""

    records: Counter[str]
    new: Counter[str]
    requests: Counter[str]
    seconds: Counter[str]
    reading: float
    landing: float
    peak: int
    simulator: float

    @property
    def wall(self) -> float:
        return self.reading + self.landing


# -- the pull, in a process of its own ------------------------------------------------------------------


def pull(root: Path, *, is_hourly: bool) -> dict[str, Any]:
    """Read and land as a run does. Raises RuntimeError where a stream was not read, or not landed, whole."""
    from pipelines import handout, land, raw, records
    from pipelines.company import Company
    from pipelines.extract import Pull, read_all
    from pipelines.home import Home
    from pipelines.warehouse_file import warehouse

    company = Company.at(Home(root))
    records.relax()
    wanted = [source for source in company.chosen(None) if source.stream.hourly or not is_hourly]
    read: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    began = time.monotonic()
    with warehouse(company.home) as con:
        raw.ensure(con)
        handout.keep(company.home, raw.hand_out(con))
    for pulled in read_all(wanted, Pull(hourly=is_hourly), company, lambda text: None):
        if pulled.errors:
            raise RuntimeError(f"{pulled.source.word}: {pulled.errors}")
        read[pulled.source.platform] += pulled.rows
        seconds[pulled.source.platform] += pulled.seconds
    reading, new = time.monotonic() - began, Counter[str]()
    for (platform, stream), one in land.land_waiting(company, lambda text: None).items():
        if one.failures:
            raise RuntimeError(f"{platform}/{stream}: {one.failures}")
        new[platform] += one.add_up("new")
        seconds[platform] += one.seconds
    landing = time.monotonic() - began - reading
    return {
        "records": read,
        "seconds": seconds,
        "new": new,
        "reading": reading,
        "landing": landing,
    }


# -- the simulator, in a process of its own -------------------------------------------------------------


def serve(people: int) -> None:
    from simulator.company import make, with_everything
    from simulator.server import serve as serve_company

    serve_company(with_everything(make(people, SEED, UNTIL)), now=BEGINNING)


@contextmanager
def simulator(people: int) -> Iterator[tuple[str, int]]:
    """Its address and process, once it can be asked."""
    words = [sys.executable, "-m", "benchmarks.fleet", "--serve", str(people)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["base_url"], process.pid
    finally:
        process.terminate()
        process.wait()


def requests_of(base_url: str) -> Counter[str]:
    """Which platform was asked how often until now."""
    return Counter(requests.get(f"{base_url}/_sim/stats", timeout=600).json()["requests"])


def processor_seconds(pid: int) -> float:
    """What a process has had of processors until now."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


# -- the bench ------------------------------------------------------------------------------------------


def measure(people: int) -> dict[str, Measured]:
    """The three pulls of a company of so many people."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fleet-") as folder, simulator(people) as (base_url, pid):
        made = time.monotonic() - began
        print(f"\n{people:,} people; the company was made in {made:.0f} s", flush=True)
        root = home.write(Path(folder), **fleet(base_url))
        done = {}
        for number, name in enumerate(PULLS):
            moment = (BEGINNING + number * HOUR).isoformat()
            requests.post(f"{base_url}/_sim/clock", json={"now": moment}, timeout=60).raise_for_status()
            done[name] = _measured(root, base_url, pid, is_hourly=name == HOURLY)
            print(whole(name, done[name]), flush=True)
        return done


def fleet(base_url: str) -> dict[str, Any]:
    """The settings of a home that uses every platform."""
    return {"base_url": base_url, "platforms": home.settings(base_url, **home.ALL)["platforms"]}


def _measured(root: Path, base_url: str, pid: int, *, is_hourly: bool) -> Measured:
    asked, worked = requests_of(base_url), processor_seconds(pid)
    words = [sys.executable, "-m", "benchmarks.fleet", "--pull", str(root)]
    took, _, said = watched(words + (["--hourly"] if is_hourly else []))
    told = json.loads(said.stdout.splitlines()[-1])
    return Measured(
        records=Counter(told["records"]),
        requests=requests_of(base_url) - asked,
        seconds=Counter(told["seconds"]),
        new=Counter(told["new"]),
        reading=told["reading"],
        landing=told["landing"],
        peak=took.peak,
        simulator=processor_seconds(pid) - worked,
    )


def table(done: dict[str, Measured]) -> Iterator[str]:
    """A line per platform; the last one's seconds are the clock's."""
    yield f"{'':16}" + "".join(f"{name:^36}" for name in done)
    yield f"{'':16}" + f"{'records':>12}{'requests':>12}{'seconds':>12}" * len(done)
    for name in NAMES:
        yield f"{name:16}" + "".join(
            f"{one.records[name]:12,}{one.requests[name]:12,}{one.seconds[name]:12.1f}"
            for one in done.values()
        )
    yield f"{'all of them':16}" + "".join(
        f"{one.records.total():12,}{one.requests.total():12,}{one.wall:12.1f}" for one in done.values()
    )


def whole(name: str, one: Measured) -> str:
    """One pull in a line."""
    return (
        f"{name}: {one.wall:.1f} s by the clock ({one.reading:.1f} reading, {one.landing:.1f} landing), "
        f"{one.requests.total():,} requests, {one.records.total():,} records read, {one.new.total():,} new, "
        f"peak {one.peak / MEGABYTE:,.0f} MB; the simulator's processor: {one.simulator:.1f} s"
    )


def growth(few: dict[str, Measured], many: dict[str, Measured], people: float) -> Iterator[str]:
    """How each number grew beside people, and which platforms an hour cost more requests for it."""
    heads = ("seconds", "requests", "records", "new", "peak MB", "simulator")
    title = f"growth, of people {people:.0f}x"
    yield f"\n{title}" + "".join(f"{head:>12}" for head in heads)
    for name in PULLS:
        before, after = (_numbers(done[name]) for done in (few, many))
        grown = (f"{b / a:.1f}x" if a else "-" for a, b in zip(before, after, strict=True))
        yield f"{name:{len(title)}}" + "".join(f"{one:>12}" for one in grown)
    for name in (HOURLY, AGAIN):
        yield from _grown(name, few[name], many[name])


def _numbers(one: Measured) -> tuple[float, ...]:
    counts = [found.total() for found in (one.requests, one.records, one.new)]
    return one.wall, *counts, one.peak / MEGABYTE, one.simulator


def _grown(pull_name: str, few: Measured, many: Measured) -> Iterator[str]:
    """The platforms that were asked for more, or told more again, although hardly any of it was new."""
    told = [
        f"    {name}: {few.requests[name]:,} -> {many.requests[name]:,} requests, "
        f"{few.records[name]:,} -> {many.records[name]:,} records, of which {many.new[name]:,} are new"
        for name in NAMES
        if many.records[name] > CHANCE * many.new[name]
        and any(_is_more(a[name], b[name]) for a, b in _both(few, many))
    ]
    yield f"{pull_name}, grown with what is stored and not with what is new: {'' if told else 'none'}"
    yield from told


def _both(few: Measured, many: Measured) -> tuple[tuple[Counter[str], Counter[str]], ...]:
    return (few.requests, many.requests), (few.records, many.records)


def _is_more(before: float, after: float) -> bool:
    return after > before * GROWN and after - before > CHANCE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--people", default="10000,100000", help="two sizes, the smaller first")
    for name in ("--serve", "--pull"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    parser.add_argument("--hourly", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(int(asked.serve))
    elif asked.pull:
        print(json.dumps(pull(Path(asked.pull), is_hourly=asked.hourly)))
    else:
        few, many = (int(size) for size in asked.people.split(","))
        print(f"{len(NAMES)} platforms; pull and landing, without dbt; processors: {os.cpu_count()}")
        done = {}
        for size in (few, many):
            done[size] = measure(size)
            print("\n".join(table(done[size])), flush=True)
        print("\n".join(growth(done[few], done[many], many / few)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
