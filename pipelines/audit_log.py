"""The audit log: who or what exported, forgot, judged, restored, changed a rule. Append-only, and it shows.

data/audit.jsonl, one entry a line; each carries a keyed hash over itself and the one before, so that none can
be changed, left out or put between without FIRSTHAND_KEY. Cut off at its end it would still be whole: each
publication's manifest holds the number and hash of the newest entry then, and `verify` compares.

An entry names customers by number and nobody otherwise: what was erased is not in here either.
"""

import fcntl
import json
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.json_text import canonical
from pipelines.home import Home
from pipelines.keyed import Keyed

BEGINNING = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One thing done. `reference` is what tells it from every other: the same one is never written twice."""

    n: int
    at: datetime
    by: str
    what: str
    reference: str
    facts: Mapping[str, Any]
    key_version: int
    seal: str


class Tampered(Exception):
    """The log is not what was written; the text says from which entry on."""


def note(
    home: Home,
    keyed: Keyed,
    what: str,
    by: str,
    reference: str,
    facts: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> bool:
    """Write an entry, on disk when this returns; whether it is new. Raises Tampered."""
    with _held(home) as file:
        entries, whole = _read(file)
        if reference in {entry["reference"] for entry in entries}:
            return False
        file.truncate(whole)  # half a line is an entry that was never finished
        previous = entries[-1]["seal"] if entries else BEGINNING
        said = {
            "n": len(entries) + 1,
            "at": (at or datetime.now(UTC)).astimezone(UTC).isoformat(),
            "by": by,
            "what": what,
            "reference": reference,
            "facts": dict(facts or {}),
            "key_version": keyed.version,
        }
        said["seal"] = _seal(keyed, previous, said)
        file.seek(whole)
        file.write((canonical(said) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())
    return True


def entries(home: Home) -> list[Entry]:
    """Oldest first."""
    path = _path(home)
    if not path.exists():
        return []
    with path.open("rb") as file:
        found, _ = _read(file)
    return [Entry(**{**entry, "at": datetime.fromisoformat(entry["at"])}) for entry in found]


def references(home: Home) -> set[str]:
    return {entry.reference for entry in entries(home)}


def head(home: Home) -> dict[str, Any]:
    """Number and hash of the newest entry: what a publication keeps as witness."""
    found = entries(home)
    return {"entries": len(found), "seal": found[-1].seal if found else BEGINNING}


def verify(home: Home, keyed: Keyed, witnesses: Collection[Mapping[str, Any]] = ()) -> int:
    """How many entries there are, all of them as written. Raises Tampered, MissingKey.

    `witnesses`: heads that others kept.
    """
    seals, previous = {0: BEGINNING}, BEGINNING
    path = _path(home)
    found: list[dict[str, Any]] = []
    if path.exists():
        with path.open("rb") as file:
            found, whole = _read(file)
            if whole != path.stat().st_size:
                raise Tampered(f"entry {len(found) + 1} is cut off")
    for place, entry in enumerate(found, start=1):
        said = {name: value for name, value in entry.items() if name != "seal"}
        if entry["n"] != place:
            raise Tampered(f"entry {place} is missing")
        if entry["seal"] != _seal(keyed.of_version(entry["key_version"]), previous, said):
            raise Tampered(f"entry {place} was changed, or one before it was")
        previous = seals[place] = entry["seal"]
    for witness in witnesses:
        place = int(witness["entries"])
        if place not in seals:
            raise Tampered(f"entries {len(found) + 1} to {place} are missing: a publication knew of them")
        if seals[place] != witness["seal"]:
            raise Tampered(f"entry {place} is not the one a publication knew")
    return len(found)


def _seal(keyed: Keyed, previous: str, said: Mapping[str, Any]) -> str:
    return keyed.digest("audit", previous + canonical(dict(said)))


def _path(home: Home) -> Path:
    return home.state.parent / "audit.jsonl"


@contextmanager
def _held(home: Home) -> Iterator[Any]:
    handle = os.open(_path(home), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _read(file: Any) -> tuple[list[dict[str, Any]], int]:
    """Every whole entry, and how many bytes they take. Raises Tampered for a line that is none."""
    found, whole = [], 0
    for line in file.read().splitlines(keepends=True):
        if not line.endswith(b"\n"):
            break
        try:
            found.append(json.loads(line))
        except ValueError:
            raise Tampered(f"entry {len(found) + 1} is no entry") from None
        whole += len(line)
    return found, whole
