"""What earlier drills and indexes found, one line each in data/ownership.jsonl: sums only, for the trend.

Nothing computes them again, so they are in every backup.
A later one of the same day and subject takes the place of the earlier.
"""

import fcntl
import json
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.home import Home

FILE = "data/ownership.jsonl"


def keep(home: Home, subject: str, day: date, figures: dict[str, Any]) -> None:
    """`subject`: what is lost (Loss.key), or the index of all."""
    path = home.root / FILE
    line = json.dumps({"subject": subject, "day": day.isoformat(), **figures}, sort_keys=True)
    with path.open("a", encoding="utf-8") as file:
        path.chmod(0o600)
        # Two at once: lines must not run into each other.
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(line + "\n")


def earlier(home: Home, subject: str, before: date) -> list[dict[str, Any]]:
    """All of the same subject, oldest first; without `before` itself."""
    path: Path = home.root / FILE
    if not path.exists():
        return []
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)
    kept = {line["day"]: line for line in lines if line["subject"] == subject}
    return [kept[day] for day in sorted(kept) if day < before.isoformat()]
