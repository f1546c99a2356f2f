"""Landing files as the door sees them: which are waiting, and one of them as a table.

A data file without a manifest belongs to a writer that died, or to one still at work; the writer holds
a lock on it, so the two can be told apart.
"""

import contextlib
import fcntl
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from connectors.landing import state_of
from pipelines.door.schema import Connection
from pipelines.home import Home

# What a landing line may hold, and how it reads.
LINE = {
    "account": "varchar",
    "key": "varchar",
    "op": "varchar",
    "version": "varchar",
    "payload": "varchar",
    "changed_at": "timestamptz",
    "occurred_at": "timestamptz",
    "fetched_at": "timestamptz",
    "arrived_at": "timestamptz",
    "form": "varchar",
}
STALE_PART_SECONDS, FRESH_SECONDS = 3600, 2
# Webhooks and files arrived before this run's pull: landed first, they keep the earlier first sight.
LANDING_ORDER = {"webhook": 0, "file": 1, "api": 2}


class Unreadable(Exception):
    """A landing file is cut short, garbled or gone; the text says which."""


@dataclass(frozen=True)
class Lot:
    """One batch on its way through the door: where it comes from and what its reader said of it."""

    batch: str
    platform: str
    stream: str
    via: str
    started_at: datetime
    rows: int = 0
    accounts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    inbox: Mapping[str, Any] = field(default_factory=dict)
    is_backfill: bool = False
    is_replay: bool = False

    @property
    def is_complete(self) -> bool:
        """Every account was read to its end."""
        drained = [account.get("drained", False) for account in self.accounts.values()]
        return bool(drained) and all(drained) and not self.is_backfill


def read_manifest(home: Home, batch: str) -> Lot:
    """Raises Unreadable."""
    try:
        said = json.loads((home.landing / f"{batch}.json").read_text(encoding="utf-8"))
        return Lot(
            batch=batch,
            platform=said["platform"],
            stream=said["stream"],
            via=said["via"],
            started_at=datetime.fromisoformat(said["started_at"]),
            rows=said["rows"],
            accounts=said["accounts"],
            inbox=said["inbox"],
            is_backfill=said.get("backfill", False),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"manifest of {batch}: {type(error).__name__}") from error


def waiting(home: Home) -> list[str]:
    """Batches with a manifest, in the order to land them."""

    def order(batch: str) -> tuple[int, str]:
        via = batch.rsplit("-", 2)[-2] if batch.count("-") >= 2 else "api"
        return LANDING_ORDER.get(via, 2), batch

    return sorted((path.stem for path in home.landing.glob("*.json")), key=order)


def sweep(home: Home) -> int:
    """Delete what dead writers left in the landing folder; how many files that was."""
    gone = 0
    for path in home.landing.glob("*.jsonl.gz"):
        with contextlib.suppress(FileNotFoundError):
            gone += _delete_if_orphaned(path)
    for path in home.landing.glob("*.part"):
        # Nobody locks these: they live for milliseconds between being written and being renamed.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > STALE_PART_SECONDS:
                path.unlink()
                gone += 1
    return gone


def _delete_if_orphaned(path: Path) -> bool:
    manifest = path.with_name(path.name.removesuffix(".jsonl.gz") + ".json")
    # A new file is open for an instant before its writer has the lock.
    if manifest.exists() or time.time() - path.stat().st_mtime < FRESH_SECONDS:
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        # Its writer may have finished between our look and the lock.
        if manifest.exists():
            return False
        path.unlink()
        return True


def stage(con: Connection, home: Home, lot: Lot) -> None:
    """The batch's records as temporary table `incoming`; raises Unreadable."""
    path = home.landing / f"{lot.batch}.jsonl.gz"
    if not path.exists():
        raise Unreadable(f"landing file of {lot.batch} is gone")
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in LINE.items())
    try:
        con.execute(
            f"""
            create or replace temp table incoming as
            select
                row_number() over () as n,
                coalesce(account, '') as account, coalesce(key, '') as key, coalesce(op, 'upsert') as op,
                coalesce(version, sha256(coalesce(payload, ''))) as version, payload,
                changed_at, occurred_at, coalesce(fetched_at, ?) as fetched_at, arrived_at,
                coalesce(form, '') as form, cast(null as varchar) as quarantine_id
            from read_json(?, format = 'newline_delimited', compression = 'gzip', columns = {{{columns}}})
            """,
            [lot.started_at, str(path)],
        )
    except duckdb.Error as error:
        # Never the error's own text: it quotes the line, and the line is a person.
        raise Unreadable(f"landing file of {lot.batch}: {type(error).__name__}") from error
    found = con.execute("select count(*) from incoming").fetchone()[0]
    if found != lot.rows:
        raise Unreadable(f"landing file of {lot.batch} holds {found} of {lot.rows} records")


def clear(home: Home, lot: Lot) -> None:
    """After the commit: what the batch came from, then its data, its manifest last.

    Killed half way, the manifest brings us back here and the batch is known as landed.
    """
    inbox = home.root / "inbox"
    for name, state in lot.inbox.items():
        path = (home.root / name if name.startswith("inbox/") else inbox / name).resolve()
        # Nothing outside the inbox is ever deleted, whatever a manifest says, nor a file put in the place
        # of the one that was read.
        if path.is_relative_to(inbox) and path.exists() and state in (None, state_of(path)):
            path.unlink(missing_ok=True)
    (home.landing / f"{lot.batch}.jsonl.gz").unlink(missing_ok=True)
    (home.landing / f"{lot.batch}.json").unlink(missing_ok=True)


def set_aside(home: Home, batch: str, reason: str) -> None:
    """Move a batch nobody can read to data/refused; its inbox files stay and are read again."""
    for suffix in (".jsonl.gz", ".json"):
        with contextlib.suppress(FileNotFoundError):
            (home.landing / f"{batch}{suffix}").rename(home.refused / f"{batch}{suffix}")
    (home.refused / f"{batch}.reason.txt").write_text(reason + "\n", encoding="utf-8")
