"""Dagster's records on SQLite, with fewer waits for the disk.

Dagster opens and closes its files for each of the several hundred events of a run, every time by a new engine
that has to learn each statement again. The last to close a file moves everything from its log into it and
waits for the disk twice; each commit waits once more. That made half of a run with nothing new. So one
connection per file is kept while we live, and a commit is handed to the kernel without waiting: kill -9 loses
nothing, a power cut at most the last moments' events, and the files stay whole (SQLite's promise for WAL with
synchronous=NORMAL). The warehouse is not touched.

And what it asks again at every event though the answer stays is asked once: which columns its own tables
have, which of its indexes are built, which assets are a step's. That was another quarter of such a run.
"""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from dagster._core.execution.context.system import StepExecutionContext
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from dagster._core.storage.runs.sqlite import sqlite_run_storage
from dagster._core.storage.schedules.sqlite import sqlite_schedule_storage
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool

STORAGES = (sqlite_event_log, sqlite_run_storage, sqlite_schedule_storage)
# Of an object, by name: what is true once (or not empty) stays so for as long as the object is used.
STAYS = (
    (SqlEventLogStorage, "has_asset_key_col"),
    (SqlEventLogStorage, "_has_asset_key_index_cols_on_connection"),
    (SqlEventLogStorage, "has_secondary_index"),
    (StepExecutionContext, "get_output_asset_keys"),
)


@cache
def _kept(url: str, timeout: float) -> Engine:
    """Others may connect at the same time; their connections are closed after use."""
    pool = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": -1}
    engine = create_engine(url, connect_args={"timeout": timeout, "check_same_thread": False}, **pool)
    event.listen(engine, "connect", lambda connection, _: connection.execute("pragma synchronous = normal"))
    # Dagster disposes of what it thinks is its own after each event.
    engine.dispose = lambda close=True: None
    return engine


def _engine(url: str, connect_args: dict[str, Any] | None = None, **_: Any) -> Engine:
    return _kept(url, (connect_args or {}).get("timeout", 5.0))


def _remembered(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Asked again for as long as the answer is no: a migration may make it a yes."""

    @wraps(ask)
    def answer(of: Any, *words: Any) -> Any:
        known = vars(of).setdefault("remembered_answers", {})
        # By which connection it is asked changes nothing.
        question = (ask.__name__, *(word for word in words if isinstance(word, str)))
        if not known.get(question):
            known[question] = ask(of, *words)
        return known[question]

    return answer


def relax() -> None:
    """For every file of Dagster's records that this process opens from now on."""
    for storage in STORAGES:
        storage.create_engine = _engine
    for kind, name in STAYS:
        if not hasattr(getattr(kind, name), "__wrapped__"):
            setattr(kind, name, _remembered(getattr(kind, name)))
