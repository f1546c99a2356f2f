"""A published file, opened once in a process and shared by all who read it at the same time.

DuckDB keeps one instance of a file per process, whose settings are locked by the first reader: a second
one could not set them again. So the first opens and locks it, and each reader gets a connection of its own to
it, with temporary tables of its own. The last one closes it; a server keeps what is shown open, for opening
costs thirty times what a reader's own connection does.
"""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

Connection = duckdb.DuckDBPyConnection
# No SQL may leave the file: no other is read or written, no extension loaded, and none of this is undone.
SETTINGS = ("global TimeZone = 'UTC'", "enable_external_access = false", "lock_configuration = true")


@dataclass
class _File:
    con: Connection
    readers: int = 0


_files: dict[Path, _File] = {}
_kept: set[Path] = set()
_config: dict[str, Any] = {}
_lock = threading.Lock()


@contextlib.contextmanager
def reader(path: Path) -> Iterator[Connection]:
    """A connection to the file at `path`, which is resolved: a link turned meanwhile changes nothing under
    it. Raises duckdb.IOException where there is none."""
    with _lock:
        file = _files.get(path) or _files.setdefault(path, _File(_opened(path)))
        file.readers += 1
        con = file.con.cursor()
    try:
        yield con
    finally:
        con.close()
        with _lock:
            file.readers -= 1
            _close_unused()


def keep(*paths: Path) -> None:
    """These stay open from one reader to the next, once somebody read them; what was kept before does not.

    A snapshot that is no longer shown must be let go: the disk frees a deleted file, and whoever was erased
    from it, when nobody has it open.
    """
    with _lock:
        _kept.clear()
        _kept.update(paths)
        _close_unused()


def one_thread_each() -> None:
    """For a server: what is opened from now on answers each question in the thread that asks it.

    Twenty questions at once, each cut in as many pieces as there are processors, take a third more of them.
    """
    _config["threads"] = 1


def _opened(path: Path) -> Connection:
    con = duckdb.connect(str(path), read_only=True, config=_config)
    for setting in SETTINGS:
        con.execute(f"set {setting}")
    return con


def _close_unused() -> None:
    for path in [path for path, file in _files.items() if not file.readers and path not in _kept]:
        _files.pop(path).con.close()
