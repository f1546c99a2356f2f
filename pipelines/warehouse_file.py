"""Opening the warehouse: one writer at a time, by DuckDB's own file lock, waited for.

The kernel frees that lock when a process dies, so a killed run never blocks the next one. Dagster's
pool only keeps our own steps from waiting here.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from pipelines.home import Home

# Room for a million-row batch, and small enough for a 4 GB server; more spills to data/tmp.
MEMORY_LIMIT = "1GB"
# A full dbt build of millions of records ends well within.
PATIENCE_SECONDS = 900.0


T = TypeVar("T")


class WarehouseBusy(Exception):
    """Another process held the warehouse for longer than we were ready to wait."""


def settings(home: Home, memory_limit: str = MEMORY_LIMIT) -> dict[str, Any]:
    """What every connection of ours starts with: bounded memory, and no call to the outside."""
    return {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": memory_limit,
        "temp_directory": str(home.root / "data" / "tmp"),
        # A newer DuckDB writes what the pinned one can read: an upgrade can be taken back.
        "storage_compatibility_version": "v1.5.0",
        # We order where order matters; else DuckDB would hold whole batches back to keep it.
        "preserve_insertion_order": False,
    }


@contextmanager
def warehouse(
    home: Home, *, read_only: bool = False, patience_seconds: float = PATIENCE_SECONDS
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the company's warehouse, closed on leaving; raises WarehouseBusy."""
    home.warehouse.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    con = connect_patiently(home.warehouse, settings(home), read_only, patience_seconds)
    try:
        if not read_only:
            home.warehouse.chmod(0o600)
        yield con
    finally:
        con.close()


def connect_patiently(
    path: Path, config: dict[str, Any], read_only: bool = False, patience_seconds: float = PATIENCE_SECONDS
) -> duckdb.DuckDBPyConnection:
    """Connect, waiting while another process holds the file."""

    def connect() -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(path), read_only=read_only, config=config)

    con = _patiently(connect, path.name, patience_seconds)
    # Not among the settings: on connecting, the time zones are not loaded yet.
    con.execute("set TimeZone = 'UTC'")
    return con


def attach_read_only(
    con: duckdb.DuckDBPyConnection, path: Path, alias: str, patience_seconds: float = PATIENCE_SECONDS
) -> None:
    """Attach the file to look at it, waiting while somebody writes; nobody writes until it is let go."""
    _patiently(lambda: con.execute(f"attach '{path}' as {alias} (read_only)"), path.name, patience_seconds)


def _patiently(open_it: Callable[[], T], name: str, patience_seconds: float) -> T:
    deadline, pause = time.monotonic() + patience_seconds, 0.05
    while True:
        try:
            return open_it()
        except duckdb.IOException as error:
            if "lock" not in str(error):
                raise
            if time.monotonic() > deadline:
                raise WarehouseBusy(
                    f"{name} was held by another process for {patience_seconds:.0f} seconds"
                ) from error
        time.sleep(pause * (1 + random.random()))  # noqa: S311  jitter, not a secret
        pause = min(pause * 2, 1.0)
