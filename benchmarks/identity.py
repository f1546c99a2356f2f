"""Speed of identity, normalising to numbers, beside a floor and beside others, on the same records.

    python -m benchmarks.identity [--records 100000 1000000 5000000] [--rivals-up-to 1000000] [--strict]

For each size: made-up profiles with skewed names; the floor (scan, hash all columns, GROUP BY e-mail) on that
table; the identity models built by dbt, their own time by dbt's clock and start-up apart; 10,000 records more
and the increment by the same clock; then Splink alone (training included) and exact matching alone, raw
records to clusters. F1 of all against the truth. Bounds are printed with a verdict; only --strict ends with
1 where one is broken, because a busy machine breaks them too.
"""

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from benchmarks import crowd
from benchmarks.identity_build import Build, build, floor, prepare
from benchmarks.memory import watched
from benchmarks.rivals import CLEANING
from benchmarks.scoring import Score, score_tables

ARRIVALS = 10_000
SEED = 7
GIGABYTE = 1024**3
SLOWEST = 6
# The bounds: full build against the floor, memory and increment at the million, growth from there on.
FULL_TIMES_FLOOR, PEAK_GIGABYTES, INCREMENT_FASTER, GROWTH = 40, 3.0, 25, 1.3
JUDGED_AT = 1_000_000
RIVALS = {"splink": "Splink alone", "exact": "exact alone"}


@dataclass
class Size:
    """Everything measured at one number of records."""

    records: int
    floor: float
    full: Build
    increment: Build
    ours: Score
    grown: Score  # ours, once the later records are in
    rivals: list[tuple[str, float, int, Score]] = field(default_factory=list)


def measure(root: Path, records: int, rivals_up_to: int, arrivals_count: int = ARRIVALS) -> Size:
    warehouse = root / "data" / "warehouse.duckdb"
    arrivals, truth = root / "arrivals.parquet", root / "truth.parquet"
    warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(warehouse)) as con:
        con.execute(f"set threads = 2; set TimeZone = 'UTC'; set temp_directory = '{root}/spill'")
        crowd.write(con, records, arrivals_count, SEED, arrivals, truth)
    prepare(warehouse)
    tries = floor(warehouse)
    full = build(root, full_refresh=True)
    # Before and after: a machine is not as fast in one second as in the next.
    bare = statistics.median(tries + floor(warehouse))
    ours = _score_warehouse(warehouse, truth)
    rivals = [_rival(root, name, full, truth) for name in RIVALS if records <= rivals_up_to]
    with duckdb.connect(str(warehouse)) as con:
        con.execute(
            f"insert into contracts.profiles by name "
            f"select * replace (touched_at + interval 1 day as touched_at) from '{arrivals}'"
        )
    increment = build(root, full_refresh=False)
    return Size(records, bare, full, increment, ours, _score_warehouse(warehouse, truth), rivals)


def _score_warehouse(warehouse: Path, truth: Path) -> Score:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        given = (
            "select profile_id as record_id, customer_id as cluster_id from identity.int_customer_profiles"
        )
        return _score(con, given, truth)


def _score(con: duckdb.DuckDBPyConnection, given: str, truth: Path) -> Score:
    """The truth knows those who arrive later as well; only who is there by now counts."""
    con.execute(f"create or replace temp table answered as {given}")
    there = "select record_id from answered"
    con.execute(f"create or replace temp table known as from '{truth}' where record_id in ({there})")
    return score_tables(con, "answered", "known")


def _rival(root: Path, name: str, full: Build, truth: Path) -> tuple[str, float, int, Score]:
    out = root / f"{name}.parquet"
    warehouse = root / "data" / "warehouse.duckdb"
    took, _, done = watched([sys.executable, "-m", "benchmarks.rivals", name, str(warehouse), str(out)])
    cleaning = sum(full.by_model.get(model, 0.0) for model in CLEANING)
    seconds = cleaning + float(done.stdout.strip().splitlines()[-1])
    with duckdb.connect() as con:
        return RIVALS[name], seconds, took.peak, _score(con, f"from '{out}'", truth)


