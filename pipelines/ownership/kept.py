"""What earlier drills found, one line each in data/drills.jsonl: sums only, for the trend.

Nothing computes them again, so they are in every backup.
A later drill of the same day and platforms takes the place of the earlier.
"""

import fcntl
import json
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.home import Home

FILE = "data/drills.jsonl"
SHOWN = 6


def keep(home: Home, name: str, day: date, figures: dict[str, Any]) -> None:
    path = home.root / FILE
    line = json.dumps({"platforms": name, "day": day.isoformat(), **figures}, sort_keys=True)
    with path.open("a", encoding="utf-8") as file:
        path.chmod(0o600)
        # Two drills at once: lines must not run into each other.
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(line + "\n")


def earlier(home: Home, name: str, before: date) -> list[dict[str, Any]]:
    """Of the same platforms, oldest first, the newest few; without `before` itself."""
    path: Path = home.root / FILE
    if not path.exists():
        return []
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)
    kept = {line["day"]: line for line in lines if line["platforms"] == name}
    return [kept[day] for day in sorted(kept) if day < before.isoformat()][-SHOWN:]
