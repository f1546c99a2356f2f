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
