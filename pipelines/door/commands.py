"""Commands through the door: each once, in one transaction with what it changes, then its file goes.

What cannot be read is refused by the inbox step, which moves it to data/refused. A new kind of command is
a module with a `Said` and a `write`, and its line here.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from connectors.landing import state_of
from pipelines.chaos import point
from pipelines.door import consents, decisions, erasures, holds, judgements
from pipelines.door.command import LARGEST, Command, Malformed, parse, waiting
from pipelines.door.schema import Connection
from pipelines.home import Home

KINDS: dict[str, ModuleType] = {
    "judge": judgements,
    "consent": consents,
    "forget": erasures,
    "hold": holds,
    **dict.fromkeys(decisions.DECISIONS, decisions),
}

Kind = TypeVar("Kind", bound=Command)


@dataclass
class Obeyed:
    """How many commands took effect, and what is wrong with others."""

    count: int = 0
    refused: list[tuple[Path, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def read(path: Path) -> Command:
    """Raises Malformed, or OSError where the file is gone."""
    if path.stat().st_size > LARGEST:
        raise Malformed(f"larger than any command: {path.stat().st_size} bytes")
    content = path.read_bytes()
    return parse(KINDS[_kind_of(content)].Said, content)


def _kind_of(content: bytes) -> str:
    try:
        said: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise Malformed("no JSON") from None
    if not isinstance(said, dict):
        raise Malformed("a command is one JSON object")
    kind = said.get("command")
    if not isinstance(kind, str) or kind not in KINDS:
        raise Malformed(f"no such command; known: {', '.join(KINDS)}")
    return kind


def said(home: Home, kind: type[Kind]) -> list[Kind]:
    """What waits of one kind, the first made first; what cannot be read the next run will say."""
    found = []
    for path in waiting(home):
        try:
            one = read(path)
        except (Malformed, FileNotFoundError):
            continue
        if isinstance(one, kind):
            found.append(one)
    return sorted(found, key=lambda one: (one.made_at, one.id))


def unreadable(home: Home) -> list[tuple[Path, str]]:
    """The command files that nobody can obey, and why."""
    found = []
    for path in waiting(home):
        try:
            read(path)
        except Malformed as error:
            found.append((path, str(error)))
        except FileNotFoundError:
            continue  # another run has obeyed it meanwhile
    return found


def obey_waiting(con: Connection, home: Home, ingested_at: datetime) -> Obeyed:
    """Every command that waits. One that fails stays and is tried again by the next run."""
    obeyed = Obeyed()
    for path in waiting(home):
        try:
            obeyed.count += obey(con, path, ingested_at)
        except Malformed as error:
            obeyed.refused.append((path, str(error)))
        except FileNotFoundError:
            continue
        except Exception as error:
            # Its text may quote a person: the name of the error must do.
            obeyed.errors.append(f"{path.name} could not be obeyed: {type(error).__name__}")
    return obeyed


def obey(con: Connection, path: Path, ingested_at: datetime) -> bool:
    """One command, and its file away; whether it was new. Killed anywhere, once more does the rest.

    Raises Malformed.
    """
    state, command = state_of(path), read(path)
    is_new = not _is_known(con, command)
    if is_new:
        con.begin()
        try:
            KINDS[command.command].write(con, command, ingested_at)
            con.execute(
                "insert into door.commands values (?, ?, ?, ?, ?, ?)",
                [
                    command.id,
                    command.command,
                    command.made_at,
                    command.made_by,
                    ingested_at,
                    command.record_count,
                ],
            )
            point("inside_commit")
            con.commit()
        except BaseException:
            con.rollback()
            raise
    if path.exists() and state_of(path) == state:
        path.unlink(missing_ok=True)
    return is_new


def _is_known(con: Connection, command: Command) -> bool:
    """Raises Malformed where the id was another command's: obeying neither would be silent loss."""
    known = con.execute(
        "select command, made_at, made_by from door.commands where command_id = ?", [command.id]
    ).fetchall()
    if known and known[0] != (command.command, command.made_at, command.made_by):
        raise Malformed("its id is another command's that was obeyed already; give it a new one")
    return bool(known)
