"""All stories of tests/scenarios in one warehouse, built by dbt as it stands."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import stories

from pipelines import raw
from pipelines.door import judgements

ROOT = Path(__file__).parent.parent
PROJECT = ROOT / "dbt_project"
# The last days the stories speak of; the golden replay ends in September 2027.
VARS = {"lifecycle_as_of": "2027-12-31", "permission_as_of": "2026-11-20"}


def build(folder: Path) -> Path:
    """The warehouse's file, in `folder`."""
    warehouse = folder / "data" / "warehouse.duckdb"
    warehouse.parent.mkdir()
    with duckdb.connect(str(warehouse)) as writer:
        writer.execute("set TimeZone = 'UTC'")
        raw.ensure(writer)
        for story in stories.names():
            for stream, values in stories.raw_rows(story):
                writer.execute(f"insert into raw_{stream} values ({', '.join('?' * len(values))})", values)
            for said in stories.judgements(story):
                judgements.write(writer, said, said.made_at)
    dbt(warehouse, folder / "target", "build", "--exclude-resource-type", "unit_test")
    return warehouse


def dbt(warehouse: Path, target: Path, *arguments: str, **variables: Any) -> None:
    """`variables`: over those of the stories."""
    command = [sys.executable, "-m", "pipelines.dbt_child", "--quiet", *arguments]
    command += ["--vars", json.dumps(VARS | variables)]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(target)]
    done = subprocess.run(
        [*command, "--log-path", str(target)],
        env=os.environ | {"FIRSTHAND_WAREHOUSE": str(warehouse), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
