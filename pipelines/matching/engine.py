"""Models run in a throw-away home, by dbt as everywhere else: those of identity, unless others are named."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from connectors.redaction import redact
from pipelines.company import Company
from pipelines.dbt_parsed import environment, variables
from pipelines.home import Home
from pipelines.places import DBT_PROJECT

SAY_EVERY_SECONDS = 5.0
CELL = re.compile(r"""\b(string|value|key:?) (["']).*?\2""", re.IGNORECASE)
BEGINS, DONE = "LogStartLine", {"LogModelResult", "LogSeedResult"}
LAST_LINES = 20
Engine = subprocess.Popen[str]


class EngineFailed(Exception):
    """A fault of ours, or no memory or disk; the text is what dbt said, people taken out."""


@dataclass
class Followed:
    """What became of it: the errors, and the seconds from the first table begun to the last one done."""

    troubles: list[str] = field(default_factory=list)
    seconds: float = 0.0


@contextmanager
def starting(home: Home) -> Iterator[Engine]:
    """dbt on its way while the file is still being read: importing it takes seconds."""
    dbt = subprocess.Popen(
        [sys.executable, "-m", "pipelines.dbt_child", "--told-later"],
        env=os.environ | environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with dbt:
        try:
            yield dbt
        finally:
            # Refused or interrupted: the folder is about to go, and dbt with it.
            dbt.kill()


def run(
    dbt: Engine,
    company: Company,
    manifest: Path,
    say: Callable[[str], None],
    project: Path = DBT_PROJECT,
    which: Sequence[str] = ("--selector", "match"),
    told: str | None = None,
) -> float:
    """Seeds and models, told the company's variables or these; their seconds. Raises EngineFailed."""
    target = company.home.root / "data" / "dbt"
    words = ["--quiet", "--log-level", "none", "--log-level-file", "none", "build"]
    words += [*which, "--resource-type", "seed", "--resource-type", "model"]
    words += ["--project-dir", str(project), "--profiles-dir", str(DBT_PROJECT)]
    words += ["--target-path", str(target), "--log-path", str(target), "--vars", told or variables(company)]
    with contextlib.suppress(BrokenPipeError):  # it died on importing: its last words say why
        print(json.dumps([str(manifest), words]), file=dbt.stdin, flush=True)
    followed = _follow(dbt.stdout or (), say)
    if dbt.wait():
        said = unnamed("\n".join(followed.troubles[-LAST_LINES:]))
        raise EngineFailed(f"the engine failed; --keep DIR keeps its tables\n{said}")
    return followed.seconds


def unnamed(text: str) -> str:
    """What dbt said, without the cells DuckDB quotes where a value does not fit."""
    return redact(CELL.sub(r"\1 ***", text))


def _follow(lines: Iterable[str], say: Callable[[str], None]) -> Followed:
    """To the end, with a line now and then for whoever waits."""
    followed, built, has_begun = Followed(), 0, False
    began = said = time.monotonic()
    for line in lines:
        try:
            name, level, message = json.loads(line)
        except (ValueError, TypeError):
            followed.troubles.append(line.rstrip())  # Python's own last words
            continue
        if level == "error":
            followed.troubles.append(message)
        elif name == BEGINS and not has_begun:
            began, has_begun = time.monotonic(), True
        elif name in DONE:
            built += 1
            followed.seconds = time.monotonic() - began
            if time.monotonic() - said > SAY_EVERY_SECONDS:
                said = time.monotonic()
                say(f"{built} tables built")
    return followed
