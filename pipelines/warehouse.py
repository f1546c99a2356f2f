"""dbt in Dagster: one asset per model and seed, one asset check per data test.

`dagster-dbt` as it comes asks a package index for news before each run, opens an adapter of its own and
parses the project in every process. None of that is needed here; what is overridden has a test that
fails loudly when a new version renames it.
"""

import fcntl
import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets
from packaging import version

from pipelines import chaos, clock, fingerprint, instance
from pipelines.company import Company
from pipelines.home import Home
from pipelines.places import DBT_PROJECT, ROOT

# The project's own sources: what the manifest is made from.
PARSED = ("models", "seeds", "snapshots", "macros", "tests", "analyses")
MODELS_BEFORE_CHAOS = 5
KEPT_MANIFESTS = 3
SAY_EVERY_SECONDS = 5.0


class QuietDbt(DbtCliResource):
    """dbt without `dbt --version` (a call to the package index) and without a second adapter."""

    @cached_property
    def _cli_version(self) -> version.Version:
        return version.parse(importlib.metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Any) -> None:
        # It would import dbt here and keep a lock on the warehouse until this process ends.
        return None


class Layers(DagsterDbtTranslator):
    """A folder is a group; keys need no translation, sources are named like raw assets."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        kind, folders = dbt_resource_props["resource_type"], dbt_resource_props["fqn"][1:-1]
        return "seeds" if kind == "seed" else folders[0] if folders else None


def dbt_resource() -> QuietDbt:
    """dbt by our own Python, tied to the life of the run."""
    return QuietDbt(
        project_dir=str(DBT_PROJECT),
        profiles_dir=str(DBT_PROJECT),
        dbt_executable=sys.executable,
        global_config_flags=["-m", "pipelines.dbt_child"],
    )


def environment(home: Home) -> dict[str, str]:
    """What the dbt process is told beyond the environment it inherits."""
    path = os.pathsep.join(p for p in (str(ROOT), os.environ.get("PYTHONPATH")) if p)
    return {
        "FIRSTHAND_WAREHOUSE": str(home.warehouse),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONPATH": path,
    }


def variables(company: Company) -> str:
    day = clock.today(company.config)
    return json.dumps(company.config.dbt_vars(day, day))


def ensure_manifest(company: Company) -> Path:
    """The parsed project, parsed once per state of its files and kept under that state's hash."""
    folder = DBT_PROJECT / "target"
    if not os.access(folder if folder.exists() else DBT_PROJECT, os.W_OK):
        folder = company.home.root / "data" / "dbt"  # an installation that only root may change
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    manifest = folder / f"manifest-{_digest()}.json"
    with (folder / ".parse.lock").open("w") as lock:
        # `dagster dev` starts several processes at once; one parses, the others wait for it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not manifest.exists():
            _parse(company, folder / "parse")
            (folder / "parse" / "manifest.json").replace(manifest)
            _forget_old(folder, manifest)
    return manifest


def _digest() -> str:
    digest = hashlib.sha256(importlib.metadata.version("dbt-core").encode())
    paths = [p for name in PARSED for p in (DBT_PROJECT / name).rglob("*") if p.is_file()]
    for path in sorted([*paths, *DBT_PROJECT.glob("*.yml")]):
        digest.update(str(path.relative_to(DBT_PROJECT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _parse(company: Company, target: Path) -> None:
    command = [sys.executable, "-m", "pipelines.dbt_child", "--quiet", "parse", "--vars", variables(company)]
    command += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    command += ["--target-path", str(target), "--log-path", str(target)]
    done = subprocess.run(
        command, env=os.environ | environment(company.home), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"dbt cannot parse dbt_project:\n{done.stdout}{done.stderr}")


def _forget_old(folder: Path, current: Path) -> None:
    for path in sorted(folder.glob("manifest-*.json"), key=lambda p: p.stat().st_mtime)[:-KEPT_MANIFESTS]:
        if path != current:
            path.unlink(missing_ok=True)


def watched(events: Iterator[Any], total: int, say: Callable[[str], None]) -> Iterator[Any]:
    """The events as they come, and a line now and then for whoever waits."""
    built, said = 0, time.monotonic()
    for event in events:
        built += isinstance(event, dg.Output)
        if built == MODELS_BEFORE_CHAOS:
            chaos.point("between_dbt_models")
        if time.monotonic() - said > SAY_EVERY_SECONDS:
            said = time.monotonic()
            say(f"dbt: {built} of {total} tables built")
        yield event


def unchanged(built: dg.AssetsDefinition, wanted: Collection[dg.AssetKey]) -> Iterator[dg.MaterializeResult]:
    """What stands downstream runs only behind results; parents first, as Dagster wants it."""
    upstream = {spec.key: {dep.asset_key for dep in spec.deps} for spec in built.specs}
    for key in TopologicalSorter(upstream).static_order():
        if key in upstream and key in wanted:
            yield dg.MaterializeResult(key, metadata={"unchanged": True})


def assets(company: Company) -> dg.AssetsDefinition:
    """All models, seeds and tests as one step that holds the writer's slot."""
    project = DbtProject(project_dir=DBT_PROJECT, profiles_dir=DBT_PROJECT)

    @dbt_assets(
        manifest=ensure_manifest(company),
        project=project,
        name="build",
        pool="warehouse",
        dagster_dbt_translator=Layers(),
    )
    def build(context: dg.AssetExecutionContext, dbt: QuietDbt) -> Iterator[Any]:
        instance.claim(company.home, context.run_id)
        ingredients = fingerprint.compute(company)
        if ingredients == fingerprint.built(company.home):
            context.log.info("dbt: nothing new, same day, same configuration, same code")
            yield from unchanged(context.assets_def, context.selected_asset_keys)
            return
        fingerprint.note_building(company.home)
        os.environ.update(environment(company.home))
        invocation = dbt.cli(
            # Unit tests judge the code, and the code was judged before it came here.
            ["build", "--exclude-resource-type", "unit_test", "--vars", variables(company)],
            context=context,
            target_path=company.home.root / "data" / "dbt" / "build",
        )
        yield from watched(invocation.stream(), len(context.selected_output_names), context.log.info)
        if context.is_subset:
            context.log.info("dbt: a selection was built, so the tables do not count as whole")
        else:
            fingerprint.note_built(company.home, ingredients)

    return build
