"""Dagster loads; one graph leads from each platform to the publication; schedules are on."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy
from homes import make_company

from pipelines import dbt_parsed, instance, records, schedules, verdict, warehouse
from pipelines.company import sources
from pipelines.definitions import definitions_of
from pipelines.places import ROOT

PUBLICATION = dg.AssetKey(["serving", "publication"])


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    return make_company(tmp_path_factory.mktemp("company"), platforms={"meta": {}, "brevo": {}})


@pytest.fixture(scope="module")
def defs(company):
    return definitions_of(company)


@pytest.fixture(scope="module")
def graph(defs):
    return defs.resolve_asset_graph()


def upstream(graph, key):
    found, todo = set(), [key]
    while todo:
        for parent in graph.get(todo.pop()).parent_keys - found:
            found.add(parent)
            todo.append(parent)
    return found


def test_every_platform_leads_to_the_publication_in_one_graph(graph):
    above = upstream(graph, PUBLICATION)
    for platform in {s.platform for s in sources() if s.is_pulled} | {"inbox"}:
        assert dg.AssetKey(["platform", platform]) in above
    for source in sources():
        assert dg.AssetKey(source.raw_key) in above, f"nothing reads {source.word}"


def test_the_verdict_comes_after_the_publication(graph):
    assert PUBLICATION in upstream(graph, dg.AssetKey(verdict.KEY))


def test_layers_are_groups(graph):
    groups = {graph.get(key).group_name for key in graph.get_all_asset_keys()}
    assert groups >= {"platforms", "landing", "raw", "staging", "contracts", "identity", "marts", "serving"}
    assert "default" not in groups


def test_no_asset_is_a_stub_that_nobody_makes(graph):
    """A dbt source whose name differs from its raw asset would appear as one more, unmade, asset."""
    unmade = {key for key in graph.get_all_asset_keys() if not graph.get(key).is_materializable}
    assert {key.path[0] for key in unmade} == {"platform"}


def test_schedules_and_sensors_are_on_by_default(defs):
    repository = defs.get_repository_def()
    assert {s.job_name for s in repository.schedule_defs} == {"leads", "everything"}
    for watcher in [*repository.schedule_defs, *repository.sensor_defs]:
        assert watcher.default_status.value == "RUNNING", watcher.name


def test_the_hourly_run_reads_leads_only_and_publishes(defs):
    job = defs.resolve_job_def(schedules.LEADS)
    keys = job.asset_layer.selected_asset_keys
    assert job.run_config["ops"]["extract"]["config"]["hourly"], "and of them the news alone"
    read = {"/".join(key.path[1:]) for key in keys if key.path[0] == "landing"}
    assert read == {"inbox", *(s.word for s in sources() if s.stream.hourly)}
    assert PUBLICATION in keys


def test_only_writers_hold_the_slot_and_reading_does_not(graph):
    pools = {key.path[0]: graph.get(key).pools for key in graph.get_all_asset_keys()}
    for layer in ("door", "raw_meta", "staging", "marts"):
        assert pools[layer] == {"warehouse"}
    assert graph.get(PUBLICATION).pools == {"warehouse"}
    assert pools["landing"] == set()


def test_what_is_overridden_in_dagster_dbt_still_exists():
    """Else a new version would silently ask a package index for news before each run."""
    for name in ("_cli_version", "_initialize_dbt_core_adapter"):
        assert name in vars(warehouse.DbtCliResource)


def test_each_of_dagsters_files_is_opened_once_and_waits_for_no_disk(company):
    """Else a new version would silently double the time of a run with nothing new."""
    instance.prepare(company.home)
    records.relax()
    with dg.DagsterInstance.get() as dagster:
        for storage in (dagster.event_log_storage.index_connection, dagster.run_storage.connect):
            with storage() as one:
                assert one.exec_driver_sql("pragma synchronous").scalar() == 1
            with storage() as other:
                assert one.engine is other.engine


def test_what_of_dagsters_files_stays_is_asked_once(company):
    """As above; and what was no may have become a yes."""
    instance.prepare(company.home)
    records.relax()
    with dg.DagsterInstance.get() as dagster:
        storage, asked = dagster.event_log_storage, []
        with storage.index_connection() as connection:
            sqlalchemy.event.listen(
                connection.engine, "before_cursor_execute", lambda *told: asked.append(told[2])
            )
        for _ in range(2):
            assert storage.has_asset_key_index_cols()
        assert len(asked) == 1, asked
        for times in (2, 3):
            assert not storage.has_secondary_index("made up")
            assert len(asked) == times
        storage.enable_secondary_index("made up")
        assert storage.has_secondary_index("made up") and storage.has_secondary_index("made up")
        assert len(asked) == 5
        assert records.STAYS and all(hasattr(kind, name) for kind, name in records.STAYS)


def test_the_manifest_is_parsed_once_per_state_of_the_project(company):
    first = dbt_parsed.ensure_manifest(company)
    stamp = first.stat().st_mtime_ns
    assert dbt_parsed.ensure_manifest(company) == first
    assert first.stat().st_mtime_ns == stamp


@pytest.mark.slow
def test_dagster_validates_the_code_location(company):
    instance.prepare(company.home)
    program = str(Path(sys.executable).parent / "dagster")
    done = subprocess.run(
        [program, "definitions", "validate", "-w", "workspace.yaml"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_killed_run_is_reaped_and_its_slot_freed(company):
    instance.prepare(company.home)
    with dg.DagsterInstance.get() as dagster:
        job = dg.job(name="dead")(lambda: None)
        run = dagster.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        alive = dagster.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        storage = dagster.event_log_storage
        storage.initialize_concurrency_limit_to_default("warehouse")
        assert storage.claim_concurrency_slot("warehouse", run.run_id, "land").is_claimed
        script = f"""
from pipelines import instance; from pipelines.home import Home; import os, signal
instance.claim(Home.at({str(company.home.root)!r}), {run.run_id!r}); os.kill(os.getpid(), signal.SIGKILL)"""
        subprocess.run([sys.executable, "-c", script], check=False)
        instance.claim(company.home, alive.run_id)
        assert instance.reap(company.home, dagster) == [run.run_id]
        assert dagster.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE
        assert dagster.get_run_by_id(alive.run_id).status == dg.DagsterRunStatus.STARTED
        assert storage.claim_concurrency_slot("warehouse", alive.run_id, "land").is_claimed
        instance.release(company.home, alive.run_id)
