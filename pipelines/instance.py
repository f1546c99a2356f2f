"""Dagster's own home below the company's, and what a killed run leaves behind there.

A run holds a kernel lock for as long as its process lives. So "is it still there?" has one honest answer,
also after a power cut or in a container where process numbers start again: try the lock. Limit: one
machine, which is DuckDB's limit as well.
"""

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.home import Home

if TYPE_CHECKING:
    from dagster import DagsterInstance

SETTINGS = """\
# Written by firsthand; changes are overwritten.
telemetry: {enabled: false}
# No box that asks for a mail address to send abroad.
nux: {enabled: false}
python_logs: {python_log_level: INFO}
concurrency:
  # One writer of the warehouse however many runs are started; slots are claimed per step.
  pools: {default_limit: 1, granularity: op}
  runs: {max_concurrent_runs: 3}
run_monitoring:
  enabled: true
  poll_interval_seconds: 10
  free_slots_after_run_end_seconds: 10
  start_timeout_seconds: 180
retention:
  # Ticks pile up by the minute; nobody reads last month's.
  sensor: {purge_after_days: {skipped: 2, failure: 30, success: 30}}
  schedule: {purge_after_days: 90}
"""
REAP_EVERY_SECONDS = 15
# A run shows that it lives from its first step on; before, it may wait that long for a large load to end.
NEVER_CLAIMED = timedelta(hours=6)

_held: dict[str, int] = {}


def prepare(home: Home) -> Path:
    """Make <home>/data/dagster with our settings and say so in the environment; returns the folder."""
    settings = home.dagster / "dagster.yaml"
    if not settings.exists() or settings.read_text(encoding="utf-8") != SETTINGS:
        temporary = settings.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(SETTINGS, encoding="utf-8")
        temporary.replace(settings)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["FIRSTHAND_HOME"] = str(home.root)
    # The settings file is read after the first event of some commands.
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    return home.dagster


def claim(home: Home, run_id: str) -> None:
    """Show that `run_id` lives in this process, until the process ends."""
    path = _locks(home) / run_id
    while run_id not in _held:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        # A reaper may have removed the file between our opening and our locking it.
        if path.exists() and path.stat().st_ino == os.fstat(handle).st_ino:
            _held[run_id] = handle
        else:
            os.close(handle)


def release(home: Home, run_id: str) -> None:
    """The run ended in good order."""
    if (handle := _held.pop(run_id, None)) is not None:
        (_locks(home) / run_id).unlink(missing_ok=True)
        os.close(handle)


def is_alive(home: Home, run_id: str) -> bool | None:
    """Whether the run's process is there; None where it never claimed (it died or waits before its start)."""
    if run_id in _held:
        return True
    try:
        handle = os.open(_locks(home) / run_id, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def others_alive(home: Home, run_id: str) -> bool:
    """Whether another run than this one is at work: then half-written landing files may be its."""
    return any(is_alive(home, path.name) for path in _locks(home).iterdir() if path.name != run_id)


def reap(home: Home, instance: "DagsterInstance") -> list[str]:
    """Mark runs whose process is gone as failed and free the writer's slot they held; returns their ids."""
    from dagster import DagsterRunStatus, RunsFilter

    states = [DagsterRunStatus.STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.CANCELING]
    reaped = []
    for record in instance.get_run_records(RunsFilter(statuses=states)):
        run, alive = record.dagster_run, is_alive(home, record.dagster_run.run_id)
        silent = datetime.now(UTC) - record.create_timestamp > NEVER_CLAIMED
        if alive is False or (alive is None and silent):
            instance.report_run_failed(run, "The process of this run is gone; the next run takes over.")
            reaped.append(run.run_id)
    for path in list(_locks(home).iterdir()):
        if is_alive(home, path.name) is False:
            # Also where Dagster knew of the end but not of the slot.
            instance.event_log_storage.free_concurrency_slots_for_run(path.name)
            path.unlink(missing_ok=True)
    return reaped


@contextlib.contextmanager
def reaping(home: Home, instance: "DagsterInstance") -> Iterator[None]:
    """Reap now and while the block runs: a run may be killed while this one waits for its slot."""
    reap(home, instance)
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(REAP_EVERY_SECONDS):
            with contextlib.suppress(Exception):  # the next round tries again
                reap(home, instance)

    watcher = threading.Thread(target=watch, daemon=True, name="reaper")
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join(timeout=5)


def _locks(home: Home) -> Path:
    folder = home.state / "running"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
