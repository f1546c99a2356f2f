"""Figures over everybody, worked out once a publication: it never changes, and twenty readers ask the same.

What is remembered of a publication that is no longer shown is dropped by the first question about the next.
"""

import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

from pipelines import reading
from pipelines.home import Home

Answer = TypeVar("Answer")
# Questions are few; whoever tries every platform of a drill in turn must not fill the memory.
MOST = 200
# Publications are minutes apart; whoever meets two of them in one page is asked for another.
TRIES = 5


class Remembered:
    def __init__(self, home: Home) -> None:
        self.home = home
        self._shown: Path | None = None
        self._answers: dict[Hashable, Any] = {}
        self._asking: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def knows(self, question: Hashable) -> bool:
        """Whether it was asked already, so that the answer costs nothing."""
        shown = reading.shown(self.home)
        with self._lock:
            return shown == self._shown and question in self._answers

    def ask(self, question: Hashable, work_out: Callable[[], Answer]) -> Answer:
        """The answer of the publication shown now; two who ask at once wait for one answer.

        `work_out` may open it several times: what was shown when it began and when it ended is one
        publication, or it is asked again. Raises what `work_out` does, and remembers no failure.
        """
        for _ in range(TRIES):
            shown = reading.shown(self.home)
            answer = self._ask(shown, question, work_out)
            if reading.shown(self.home) == shown:
                return answer
        raise RuntimeError(f"publications turn faster than one is read: {TRIES} times")

    def _ask(self, shown: Path | None, question: Hashable, work_out: Callable[[], Answer]) -> Answer:
        with self._lock:
            if shown != self._shown:
                self._shown = shown
                self._answers.clear()
                self._asking.clear()
            if question in self._answers:
                return self._answers[question]
            asking = self._asking.setdefault(question, threading.Lock())
        with asking:
            with self._lock:
                if shown == self._shown and question in self._answers:
                    return self._answers[question]
            answer = work_out()
            with self._lock:
                # Only if nothing was published meanwhile: it may be of either.
                if reading.shown(self.home) == shown == self._shown:
                    if len(self._answers) >= MOST:
                        self._answers.pop(next(iter(self._answers)))
                    self._answers[question] = answer
            return answer
