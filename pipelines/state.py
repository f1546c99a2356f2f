"""Small facts kept between runs, one JSON file each in data/state: replaced whole, changed under a lock.

None of them is needed for a right result: lose the folder, and the next run reads, builds and warns again.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.one_at_a_time import alone


def read(path: Path) -> dict[str, Any]:
    """What was kept; nothing where the file is missing or was cut by a crash of the disk."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def write(path: Path, content: dict[str, Any]) -> None:
    """All of it or nothing, 0600."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


@contextlib.contextmanager
def changing(path: Path) -> Iterator[dict[str, Any]]:
    """Read, let the block change it, write: one process at a time."""
    with alone(path.with_suffix(".lock")):
        content = read(path)
        yield content
        write(path, content)
