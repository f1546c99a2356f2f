"""Every store that is no table of ours: what waits or was refused in files, logs, dbt's and Dagster's own.

What names an erased person goes: a line of a file or a log, a whole body where it is one record, a text in a
database of Dagster's.
Written aside and renamed, so that a crash leaves the old or the new; a second time there is nothing to do.
"""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from connectors.landing import write_durably
from pipelines.erasure import decoding
from pipelines.erasure.inside import Counts
from pipelines.erasure.recogniser import Recogniser
from pipelines.home import Home
from pipelines.reading import NUMBER

# Held open by Dagster in this very process, for a moment at a time.
SQLITE_PATIENCE_SECONDS = 30
SQLITE = b"SQLite format 3\x00"
OWN = {".duckdb", ".wal", ".rewriting", ".lock", ".msgpack", ".gpickle"}


def sweep(home: Home, recogniser: Recogniser) -> Counts:
    """How many files were changed or removed, by store."""
    waiting = partial(_waiting, recogniser=recogniser)
    machine, data = partial(_machine, recogniser=recogniser), home.state.parent
    stores: dict[str, tuple[Callable[[Path], bool], Callable[[], list[Path]]]] = {
        "landing": (
            partial(_landing, recogniser=recogniser),
            lambda: sorted(home.landing.glob("*.jsonl.gz")),
        ),
        "refused": (waiting, lambda: _files(home.refused)),
        "inbox": (waiting, lambda: _files(home.root / "inbox")),
        "outbox": (waiting, lambda: _files(home.root / "outbox")),
        # An audience holds no address; a file that somebody wrote there and none could ask may.
        "audiences": (waiting, lambda: _files(home.root / "audiences")),
        # Before the other exports: they are in the same folder.
        "answers": (partial(_answer, recogniser=recogniser), lambda: _found(home.exports, "dsar-*")),
        "exports": (waiting, lambda: _files(home.exports)),
        "dagster": (machine, lambda: _files(home.dagster)),
        "logs": (machine, lambda: _files(home.logs)),
        "dbt": (machine, lambda: _files(data / "dbt")),
        "state": (machine, lambda: _files(home.state)),
        # What DuckDB spilled before it was killed: nobody reads it again.
        "spilled": (_remove, lambda: _files(data / "tmp")),
    }
    counts = {store: sum(map(clean, paths())) for store, (clean, paths) in stores.items()}
    return {store: count for store, count in counts.items() if count}


def _answer(folder: Path, recogniser: Recogniser) -> bool:
    """What was made for one person is about nobody else."""
    numbers = NUMBER.finditer(folder.name)
    if not any(recogniser.is_number(number[0]) for number in numbers):
        return False
    shutil.rmtree(folder)
    return True


def _found(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern))


def _files(folder: Path) -> list[Path]:
    if not folder.exists():
        return []
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _remove(path: Path) -> bool:
    path.unlink(missing_ok=True)
    return True


# -- what waits, in files --------------------------------------------------------------------------


def _landing(data: Path, recogniser: Recogniser) -> bool:
    """Lines of a batch that has not landed yet; its manifest counts them, so it is written first.

    Cut off between the two, the batch counts too many, is set aside unread, and is pulled again.
    """
    manifest = data.with_name(data.name.removesuffix(".jsonl.gz") + ".json")
    try:
        said = json.loads(manifest.read_text(encoding="utf-8"))
        lines = gzip.decompress(data.read_bytes()).decode("utf-8").splitlines(keepends=True)
    except (OSError, EOFError, ValueError):
        return False  # its writer is at work or died; what is no batch is swept by the next landing
    left = [line for line in lines if not _names_somebody(line, said, recogniser)]
    if len(left) == len(lines):
        return False
    write_durably(manifest, json.dumps(said | {"rows": len(left)}).encode())
    write_durably(data, gzip.compress("".join(left).encode(), 1, mtime=0))
    return True


def _names_somebody(line: str, said: dict, recogniser: Recogniser) -> bool:
    with suppress(ValueError, TypeError, AttributeError):
        row = json.loads(line)
        if recogniser.is_record(said["platform"], said["stream"], row.get("account"), row.get("key")):
            return True
        return recogniser.is_in(row.get("payload") or "")
    return recogniser.is_in(line)


def _waiting(path: Path, recogniser: Recogniser) -> bool:
    """A file of many loses the lines that name somebody; a body, or what is no plain text, goes whole."""
    content = path.read_bytes()
    text = decoding.text_of(content)
    if text is None:
        # Nobody could read it, so nobody can say whose it is; it was set aside, or waits for nothing.
        return _remove(path) if path.suffix == ".gz" else False
    if not recogniser.is_in(text):
        return False
    records = decoding.records_of(text)
    if decoding.is_packed(content) or path.suffix == ".json" or len(records) < 2:
        return _remove(path)
    left = [record for record in records if not recogniser.is_in(record)]
    write_durably(path, "".join(left).encode())
    return True


# -- what machines write of their own work ---------------------------------------------------------


def _machine(path: Path, recogniser: Recogniser) -> bool:
    if path.suffix in OWN or path.name.endswith(("-wal", "-shm", "-journal")):
        return False
    with path.open("rb") as file:
        if file.read(16) == SQLITE:
            return _sqlite(path, recogniser)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    clean = recogniser.cleaned(text)
    if clean == text:
        return False
    write_durably(path, clean.encode())
    return True


def _sqlite(path: Path, recogniser: Recogniser) -> bool:
    """Every text of every table; freed pages are overwritten, the journal is emptied."""
    with closing(sqlite3.connect(path, timeout=SQLITE_PATIENCE_SECONDS)) as con:
        con.execute("pragma secure_delete = on")
        changed = sum(_scrub_table(con, table, recogniser) for table in _tables(con))
        con.commit()
        if changed or _lingers(path, recogniser):
            con.execute("vacuum")
            con.execute("pragma wal_checkpoint(truncate)")
            return True
    return False


def _tables(con: sqlite3.Connection) -> list[str]:
    return [name for (name,) in con.execute("select name from sqlite_master where type = 'table'").fetchall()]


def _scrub_table(con: sqlite3.Connection, table: str, recogniser: Recogniser) -> int:
    changed = 0
    columns = [row[1] for row in con.execute(f'pragma table_info("{table}")').fetchall()]
    for column in columns:
        rows = con.execute(
            f'select rowid, "{column}" from "{table}" where typeof("{column}") = \'text\''
        ).fetchall()
        for rowid, text in rows:
            clean = recogniser.cleaned(text)
            if clean != text:
                con.execute(f'update "{table}" set "{column}" = ? where rowid = ?', (clean, rowid))
                changed += 1
    return changed


def _lingers(path: Path, recogniser: Recogniser) -> bool:
    """Whether a page that was freed long ago, or the journal, still holds somebody."""
    for file in (path, path.with_name(f"{path.name}-wal")):
        if file.exists():
            text = file.read_bytes().decode("latin-1")
            if recogniser.scrubbed(text) != text:
                return True
    return False
