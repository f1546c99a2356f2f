"""A whole company for tests: its folder, its simulated platforms, runs of the real command line.

What a test looks at is read from the warehouse or from `serving/current`, never from the code's own words.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import requests
from warm import Warm

from simulator import home
from simulator.model import Company

ROOT = Path(__file__).resolve().parents[1]
# The morning after the made-up company's last day; given, so that two runs can be compared.
MORNING = "2026-11-20T05:00:00+00:00"
# When a platform was asked, as the machine's clock had it: no two runs agree.
CLOCKED = {"announced_at"}
LONGEST_RUN = 300  # seconds; a run takes a tenth of it
WARM = Warm()
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Ran:
    """How one call of the command line ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def text(self) -> str:
        return f"{self.out}\n{self.err}"


@dataclass(frozen=True)
class Town:
    """One home and the simulator its platforms are."""

    root: Path
    company: Company
    base_url: str

    @classmethod
    def build(cls, root: Path, company: Company, base_url: str, **settings: Any) -> "Town":
        return cls(home.write(root, base_url, **settings), company, base_url)

    def copy(self, root: Path) -> "Town":
        """The same town as it stands, elsewhere, with our platforms even if others' made it."""
        shutil.copytree(self.root, root, symlinks=True)
        settings = root / "firsthand.yaml"
        settings.write_text(ADDRESS.sub(self.base_url, settings.read_text()))
        return replace(self, root=root)

    def firsthand(self, *words: str, is_cold: bool = False, **environment: str) -> Ran:
        """One command, in a process of its own; `is_cold`: which imports all it needs, as a user's does."""
        began = time.monotonic()
        with WARM.free() as is_free, tempfile.TemporaryDirectory() as folder:
            said = Path(folder)
            is_cold = is_cold or not is_free or "PYTHONPATH" in environment
            run = _cold if is_cold else _warm
            code = run(self.command(*words), self.environment(**environment), said)
            out, err = ((said / name).read_text(encoding="utf-8") for name in ("out", "err"))
        return Ran(code, out, err, time.monotonic() - began)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "pipelines.cli", "--home", str(self.root), *words]

    def environment(self, **more: str) -> dict[str, str]:
        """Ours, without what a developer's own shell may say to firsthand."""
        ours = {k: v for k, v in os.environ.items() if not k.startswith(("FIRSTHAND_", "DAGSTER_"))}
        return ours | {"FIRSTHAND_INGESTED_AT": MORNING} | more

    def operate(self, what: str, **wish: Any) -> dict[str, Any]:
        """The simulator's operator: clock, faults, kill, revive."""
        answer = requests.post(f"{self.base_url}/_sim/{what}", json=wish, timeout=10)
        answer.raise_for_status()
        return answer.json()

    # -- what there is -----------------------------------------------------------------------------

    def rows(self, query: str, *values: Any) -> list[tuple]:
        """From the private warehouse."""
        return _ask(self.root / "data" / "warehouse.duckdb", query, values)

    def published(self, query: str, *values: Any, file: str = "marketing") -> list[tuple]:
        """From what everybody else reads."""
        return _ask(self.root / "serving" / "current" / f"{file}.duckdb", query, values)

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.root / "serving" / "current" / "manifest.json").read_text(encoding="utf-8"))

    def raw_counts(self) -> dict[str, int]:
        """Rows of every change log."""
        with _opened(self.root / "data" / "warehouse.duckdb") as con:
            tables = con.execute(
                "select schema_name || '.' || table_name from duckdb_tables()"
                " where starts_with(schema_name, 'raw_') order by all"
            ).fetchall()
            return {name: con.execute(f"select count(*) from {name}").fetchall()[0][0] for (name,) in tables}

    def tables(self, without: Collection[str] = ()) -> dict[str, Counter[tuple]]:
        """Every published table as a bag of whole rows, without the machine's clock and those columns.

        Nor what changed from one publication to the next: a run that was killed may make one more.
        """
        with _opened(self.root / "serving" / "current" / "marketing.duckdb") as con:
            found = con.execute("select table_name, column_name from duckdb_columns() where not internal")
            columns: dict[str, list[str]] = {}
            for table, column in found.fetchall():
                if table != "publication_changes" and column not in CLOCKED and column not in without:
                    columns.setdefault(table, []).append(column)
            return {
                table: Counter(
                    map(_countable, con.execute(f'select {", ".join(names)} from "{table}"').fetchall())
                )
                for table, names in columns.items()
            }


def _countable(row: tuple) -> tuple:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)


def _warm(command: list[str], environment: dict[str, str], said: Path) -> int:
    return WARM.run(command[3:], environment, said, LONGEST_RUN)


def _cold(command: list[str], environment: dict[str, str], said: Path) -> int:
    with (said / "out").open("wb") as out, (said / "err").open("wb") as err:
        return subprocess.run(
            command, env=environment, stdout=out, stderr=err, timeout=LONGEST_RUN, check=False, cwd=ROOT
        ).returncode


def _ask(path: Path, query: str, values: tuple) -> list[tuple]:
    with _opened(path) as con:
        return con.execute(query, list(values)).fetchall()


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """To look at. Opening a warehouse takes a tenth of a second: many questions share one."""
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        yield con


def differences(before: dict[str, Counter[tuple]], after: dict[str, Counter[tuple]]) -> list[str]:
    """What differs, a few rows of each table; nothing where all is the same."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        gone = before.get(name, Counter()) - after.get(name, Counter())
        new = after.get(name, Counter()) - before.get(name, Counter())
        if gone or new:
            found.append(f"{name}: {gone.total()} rows gone, {new.total()} new")
            found += [f"  - {row}" for row in list(gone)[:3]] + [f"  + {row}" for row in list(new)[:3]]
    return found
