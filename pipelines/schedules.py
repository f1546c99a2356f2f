"""When things run: leads each hour, everything each night, the inbox as it fills; all on by default.

Also the two watchers that need no run of their own: one for runs that broke before their verdict, one for
sources that went silent because nobody asked them.
"""

import hashlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines import alerts, freshness, handout, instance, intake, verdict
from pipelines.alerts import Problem
from pipelines.company import Company, sources
from pipelines.extract import Pull
from pipelines.home import Home

SETTLED_SECONDS = 5  # a file still being copied in has a younger time of change
INBOX_EVERY_SECONDS = 30
STALENESS_EVERY_SECONDS = 3600
IN_PROGRESS = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
EVERYTHING, LEADS, INBOX = "everything", "leads", "inbox"


def jobs() -> list[Any]:
    """Three runs that differ in what they read; all of them land, build and publish."""
    external = dg.AssetSelection.groups("platforms")
    landing = dg.AssetSelection.groups("landing")
    hourly = [s.landing_key for s in sources() if s.is_pulled and s.stream.hourly]
    after = dg.AssetSelection.all() - external - landing - dg.AssetSelection.assets(handout.KEY)
    inbox = dg.AssetSelection.assets(intake.KEY)
    start = dg.AssetSelection.assets(handout.KEY)
    return [
        dg.define_asset_job(EVERYTHING, dg.AssetSelection.all() - external),
        dg.define_asset_job(
            LEADS,
            start | dg.AssetSelection.assets(*hourly) | inbox | after,
            config={"ops": {"extract": {"config": Pull(hourly=True).model_dump()}}},
        ),
        dg.define_asset_job(INBOX, start | inbox | after),
    ]


def schedules(company: Company) -> list[dg.ScheduleDefinition]:
    times = {LEADS: company.config.schedules.leads, EVERYTHING: company.config.schedules.everything}
    return [
        dg.ScheduleDefinition(
            name=f"{name}_schedule",
            job_name=name,
            cron_schedule=cron,
            execution_timezone=company.config.time_zone,
            default_status=dg.DefaultScheduleStatus.RUNNING,
        )
        for name, cron in times.items()
    ]


def waiting(home: Home, now: float) -> Iterator[Path]:
    """What lies in the inbox and is no longer being written."""
    for folder in (home.webhooks, home.files, home.commands):
        for path in sorted(folder.rglob("*")):
            is_whole = not path.name.startswith(".") and path.suffix not in {".part", ".tmp"}
            if is_whole and path.is_file() and now - path.stat().st_mtime > SETTLED_SECONDS:
                yield path


def run_key(home: Home, paths: list[Path]) -> str:
    """One run per content of the inbox: what a run left lying does not start the next one."""
    digest = hashlib.sha256()
    for path in paths:
        found = path.stat()
        digest.update(f"{path.relative_to(home.root)} {found.st_mtime_ns} {found.st_size}\n".encode())
    return digest.hexdigest()[:24]


def inbox_sensor(company: Company) -> dg.SensorDefinition:
    home = company.home

    @dg.sensor(
        job_name=INBOX,
        minimum_interval_seconds=INBOX_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Lands webhooks, dropped files and commands soon after they arrived.",
    )
    def inbox_watch(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        # Also the daemon's turn to free what a killed run held.
        instance.reap(home, context.instance)
        paths = list(waiting(home, time.time()))
        if not paths:
            return dg.SkipReason("the inbox is empty")
        if context.instance.get_runs(dg.RunsFilter(statuses=IN_PROGRESS), limit=1):
            return dg.SkipReason("a run is at work and may take these along; looking again soon")
        key = run_key(home, paths)
        if key == context.cursor:
            return dg.SkipReason("what lies in the inbox was tried and stayed; see data/refused and the log")
        return dg.SensorResult([dg.RunRequest(run_key=key)], cursor=key)

    return inbox_watch


def staleness_sensor(company: Company) -> dg.SensorDefinition:
    """Tells of silent sources also where no run looks at them, a schedule switched off for instance."""

    @dg.sensor(
        minimum_interval_seconds=STALENESS_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        jobs=[],
        description="Tells of sources that were not read for too long, whether or not anything runs.",
    )
    def staleness_watch(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        stale = []
        for source, age in freshness.ages(company, datetime.now(UTC)):
            passed, _, text = freshness.judge(age)
            if not passed:
                stale.append(Problem("stale_source", source.word, text))
        # Only a run that read a source can say that it is well again.
        wrong = alerts.report(company, stale, examined=[])
        return dg.SkipReason("; ".join([f"{len(stale)} stale sources", *wrong]))

    return staleness_watch


def failure_sensor(company: Company) -> dg.SensorDefinition:
    """Tells of runs of the daemon that broke before `verdict` could; the command line tells of its own."""

    @dg.run_failure_sensor(
        name="broken_run_watch",
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=INBOX_EVERY_SECONDS,
    )
    def broken_run_watch(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
        failures = [e for e in context.get_step_failure_events() if e.step_key != verdict.STEP]
        if failures or not context.get_step_failure_events():
            run_id = context.dagster_run.run_id
            for text in verdict.report_broken_run(company, context.instance, run_id, failures):
                context.log.error(text)
        return None

    return broken_run_watch


def sensors(company: Company) -> list[dg.SensorDefinition]:
    return [inbox_sensor(company), staleness_sensor(company), failure_sensor(company)]
