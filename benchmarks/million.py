"""One million leads dropped as a file: the door and dbt, beside the bare floor on the same file.

    python -m benchmarks.million [--rows 1000000] [--keep DIR]

The floor is what nobody can beat: DuckDB reading the same CSV and grouping it by e-mail address, in a
process of its own, the best of three. Seconds and memory of each step of `firsthand run` come with their
ratio to it; memory is the most the run and its children held at one moment of that step.
"""

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

from benchmarks.home_run import command
from benchmarks.memory import Took, Watch, watched
from simulator import leads_file

UNTIL = date(2026, 11, 20)
MEGABYTE = 1024 * 1024
FLOOR = """
import duckdb, sys
con = duckdb.connect()
con.execute("set threads = 2")
con.execute("create table t as select lower(trim(email)) as email, count(*) as n, min(date) as first_at "
            "from read_csv(?, all_varchar = true) group by 1", [sys.argv[1]])
print(con.execute("select count(*), sum(n) from t").fetchone())
"""
# Dagster's steps, in the words of this page.
STEPS = {
    "landing__inbox": "door: file to landing file",
    "land": "door: landing file to raw",
    "build": "dbt",
    "serving__publication": "publication",
}


def floor(file: Path) -> Took:
    """The best of three, so that the disk's first look is not counted."""
    tries = [watched([sys.executable, "-c", FLOOR, str(file)])[0] for _ in range(3)]
    return min(tries, key=lambda took: took.seconds)


def steps(root: Path, watch: Watch) -> list[Took]:
    """What each Dagster step of the only run took."""
    os.environ["DAGSTER_HOME"] = str(root / "data" / "dagster")
    import dagster as dg

    with dg.DagsterInstance.get() as instance:
        run = instance.get_runs(limit=1)[0]
        stats = {one.step_key: one for one in instance.get_run_step_stats(run.run_id)}
    found = []
    for key, name in STEPS.items():
        began, ended = stats[key].start_time, stats[key].end_time
        found.append(Took(name, ended - began, watch.peak(began, ended)))
    return found


@contextlib.contextmanager
def folder(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as name:
        yield Path(name)


def prepare(root: Path, rows: int) -> Path:
    """A home of one file and no platform; the file."""
    settings = {"company": "Bench", "language": "en", "platforms": {}}
    (root / "firsthand.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (root / ".env").write_text(f"FIRSTHAND_KEY={'0123456789abcdef' * 4}\n", encoding="utf-8")
    aside = leads_file.write(rows, 7, UNTIL, root / "leads.csv")
    inbox = root / "inbox" / "files" / "files"
    inbox.mkdir(parents=True, exist_ok=True)
    # A name of the same file: it is taken from the inbox once it has landed, and measured again here.
    (inbox / "leads.csv").hardlink_to(aside)
    return aside


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="use this folder and leave the warehouse there")
    arguments = parser.parse_args()
    with folder(arguments.keep) as root:
        file = prepare(root, arguments.rows)
        print(f"{arguments.rows:,} leads, {file.stat().st_size / MEGABYTE:.0f} MB", flush=True)
        bare = floor(file)
        total, watch, done = watched(command(root, "run"))
        found = steps(root, watch)
    print(f"\n{'':<30}{'seconds':>9}{'rows/s':>11}{'peak MB':>9}{'x floor':>9}")
    door = Took("door", sum(t.seconds for t in found[:2]), max(t.peak for t in found[:2]))
    everything = Took("firsthand run, all of it", total.seconds, total.peak)
    for took in (Took("read_csv + group by: the floor", bare.seconds, bare.peak), *found, door, everything):
        print(
            f"{took.name:<30}{took.seconds:>9.1f}{arguments.rows / max(took.seconds, 0.001):>11,.0f}"
            f"{took.peak / MEGABYTE:>9,.0f}{took.seconds / bare.seconds:>9.1f}"
        )
    print(f"\n{done.stdout.strip()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
