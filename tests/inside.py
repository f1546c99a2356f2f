"""dbt in this process, over the project as runs have it parsed: seconds less than a process of its own.

For tests of what models say. That dbt as a process does the same is what tests/whole is for.
"""

import gc
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import throwaway
from homes import make_company

from pipelines import dbt_child, dbt_lean, dbt_parsed
from pipelines.config.rules import Survivorship
from pipelines.places import DBT_PROJECT

# What runs hand over and dbt's own settings do not hold.
VARIABLES = {"survivorship": Survivorship().model_dump()}


@cache
def _target() -> str:
    """A folder of this process's own: two test runs side by side do not meet."""
    return str(throwaway.folder("firsthand-dbt"))


@cache
def _manifest() -> Any:
    company = make_company(throwaway.folder("firsthand-dbt"))
    parsed = dbt_child.read(dbt_parsed.ensure_manifest(company).with_suffix(".msgpack"))
    gc.freeze()  # as dbt_child does
    return parsed


def _forget_compiled() -> None:
    """What an ephemeral model says depends on the build; dbt, made for one a process, compiles it once."""
    for node in _manifest().nodes.values():
        if node.resource_type == "model":
            node.compiled, node.extra_ctes_injected, node.extra_ctes = False, False, []


def dbt(warehouse: Path, *words: str, **variables: Any) -> list[Any]:
    """`words` as for dbt itself; its results. Fails with what dbt said of the models and tests that did."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ["FIRSTHAND_WAREHOUSE"] = str(warehouse)
    dbt_lean.lean()
    _forget_compiled()
    places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    places += ["--target-path", _target(), "--log-path", _target()]
    places += ["--vars", json.dumps(VARIABLES | variables)]
    quiet = ["--quiet", "--log-level", "none", "--log-level-file", "none", "--no-write-json"]
    try:
        done = dbtRunner(manifest=_manifest()).invoke([*quiet, *words, *places])
    finally:
        # dbt keeps the file open for as long as the process lives.
        DuckDBConnectionManager.close_all_connections()
    results = list(getattr(done.result, "results", ()))
    failed = [f"{one.node.name}: {one.message}" for one in results if one.status in ("error", "fail")]
    assert done.success, f"{done.exception or ''} {failed}"
    return results
