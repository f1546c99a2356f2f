"""The identity models run over `contracts.profiles` of a throw-away home, by dbt as everywhere else."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from connectors.redaction import redact
from pipelines.company import Company
from pipelines.dbt_parsed import environment, variables
from pipelines.places import DBT_PROJECT

SAY_EVERY_SECONDS = 5.0
CELL = re.compile(r"""\b(string|value|key:?) (["']).*?\2""", re.IGNORECASE)
DONE = {"LogModelResult", "LogSeedResult"}


class EngineFailed(Exception):
    """A fault of ours, or no memory or disk; the text is what dbt said, people taken out."""


def run(company: Company, manifest: Path, say: Callable[[str], None]) -> None:
    """Seeds and models of the selector `match`; raises EngineFailed."""
    target = company.home.root / "data" / "dbt"
    words = ["--log-format", "json", "--log-level", "info", "--log-level-file", "none", "build"]
    words += ["--selector", "match", "--resource-type", "seed", "--resource-type", "model"]
    words += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    words += ["--target-path", str(target), "--log-path", str(target), "--vars", variables(company)]
    dbt = subprocess.Popen(
        [sys.executable, "-m", "pipelines.dbt_child", "--parsed", str(manifest), *words],
        env=os.environ | environment(company.home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        troubles = _followed(dbt.stdout or (), say)
        if dbt.wait():
            raise EngineFailed(
                "the engine failed; --keep DIR keeps its tables\n" + unnamed("\n".join(troubles))
            )
    finally:
        # Interrupted: the folder is about to go, and dbt with it.
        dbt.kill()
        dbt.wait()


def unnamed(text: str) -> str:
    """What dbt said, without the cells DuckDB quotes where a value does not fit."""
    return redact(CELL.sub(r"\1 ***", text))


def _followed(lines: Iterable[str], say: Callable[[str], None]) -> list[str]:
    """Progress for whoever waits; back come the errors."""
    troubles: list[str] = []
    said, built = time.monotonic(), 0
    for line in lines:
        try:
            event = json.loads(line)
            info, data = event["info"], event["data"]
        except (ValueError, KeyError, TypeError):
            troubles.append(line.rstrip())  # Python's own last words
            continue
        if info.get("level") == "error":
            troubles.append(info.get("msg", ""))
        elif info.get("name") in DONE:
            built += 1
            if time.monotonic() - said > SAY_EVERY_SECONDS:
                said = time.monotonic()
                say(f"{built} of {data['total']} tables built")
    return troubles[-20:]
