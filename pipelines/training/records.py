"""The company's records as matching compares them, taken out of the warehouse so that a run need not wait."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.reading import Connection
from pipelines.warehouse_file import attach_read_only, settings

PATIENCE_SECONDS = 30.0


@contextlib.contextmanager
def taken(home: Home) -> Iterator[Connection]:
    """A connection with `people`, and `strangers`: one record of each; raises ConfigError, WarehouseBusy."""
    if not home.warehouse.exists():
        raise ConfigError("nothing is built yet: `firsthand run` first")
    con = duckdb.connect(config=settings(home))
    try:
        take(con, home.warehouse)
        yield con
    finally:
        con.close()


def take(con: Connection, warehouse: Path) -> None:
    con.execute("set TimeZone = 'UTC'")
    attach_read_only(con, warehouse, "warehouse", PATIENCE_SECONDS)
    try:
        con.execute("create table people as from warehouse.identity.int_identity__compared")
        # Random pairs of a small company are often enough one person twice; of these, hardly ever.
        con.execute(
            "create table strangers as from people where n in ("
            "select min(n) from warehouse.identity.int_customer_profiles group by customer_id)"
        )
    except duckdb.CatalogException as error:
        raise ConfigError("nobody was matched yet: `firsthand run` first") from error
    finally:
        con.execute("detach warehouse")
