"""dbt's words without the values in them, wherever it puts them: standard output and error, run_results.json.

dbt's log file would need the same care and holds nothing that the event log lacks: there is none.
"""

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from connectors.redaction import redact_database_error


@contextmanager
def discreet(words: list[str]) -> Iterator[None]:
    """Around a call of dbt with these words: what it says leaves this process without values."""
    os.environ["DBT_LOG_LEVEL_FILE"] = "none"
    sys.stdout, sys.stderr = Discreet(sys.stdout), Discreet(sys.stderr)
    try:
        yield
    finally:
        sys.stdout.close()
        sys.stderr.close()
        clean_results(words)


class Discreet(io.TextIOBase):
    """A stream of lines, plain or JSON, that passes on what may be said."""

    def __init__(self, target: TextIO) -> None:
        self._target, self._line = target, ""

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._target.write(discreet_line(line) + "\n")
        return len(text)

    def flush(self) -> None:
        self._target.flush()

    def close(self) -> None:
        if self._line:
            self._target.write(discreet_line(self._line))
            self._line = ""
        self._target.flush()

    def isatty(self) -> bool:
        return False


def discreet_line(line: str) -> str:
    if "rror" not in line and "xception" not in line:
        return line
    try:
        said = json.loads(line)
    except ValueError:
        return redact_database_error(line)
    return json.dumps(without_values(said))


def without_values(said: Any) -> Any:
    """The same JSON, every text in it redacted where a database complains."""
    if isinstance(said, dict):
        return {name: without_values(value) for name, value in said.items()}
    if isinstance(said, list):
        return [without_values(value) for value in said]
    if isinstance(said, str) and ("rror" in said or "xception" in said):
        return redact_database_error(said)
    return said


def clean_results(words: list[str]) -> None:
    """dbt's run_results.json holds the same complaints."""
    named = [words[i + 1] for i, word in enumerate(words[:-1]) if word == "--target-path"]
    target = Path(named[0] if named else os.environ.get("DBT_TARGET_PATH", "target")) / "run_results.json"
    with suppress(OSError, ValueError):
        said = json.loads(target.read_text(encoding="utf-8"))
        results = [one | {"message": without_values(one.get("message"))} for one in said["results"]]
        target.write_text(json.dumps(said | {"results": results}), encoding="utf-8")
        target.chmod(0o600)
