"""The warehouse as a new file: in DuckDB a deleted row stays in its block until that is used again.

What cannot be computed again goes over, table by table; what dbt built stays behind and is built anew. The
old file gives its name to the new one in one step, while nobody else can write.
"""

from datetime import datetime

from pipelines import fingerprint, raw
from pipelines.chaos import point
from pipelines.door import schema
from pipelines.door.schema import Connection
from pipelines.home import Home
from pipelines.serving.folders import sync

LASTING = "schema_name = 'door' or starts_with(schema_name, 'raw_')"


def rewrite(con: Connection, home: Home, now: datetime) -> None:
    """Copy what `con` (the warehouse, open for writing) must keep into a new file, and put it in its place.

    Only the new file says that the pending erasures are done with: who reads that has it before them.

    Use `con` no more afterwards but to close it.
    """
    building = home.warehouse.with_suffix(".rewriting")
    clear(home)
    old = con.execute("select current_database()").fetchone()[0]
    con.execute(f"attach '{building}' as rewritten (storage_version 'v1.5.0')")
    building.chmod(0o600)
    con.execute("use rewritten")
    raw.ensure(con)
    for place, table in con.execute(
        f"select schema_name, table_name from duckdb_tables()"
        f" where database_name = ? and ({LASTING}) order by all",
        [old],
    ).fetchall():
        _copy(con, schema.quoted(old), f"{schema.quoted(place)}.{schema.quoted(table)}", place)
    con.execute("update door.erasures set swept_at = ? where swept_at is null", [now])
    con.execute(f"use {schema.quoted(old)}")
    con.execute("checkpoint rewritten")
    con.execute("detach rewritten")
    # Before the new file is there: nobody may publish what is not built.
    fingerprint.note_building(home)
    con.execute("force checkpoint")  # else its log would be read into the file that takes its name
    sync(building)
    point("before_rewritten_swap")
    building.replace(home.warehouse)
    sync(home.warehouse.parent)


def clear(home: Home) -> None:
    """Remove what a killed rewriting left."""
    for suffix in (".rewriting", ".rewriting.wal"):
        home.warehouse.with_suffix(suffix).unlink(missing_ok=True)


def _copy(con: Connection, old: str, table: str, place: str) -> None:
    con.execute(f"create schema if not exists {schema.quoted(place)}")
    con.execute(f"create table if not exists rewritten.{table} as from {old}.{table} limit 0")
    con.execute(f"insert into rewritten.{table} by name from {old}.{table}")
    copied, there = (
        con.execute(f"select count(*) from {database}.{table}").fetchone()[0]
        for database in ("rewritten", old)
    )
    if copied != there:
        raise RuntimeError(f"{table}: {copied} of {there} rows were copied")
