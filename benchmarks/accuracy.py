"""Who is who: what the engine answers against what the simulator knows.

    python -m benchmarks.accuracy [ER=<folder>] [--people 600] [--seeds 7 11 23] [--sizes 2k 12k]

First the whole pipeline on the made-up company, with its traps; then a table of every labelled set for
ours, Splink alone and exact matching alone. ER names a folder of further labelled Parquet files, which
stay where they are. Precision: of the pairs called one person, how many are. Recall: of the pairs that are
one person, how many were found. Ends with 1 below a floor or with a trap sprung.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import contest, published


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=600)
    parser.add_argument("--seeds", type=int, nargs="*", default=[7, 11, 23], help="none: no whole run")
    parser.add_argument("--sizes", nargs="*", default=["2k", "12k"], choices=["2k", "12k"])
    parser.add_argument("--systems", nargs="+", default=list(contest.SYSTEMS), choices=list(contest.SYSTEMS))
    parser.add_argument("er", nargs="?", metavar="ER=<folder>", help="further labelled Parquet files")
    return parser.parse_args()


def _others(word: str | None) -> Path | None:
    """The folder of ER=<folder>, from the command line or, by make, from the environment."""
    folder = (word or os.environ.get("ER") or "").removeprefix("ER=")
    if not folder:
        return None
    if not Path(folder).is_dir():
        raise SystemExit(f"{folder} is no folder")
    return Path(folder)


def main() -> int:
    options = _options()
    others = _others(options.er)
    bad = published.report(options.people, options.seeds) if options.seeds else []
    print()
    with tempfile.TemporaryDirectory(prefix="firsthand-labelled-") as folder:
        bad += contest.report(Path(folder), others, options.sizes, options.systems)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
