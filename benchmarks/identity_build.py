"""The identity models over a warehouse, built by dbt as everywhere else, and what they took by its clock."""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.memory import watched
from pipelines import dbt_parsed
from pipelines.company import Company
from pipelines.config import Config
from pipelines.door import schema
from pipelines.home import Home
from pipelines.places import DBT_PROJECT

FLOOR_TRIES = 5
# A profile's, as macro short_name tells it.
SHORT_NAME = "(md5_number(profile_id) >> 68)::bigint"
FLOOR = """
create or replace temp table floor as
select email, count(*) as n, bit_xor(hash({columns})) as h from contracts.profiles group by email
"""


@dataclass(frozen=True)
class Build:
    """One call of dbt."""

    own_seconds: float  # of the models, by run_results.json
    start_up_seconds: float  # the rest of the wall: Python, dbt, the seeds
    peak: int
    by_model: dict[str, float]


def company(root: Path) -> Company:
    """A home of nothing but a warehouse: three countries' phones, no platform."""
    config = Config.model_validate(
        {"company": "Bench", "language": "en", "countries": ["FR", "BE", "CA"], "platforms": {}}
    )
    return Company(Home(root), config, {})


def prepare(warehouse: Path) -> None:
    """What the identity models read besides profiles: the door's own tables, empty."""
    with duckdb.connect(str(warehouse)) as con:
        schema.ensure(con, {})


def build(root: Path, full_refresh: bool) -> Build:
    """Seeds and identity models, no tests; raises RuntimeError with what dbt said, if it failed."""
    here = company(root)
    target = root / "data" / "dbt"
    manifest = dbt_parsed.ensure_manifest(here).with_suffix(".msgpack")
    words = [sys.executable, "-m", "pipelines.dbt_child", "--manifest", str(manifest)]
    words += ["--log-level-file", "none", "build", "--selector", "match"]
    # One model at a time: none waits for another while its clock runs.
    words += ["--resource-type", "seed", "--resource-type", "model", "--threads", "1"]
    words += ["--full-refresh"] if full_refresh else []
    words += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    words += ["--target-path", str(target), "--log-path", str(target), "--vars", dbt_parsed.variables(here)]
    took, _, _ = watched(words, dbt_parsed.environment(here.home))
    by_model = _seconds_by_model(target / "run_results.json")
    own = sum(by_model.values())
    return Build(own, max(took.seconds - own, 0.0), took.peak, by_model)


def _seconds_by_model(file: Path) -> dict[str, float]:
    results = json.loads(file.read_text(encoding="utf-8"))["results"]
    models = (one for one in results if one["unique_id"].startswith("model."))
    return {one["unique_id"].rpartition(".")[2]: one["execution_time"] for one in models}


def floor(warehouse: Path) -> list[float]:
    """Scan, hash all columns, group by e-mail: seconds of a few tries, the first left out."""
    tries = []
    with duckdb.connect(str(warehouse), read_only=True) as con:
        con.execute("set threads = 2")
        columns = [name for name, *_ in con.execute("describe contracts.profiles").fetchall()]
        for _ in range(FLOOR_TRIES + 1):
            began = time.monotonic()
            con.execute(FLOOR.format(columns=", ".join(columns)))
            tries.append(time.monotonic() - began)
    return tries[1:]
