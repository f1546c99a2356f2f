"""A command: what a person decided, as one JSON file in inbox/commands, and the checks on it.

    {"command": "judge", "id": "...", "made_at": "2026-11-20T09:30:00+01:00", "made_by": "ines", ...}

Each kind of command is a subclass in a file of its own and a line in pipelines/door/commands.py.
"""

import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from connectors.inbox import UNFINISHED
from connectors.landing import write_durably
from pipelines.home import Home

LARGEST = 4 * 1024 * 1024  # the longest, one person of thousands of records to be forgotten, stays below


class Malformed(Exception):
    """Not a command anybody can obey; the text says why and quotes no value."""


class Command(BaseModel):
    """What every command says. A word too many is refused: it may be a misspelt one that mattered."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    command: str
    id: str = Field(pattern=r"^[A-Za-z0-9._-]{8,80}$")
    made_at: AwareDatetime = Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))
    made_by: str = Field(min_length=1, max_length=200)

    @property
    def record_count(self) -> int | None:
        """Of how many records it is, for the audit log; None for a command of one thing."""
        return None


def new_id() -> str:
    """Sorts as commands were sent: by the machine's clock, for a given one stands still."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(6)}"


def send(home: Home, command: Command) -> Path:
    """Leave it in the inbox, on disk when this returns; the next run obeys it."""
    path = home.commands / f"{command.id}.json"
    write_durably(path, command.model_dump_json(indent=1, exclude_none=True).encode())
    return path


def take_back(home: Home, command_id: str) -> bool:
    """Out of the inbox again; False where a run has obeyed it meanwhile, and it stands."""
    for path in waiting(home):
        if path.stem == command_id:
            path.unlink(missing_ok=True)
            return True
    return False


def waiting(home: Home) -> list[Path]:
    """Command files, in the order they were made as far as their names tell."""
    return [path for path in sorted(home.commands.rglob("*")) if _is_ready(path)]


def _is_ready(path: Path) -> bool:
    is_hidden = path.name.startswith(".") or path.name.endswith(UNFINISHED)
    return path.is_file() and not path.is_symlink() and not is_hidden


def parse(kind: type[Command], content: bytes) -> Command:
    """Raises Malformed naming each field at fault."""
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        raise Malformed("; ".join(_faults(error))) from None


def _faults(error: ValidationError) -> Iterator[str]:
    # Never the input itself: it may be a person, and reasons end in logs.
    found: list[Any] = error.errors(include_input=False, include_url=False, include_context=False)
    for one in found:
        place = ".".join(str(part) for part in one["loc"])
        yield f"{place}: {one['msg']}" if place else re.sub(r"^Value error, ", "", one["msg"])
