"""Dagster's records on SQLite, with fewer waits for the disk.

Dagster opens and closes its files for each of the several hundred events of a run. The last to close a
file moves everything from its log into it and waits for the disk twice; each commit waits once more. That
made half of a run with nothing new. So one idle connection per file is kept while we live, and a commit is
handed to the kernel without waiting: kill -9 loses nothing, a power cut at most the last moments' events,
and the files stay whole (SQLite's promise for WAL with synchronous=NORMAL). The warehouse is not touched.
"""

import sqlite3
import threading
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

_open: dict[str, sqlite3.Connection] = {}
_lock = threading.Lock()


def _relax(connection: Any, record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.execute("pragma synchronous = normal")
    path = connection.execute("pragma database_list").fetchone()[2]
    if path and path not in _open:
        with _lock:
            keeper = sqlite3.connect(path, check_same_thread=False)
            keeper.execute("select count(*) from sqlite_master").fetchone()  # really opens it
            _open[path] = keeper


def relax() -> None:
    """For every SQLite file this process opens through SQLAlchemy from now on; Dagster alone does."""
    if not event.contains(Engine, "connect", _relax):
        event.listen(Engine, "connect", _relax)
