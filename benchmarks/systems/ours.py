"""Ours: `firsthand match`, the command anybody may call on a file of their own."""

import csv
import subprocess
import tempfile
from pathlib import Path

import duckdb

from benchmarks.home_run import ROOT, command


def clusters(file: Path) -> dict[str, str]:
    """Record -> customer number, for a labelled file; its truth is cut off first.

    Raises RuntimeError with what the command said, if it failed.
    """
    with tempfile.TemporaryDirectory(prefix="firsthand-match-") as folder:
        given, out = Path(folder) / file.name, Path(folder) / "groups.csv"
        without_truth = (
            f"copy (select * exclude (true_cluster_id) from '{file}') to '{given}' (format parquet)"
        )
        with duckdb.connect() as con:
            con.execute(without_truth)
        words = command(Path(folder), "match", str(given), "--out", str(out))
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode:
            raise RuntimeError(f"firsthand match {file.name} failed:\n{done.stdout}\n{done.stderr}")
        return read(out)


def read(out: Path) -> dict[str, str]:
    with out.open(encoding="utf-8", newline="") as lines:
        return {line["record_id"]: line["customer_id"] for line in csv.DictReader(lines)}
