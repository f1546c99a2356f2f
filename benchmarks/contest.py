"""Every labelled set, every system: ours, Splink alone and exact matching alone, on the same records.

One configuration of each for all sets. Seconds go from the raw file to clusters, cleaning and training
included. Ours has floors on the sets that the simulator makes; other people's files are only shown.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.labelled import SETS
from benchmarks.scoring import Score, score
from benchmarks.systems import exact, ours, splink_alone
from benchmarks.systems.cleaning import clean

OURS, SPLINK, EXACT = "ours", "Splink alone", "exact alone"
SYSTEMS: dict[str, Callable[[Path], dict[str, str]]] = {
    OURS: ours.clusters,
    SPLINK: lambda file: splink_alone.clusters(clean(file)),
    EXACT: lambda file: exact.clusters(clean(file)),
}
# What ours must reach on the simulator's sets, by their kind: F1 and precision.
FLOORS = {
    "leads": (0.93, 0.97),
    "company": (0.94, 0.97),
    "register": (0.92, 0.97),
    "sparse": (0.86, 0.95),
}


@dataclass(frozen=True)
class Result:
    set_name: str
    system: str
    score: Score
    seconds: float


def truth_of(file: Path) -> dict[str, str]:
    with duckdb.connect() as con:
        rows = "select record_id::varchar, true_cluster_id::varchar from read_parquet(?)"
        return dict(con.execute(rows, [str(file)]).fetchall())


def compete(file: Path, system: str) -> Result:
    truth = truth_of(file)
    began = time.monotonic()
    answer = SYSTEMS[system](file)
    seconds = time.monotonic() - began
    return Result(file.stem, system, score(answer, truth), seconds)


def files(folder: Path, others: Path | None, sizes: list[str]) -> list[Path]:
    """The simulator's sets, made into the folder, and every Parquet file of another folder."""
    own = [one.write(folder) for one in SETS if one.size in sizes]
    return own + (sorted(others.glob("*.parquet")) if others else [])


def shortcomings(result: Result) -> list[str]:
    """Why ours is not good enough on one of the simulator's sets; nothing where it is."""
    kinds = {one.name: one.kind for one in SETS}
    if result.set_name not in kinds or result.system != OURS:
        return []
    floor = FLOORS[kinds[result.set_name]]
    found = []
    for name, value, least in zip(
        ("F1", "precision"), (result.score.f1, result.score.precision), floor, strict=True
    ):
        if value < least:
            found.append(f"{result.set_name}: {name} {value:.4f} is under {least}")
    return found


def report(folder: Path, others: Path | None, sizes: list[str], systems: list[str]) -> list[str]:
    """Print the table as it comes about; what falls short."""
    print(
        f"{'set':<20}{'records':>8}{'people':>8}  {'system':<14}{'F1':>7}{'prec.':>8}{'recall':>8}"
        f"{'B3 F1':>8}{'over-merged':>13}{'split':>7}{'seconds':>9}"
    )
    bad = []
    for file in files(folder, others, sizes):
        for system in systems:
            result = compete(file, system)
            bad += shortcomings(result)
            print(_line(result, is_first=system == systems[0]), flush=True)
    if OURS in systems:
        print("floors of ours by kind (F1, precision): ", end="")
        print(", ".join(f"{kind} {f1}, {precision}" for kind, (f1, precision) in FLOORS.items()))
        print("kept" if not bad else "BROKEN\n  " + "\n  ".join(bad))
    return bad


def _line(result: Result, is_first: bool) -> str:
    found = result.score
    name = f"{result.set_name:<20}{found.records:>8}{found.people:>8}" if is_first else " " * 36
    return (
        f"{name}  {result.system:<14}{found.f1:>7.4f}{found.precision:>8.4f}{found.recall:>8.4f}"
        f"{found.b3_f1:>8.4f}{found.over_merged:>13}{found.split_people:>7}{result.seconds:>9.1f}"
    )
