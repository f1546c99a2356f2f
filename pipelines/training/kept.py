"""The file of trained weights: a number of its own each time, never overwritten, its owner's only."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from pipelines.home import Home
from pipelines.resemblance import recipe
from pipelines.training.keys import Counted
from pipelines.training.lessons import Lesson
from pipelines.training.prior import Prior

FOLDER = "data/matcher"
NAME = re.compile(r"weights-(\d+)\.json")


def write(
    home: Home, lessons: Iterable[Lesson], threshold: float, prior: Prior, keys: Sequence[Counted], day: date
) -> Path:
    """The path of the file written."""
    folder = home.root / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = [int(found[1]) for path in folder.iterdir() if (found := NAME.fullmatch(path.name))]
    number = max(known, default=0) + 1
    bits: dict[str, dict[str, float]] = {}
    for lesson in lessons:
        bits.setdefault(lesson.comparison, {})[lesson.level] = lesson.bits
    trained = {
        "on": day.isoformat(),
        "records": prior.records,
        "prior": prior.probability,
        "recall": prior.recall,
        "keys": {counted.key.word: counted.pairs for counted in keys},
        "recipe": recipe.fingerprint(),
    }
    content = {"version": f"company-{number}", "threshold": threshold, "trained": trained, "bits": bits}
    path = folder / f"weights-{number}.json"
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return path
