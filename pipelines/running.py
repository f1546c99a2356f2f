"""One run from the command line, through Dagster in this process: the same steps, seen on its pages too."""

import contextlib
import io
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from connectors.redaction import redact
from pipelines import instance, records, schedules, verdict
from pipelines.company import Company, Source, sources
from pipelines.definitions import definitions_of
from pipelines.extract import Pull
from pipelines.warehouse import Build


@dataclass
class StreamOutcome:
    """How one stream fared: `read` from its platform, `new`, `refused` and `dropped` at the door."""

    read: int | None = None
    new: int = 0
    refused: int = 0
    seconds: float = 0.0
    trouble: list[str] = field(default_factory=list)


@dataclass
class Outcome:
    run_id: str
    succeeded: bool
    streams: dict[str, StreamOutcome]
    troubles: list[str]
    before: dict[str, Any]
    after: dict[str, Any]


def run(
    company: Company,
    only: list[Source] | None = None,
    pull: Pull | None = None,
    build: Build | None = None,
) -> Outcome:
    """Read, land, build, publish, judge. A failed run raises nothing: the outcome tells.

    `only`: these streams; none of them, and no platform is asked at all.
    """
    instance.prepare(company.home)
    records.relax()
    before, run_id = manifest(company), str(uuid.uuid4())
    run_config = _run_config(pull or Pull(), build or Build(), is_pulling=only != [])
    with dg.DagsterInstance.get() as dagster:
        instance.claim(company.home, run_id)
        try:
            with instance.reaping(company.home, dagster):
                result = _execute(company, dagster, run_id, only, run_config)
            return _outcome(company, dagster, result, before)
        finally:
            instance.release(company.home, run_id)


def _execute(
    company: Company,
    dagster: dg.DagsterInstance,
    run_id: str,
    only: list[Source] | None,
    run_config: dict[str, Any],
) -> dg.ExecuteInProcessResult:
    job = definitions_of(company).resolve_job_def(schedules.EVERYTHING)
    # dbt's own lines belong to the pages; ours say how far it is.
    with contextlib.redirect_stdout(io.StringIO()):
        return job.execute_in_process(
            instance=dagster,
            run_id=run_id,
            raise_on_error=False,
            tags={"firsthand/started_by": "command line"},
            run_config=run_config,
            asset_selection=None if only is None else _selection(job, only),
        )


def _run_config(pull: Pull, build: Build, *, is_pulling: bool) -> dict[str, Any]:
    ops = {"build": {"config": build.model_dump()}}
    return {
        # A step that does not run may not be configured.
        "ops": ops | ({"extract": {"config": pull.model_dump()}} if is_pulling else {}),
        # Named here or Dagster takes its own, which prints every event.
        "loggers": {"console": {}},
    }


def _selection(job: dg.JobDefinition, only: list[Source]) -> list[dg.AssetKey]:
    """Everything but the streams that were not asked for."""
    asked = {dg.AssetKey(s.landing_key) for s in only}
    pulled = {dg.AssetKey(s.landing_key) for s in sources() if s.is_pulled}
    return [key for key in job.asset_layer.selected_asset_keys if key in asked or key not in pulled]


def _outcome(
    company: Company, dagster: dg.DagsterInstance, result: dg.ExecuteInProcessResult, before: dict[str, Any]
) -> Outcome:
    streams: dict[str, StreamOutcome] = {}
    troubles = []
    for event in result.all_events:
        if event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION:
            _add_numbers(streams, event.materialization)
        elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.event_specific_data
            if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR:
                word = verdict.subject_of(check)
                if word in streams:
                    streams[word].trouble.append(check.description or check.check_name)
                else:
                    troubles.append(f"{word}: {check.description or check.check_name}")
    failures = [e for e in result.get_step_failure_events() if e.step_key != verdict.STEP]
    if failures or (not result.success and not result.get_step_failure_events()):
        troubles += [redact(_reason(event), company.secret_values) for event in failures]
        troubles += verdict.report_broken_run(company, dagster, result.run_id, failures)
    return Outcome(result.run_id, result.success, streams, troubles, before, manifest(company))


def _add_numbers(streams: dict[str, StreamOutcome], done: dg.AssetMaterialization) -> None:
    layer, numbers = done.asset_key.path[0], {k: v.value for k, v in done.metadata.items()}
    if layer == "landing" and "records" in numbers:
        outcome = streams.setdefault("/".join(done.asset_key.path[1:]), StreamOutcome())
        outcome.read = (outcome.read or 0) + numbers["records"]
        outcome.seconds += numbers["seconds"]
    elif layer.startswith("raw_") and (numbers.get("batches") or numbers.get("read")):
        word = "/".join([layer.removeprefix("raw_"), *done.asset_key.path[1:]])
        outcome = streams.setdefault(word, StreamOutcome())
        outcome.new, outcome.refused = numbers["new"], numbers["refused"]
        # The door also counts what came by file, by webhook or from a run that died before landing.
        outcome.read = max(outcome.read or 0, numbers["read"])
        outcome.seconds += numbers["seconds"]


def _reason(event: dg.DagsterEvent) -> str:
    """The innermost error of a broken step, in its own words."""
    if said := verdict.said_by_us(event):
        return said
    error = event.step_failure_data.error
    while error and error.cause:
        error = error.cause
    return f"{event.step_key}: {error.message.strip() if error else event.message}"


def manifest(company: Company) -> dict[str, Any]:
    """What serving/current says of itself; nothing before the first publication."""
    path = company.home.serving / "current" / "manifest.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
