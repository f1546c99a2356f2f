"""Backup and restore of what cannot be pulled again, in one file; tried by tests/test_backup.py.

In it: raw and the door's own tables (first-seen times, cursors, quarantine, tombstones), the inbox, files
nobody could read, firsthand.yaml, audiences, trained weights, what earlier drills and indexes found, the
console's accounts without sessions. Not in it: anything dbt builds again, publications, `.env`, and tokens
unless asked for. FIRSTHAND_KEY is needed besides, and is kept elsewhere.

The file is encrypted unless --plain was said (pipelines/archive.py).
A backup knows only the erasures before it; those since come from a copy of data/state/erasures.jsonl, which
holds nobody's data. After a restore the next run carries all of them out again, before it builds anything.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines import archive, config, raw, state
from pipelines.archive import VARIABLE, BackupRefused
from pipelines.config import ConfigError
from pipelines.door import schema
from pipelines.erasure import carrying_out
from pipelines.erasure.carrying_out import LEDGER
from pipelines.home import Home
from pipelines.ownership import kept
from pipelines.warehouse_file import connect_patiently, settings, warehouse

# Weights too: the records they were learned from change, so they are never quite learned again.
KEPT_FOLDERS = ("inbox", "data/refused", "data/matcher", "audiences")
AUDIT = "data/audit.jsonl"
TOKENS = "data/state/tokens.json"


@dataclass(frozen=True)
class Backup:
    """What is in a backup file."""

    made_at: datetime
    is_encrypted: bool
    tables: dict[str, int]
    files: list[str]
    bytes: int


def write(
    home: Home,
    target: Path,
    secrets: Mapping[str, str],
    made_at: datetime,
    *,
    plain: bool = False,
    with_tokens: bool = False,
    dry_run: bool = False,
) -> Backup:
    """Write a backup to `target`, all of it or nothing, 0600. Raises BackupRefused."""
    passphrase = None if plain else secrets.get(VARIABLE) or None
    if not plain and passphrase is None:
        raise BackupRefused(
            f"a backup holds everybody's data: set {VARIABLE}, or say --plain and guard the file"
        )
    if target.exists():
        raise BackupRefused(f"{target.name} is there already; choose another name")
    if not home.warehouse.exists():
        raise BackupRefused(f"nothing to save: no warehouse in {home.root}")
    with _workshop(home) as folder:
        tables = _export(home, folder)
        _copy_files(home, folder, with_tokens)
        contents = archive.list_contents(folder, tables, made_at)
        if not dry_run:
            archive.pack(folder, contents, target, passphrase)
            state.write(home.state / "backup.json", {"at": made_at.astimezone(UTC).isoformat()})
    size = target.stat().st_size if not dry_run else 0
    return Backup(made_at, passphrase is not None, tables, _files_of(contents), size)


def restore(
    home: Home,
    source: Path,
    secrets: Mapping[str, str],
    *,
    erasures: Path | None = None,
    dry_run: bool = False,
) -> Backup:
    """Bring a backup into an empty home; `dry_run` checks every byte of it and writes nothing.

    `erasures`: a copy of data/state/erasures.jsonl; one that lies in the home is heard as well. Whoever it
    names is not in what comes back. Raises BackupRefused, MissingKey. A warehouse in place is never
    overwritten.
    """
    if home.warehouse.exists() and not dry_run:
        raise BackupRefused(f"{home.root} has a warehouse: restore into an empty folder (--home)")
    with _workshop(home) as folder:
        is_encrypted = archive.unpack(source, folder, secrets)
        contents = json.loads((folder / "contents.json").read_text(encoding="utf-8"))
        archive.verify(folder, contents)
        if not dry_run:
            ledgers = [path for path in (erasures, home.state / LEDGER) if path and path.exists()]
            if erasures and not erasures.exists():
                raise BackupRefused(f"{erasures.name} is not there")
            built = _import(home, folder, contents["tables"], ledgers)
            _put_files_back(home, folder)
            # Last: until it is there, the home counts as empty and a restore can be repeated.
            built.replace(home.warehouse)
    made_at = datetime.fromisoformat(contents["made_at"])
    return Backup(made_at, is_encrypted, contents["tables"], _files_of(contents), source.stat().st_size)


@contextmanager
def _workshop(home: Home) -> Iterator[Path]:
    """A private folder beside the data, gone afterwards."""
    folder = home.state.parent / "tmp" / f"backup-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# -- making one --------------------------------------------------------------------------------------


def _export(home: Home, folder: Path) -> dict[str, int]:
    """Every table that no run builds again, as Parquet; nobody writes while we look."""
    counts = {}
    with warehouse(home, read_only=True) as con:
        tables = con.execute(
            """
            select schema_name, table_name from duckdb_tables()
            where schema_name = 'door' or starts_with(schema_name, 'raw_') order by all
            """
        ).fetchall()
        (folder / "tables").mkdir()
        for place, table in tables:
            name = f"{schema.quoted(place)}.{schema.quoted(table)}"
            con.execute(
                f"copy {name} to '{folder / 'tables' / f'{place}.{table}.parquet'}' (compression zstd)"
            )
            counts[f"{place}.{table}"] = con.execute(f"select count(*) from {name}").fetchone()[0]
    return counts


def _copy_files(home: Home, folder: Path, with_tokens: bool) -> None:
    wanted = [home.config, home.root / AUDIT, home.root / kept.FILE] + (
        [home.root / TOKENS] if with_tokens else []
    )
    # Of a configuration nobody can read, as much is saved as can be.
    with suppress(ConfigError):
        weights = config.read(home).matching.weights
        wanted += [Path(weights)] if weights != config.SHIPPED else []
    for folder_name in KEPT_FOLDERS:
        wanted += sorted((home.root / folder_name).rglob("*"))
    for path in wanted:
        if path.is_file() and not path.is_symlink():
            copy = folder / "files" / path.relative_to(home.root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
    from console import store  # late: nobody else in here needs it

    accounts = store.path(home)
    if accounts.exists():
        store.save(home, folder / "files" / accounts.relative_to(home.root))


def _files_of(contents: Mapping[str, Any]) -> list[str]:
    return [name.removeprefix("files/") for name in contents["members"] if name.startswith("files/")]


# -- bringing one back -------------------------------------------------------------------------------


def _import(home: Home, folder: Path, tables: Mapping[str, int], ledgers: Sequence[Path]) -> Path:
    """Fill a new warehouse beside the real one's place; raises BackupRefused if a row is missing."""
    building = home.warehouse.with_suffix(".restoring")
    for path in (building, building.with_suffix(".restoring.wal")):
        path.unlink(missing_ok=True)
    con = connect_patiently(building, settings(home))
    try:
        building.chmod(0o600)
        raw.ensure(con)
        for name, count in tables.items():
            _fill(con, name, folder / "tables" / f"{name}.parquet")
            place, _, table = name.partition(".")
            found = con.execute(
                f"select count(*) from {schema.quoted(place)}.{schema.quoted(table)}"
            ).fetchone()[0]
            if found != count:
                raise BackupRefused(f"{name}: {found} of {count} rows came back")
        for ledger in ledgers:
            carrying_out.replay_ledger(con, ledger.read_text(encoding="utf-8"))
        # The next run removes them from all else that came back, before it builds or publishes anything.
        con.execute("update door.erasures set removed_at = null, swept_at = null")
        con.execute("checkpoint")
    finally:
        con.close()
    return building


def _fill(con: duckdb.DuckDBPyConnection, name: str, parquet: Path) -> None:
    """Into the table of today where there is one; a platform since removed gets its table back as it was."""
    place, _, table = name.partition(".")
    target = f"{schema.quoted(place)}.{schema.quoted(table)}"
    known = con.execute(
        "select exists (from duckdb_tables() where schema_name = ? and table_name = ?)", [place, table]
    ).fetchone()[0]
    con.execute(f"create schema if not exists {schema.quoted(place)}")
    verb = f"insert into {target} by name" if known else f"create table {target} as"
    con.execute(f"{verb} select * from read_parquet('{parquet}')")


def _put_files_back(home: Home, folder: Path) -> None:
    """Where a file is there already it stays: the folder's own configuration wins."""
    for path in sorted((folder / "files").rglob("*")):
        place = home.root / path.relative_to(folder / "files")
        if path.is_file() and not place.exists():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(path, place)
            place.chmod(0o600)