def report(size: Size) -> None:
    print(f"\n{size.records:,} records, {size.ours.people:,} people; floor {size.floor:.2f} s")
    print(
        f"{'':<30}{'seconds':>9}{'start-up':>10}{'x floor':>9}{'peak MB':>9}"
        f"{'F1':>8}{'prec.':>8}{'recall':>8}"
    )
    full, more = size.full, size.increment
    _row("identity, full", size, full.own_seconds, full.start_up_seconds, full.peak, size.ours)
    name = f"identity, {ARRIVALS:,} more"
    _row(name, size, more.own_seconds, more.start_up_seconds, more.peak, size.grown)
    for name, seconds, peak, score in size.rivals:
        _row(f"{name}, raw to clusters", size, seconds, None, peak, score)
    for name, one in (("full", full), (f"{ARRIVALS:,} more", more)):
        slowest = sorted(one.by_model.items(), key=lambda model: -model[1])[:SLOWEST]
        print(f"{name}: " + ", ".join(f"{model} {seconds:.2f}" for model, seconds in slowest), flush=True)


def _row(name: str, size: Size, seconds: float, start_up: float | None, peak: int, score: Score) -> None:
    apart = f"{start_up:>10.1f}" if start_up is not None else f"{'':>10}"
    print(
        f"{name:<30}{seconds:>9.2f}{apart}{seconds / size.floor:>9.1f}{peak / 1024**2:>9,.0f}"
        f"{score.f1:>8.4f}{score.precision:>8.4f}{score.recall:>8.4f}"
    )


def verdicts(sizes: list[Size]) -> list[tuple[str, float, float, bool]]:
    """What, measured, bound, kept; only for the sizes that were run."""
    found = []
    judged = next((one for one in sizes if one.records == JUDGED_AT), None)
    if judged:
        full, more = judged.full.own_seconds, judged.increment.own_seconds
        found += [
            _at_most("full build, times the floor", full / judged.floor, FULL_TIMES_FLOOR),
            _at_most("full build, peak GB", judged.full.peak / GIGABYTE, PEAK_GIGABYTES),
            _at_least("increment, times faster than full", full / more, INCREMENT_FASTER),
        ]
    for larger in (one for one in sizes if judged and one.records > JUDGED_AT):
        linear = larger.records / JUDGED_AT
        growth = larger.full.own_seconds / judged.full.own_seconds / linear
        found.append(_at_most(f"growth to {larger.records:,}, times linear", growth, GROWTH))
    return found


def _at_most(name: str, value: float, bound: float) -> tuple[str, float, float, bool]:
    return name, value, bound, value <= bound


def _at_least(name: str, value: float, bound: float) -> tuple[str, float, float, bool]:
    return name, value, bound, value >= bound


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, nargs="+", default=[100_000, JUDGED_AT, 5 * JUDGED_AT])
    parser.add_argument(
        "--rivals-up-to", type=int, default=JUDGED_AT, help="largest size Splink and exact run at"
    )
    parser.add_argument("--strict", action="store_true", help="end with 1 where a bound is broken")
    options = parser.parse_args()
    sizes = []
    for records in sorted(options.records):
        with tempfile.TemporaryDirectory(prefix="firsthand-identity-") as folder:
            sizes.append(measure(Path(folder), records, options.rivals_up_to))
        report(sizes[-1])
    found = verdicts(sizes)
    if not found:
        print(f"\nbounds are judged at {JUDGED_AT:,} records")
    for name, value, bound, is_kept in found:
        print(f"{'kept  ' if is_kept else 'BROKEN'}  {name:<42}{value:>8.2f}  bound {bound}")
    return 1 if options.strict and not all(kept for *_, kept in found) else 0


if __name__ == "__main__":
    sys.exit(main())
