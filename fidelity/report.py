"""One line per check: what was asked, how many calls it took, and whether the answer held."""

import json
import traceback
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Report:
    """Checks of one platform by one client, written to standard output as JSON lines."""

    def __init__(self, base_url: str, platform: str, judge: str) -> None:
        self._base_url, self._platform, self._judge = base_url, platform, judge
        self.has_failed = False

    @contextmanager
    def check(self, what: str) -> Iterator[list[str]]:
        """Anything raised inside fails the check; notes appended to the list are printed beside it."""
        notes: list[str] = []
        before = self._calls()
        try:
            yield notes
            is_good = True
        except Exception as error:
            # Whatever a vendor's client raises is a finding, not a crash of ours.
            is_good, self.has_failed = False, True
            where = traceback.extract_tb(error.__traceback__)[-1]
            told = " ".join(str(error).split())[:600]
            notes.append(f"{type(error).__name__}: {told} ({where.name}:{where.lineno})")
        line: dict[str, Any] = {
            "platform": self._platform,
            "judge": self._judge,
            "what": what,
            "calls": self._calls() - before,
            "is_good": is_good,
            "notes": "; ".join(notes),
        }
        print(json.dumps(line), flush=True)

    def _calls(self) -> int:
        with urllib.request.urlopen(f"{self._base_url}/_sim/stats", timeout=10) as answer:  # noqa: S310
            return json.load(answer)["requests"].get(self._platform, 0)


def must(is_so: object, otherwise: str) -> None:
    """An assertion that also holds with -O."""
    if not is_so:
        raise AssertionError(otherwise)
