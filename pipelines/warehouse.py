"""dbt in Dagster: one asset per model and seed, one asset check per data test.

`dagster-dbt` as it comes asks a package index for news before each run, opens an adapter of its own and
parses the project in every process. None of that is needed here; what is overridden has a test that
fails loudly when a new version renames it.
"""

import importlib.metadata
import logging
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets
from packaging import version
from pydantic import Field

from pipelines import audit_trail, chaos, fingerprint, identity_mode, instance
from pipelines.company import Company
from pipelines.dbt_parsed import ensure_manifest, environment, variables
from pipelines.discretion import guarded
from pipelines.places import DBT_PROJECT

MODELS_BEFORE_CHAOS = 5
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


def dbt_resource(company: Company) -> QuietDbt:
    """dbt by our own Python, tied to the life of the run, over the project as it was parsed."""
    whole = ensure_manifest(company).with_suffix(".msgpack")
    return QuietDbt(
        project_dir=str(DBT_PROJECT),
        profiles_dir=str(DBT_PROJECT),
        dbt_executable=sys.executable,
        global_config_flags=["-m", "pipelines.dbt_child", "--manifest", str(whole)],
    )


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
    # What was checked when this was built still holds; Dagster would warn of each check not asked again.
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
    upstream = {spec.key: {dep.asset_key for dep in spec.deps} for spec in built.specs}
    for key in TopologicalSorter(upstream).static_order():
        if key in upstream and key in wanted:
            yield dg.MaterializeResult(key, metadata={"unchanged": True})


class Build(dg.Config):
    """How to build: as a rule what changed, if anything did."""

    rebuild_identity: bool = Field(False, description="Who is who, computed anew for everybody.")


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
    @guarded(company)
    def build(context: dg.AssetExecutionContext, dbt: QuietDbt, config: Build) -> Iterator[Any]:
        instance.claim(company.home, context.run_id)
        ingredients = fingerprint.compute(company)
        is_full = config.rebuild_identity or identity_mode.is_due(company)
        if not is_full and ingredients == fingerprint.built(company.home):
            context.log.info("dbt: nothing new, same day, same configuration, same code")
            yield from unchanged(context.assets_def, context.selected_asset_keys)
            return
        audit_trail.note_rules(company, ingredients, context.run_id)
        fingerprint.note_building(company.home)
        os.environ.update(environment(company.home))
        told = variables(company, full_identity=is_full)
        invocation = dbt.cli(
            # Unit tests judge the code, and the code was judged before it came here.
            ["build", "--exclude-resource-type", "unit_test", "--vars", told],
            context=context,
            target_path=company.home.root / "data" / "dbt" / "build",
        )
        yield from watched(invocation.stream(), len(context.selected_output_names), context.log.info)
        if context.is_subset:
            context.log.info("dbt: a selection was built, so the tables do not count as whole")
        else:
            if is_full:
                identity_mode.note_rebuilt(company.home)
                ingredients["identity_rebuilt"] = identity_mode.rebuilt_at(company.home)
            fingerprint.note_built(company.home, ingredients)

    return build
