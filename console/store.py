"""console.sqlite: accounts and sessions, in a file of the console's own, 0600."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pipelines.home import Home

TABLES = """
create table if not exists accounts (
    name text primary key, role text not null, password_hash text not null,
    created_at integer not null, changed_at integer not null
) strict;
-- Who came by the sign-in service has an account of its making, without a password.
create table if not exists vouched (
    name text primary key references accounts (name) on delete cascade
) strict;
create table if not exists sessions (
    token_hash text primary key, name text not null references accounts (name) on delete cascade,
    begun_at integer not null, seen_at integer not null
) strict;
"""
PATIENCE = 5.0  # seconds; a write takes milliseconds


def path(home: Home) -> Path:
    return home.state.parent / "console.sqlite"


@contextlib.contextmanager
def opened(home: Home) -> Iterator[sqlite3.Connection]:
    """One transaction: committed at the end, undone by an error. Made where it is not there yet."""
    file = path(home)
    # With its mode before anything is in it.
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    with contextlib.closing(sqlite3.connect(file, timeout=PATIENCE)) as con:
        con.execute("pragma foreign_keys = on")
        con.executescript(TABLES)
        with con:
            yield con


def save(home: Home, target: Path) -> None:
    """A copy for a backup: who has an account, and no session, for nobody is to be logged in by a restore."""
    target.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(target, os.O_RDWR | os.O_CREAT, 0o600))
    with (
        contextlib.closing(sqlite3.connect(path(home), timeout=PATIENCE)) as con,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        con.backup(copy)
        copy.execute("delete from sessions")
        copy.commit()
        copy.execute("vacuum")  # a deleted row stays in its page until then
