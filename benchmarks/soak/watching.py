"""Somebody who asks in a loop while publications turn, and what is held against what they saw."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# How many rows, and the sum that is the same in every publication; None where a reader sees only the rows.
Seen = tuple[int, int | None]


@dataclass(frozen=True)
class Look:
    asked_at: float
    known: int
    total: int | None


@dataclass
class Watcher:
    """Asks until it is told to stop, and once more; `look` is called in a thread of its own."""

    name: str
    look: Callable[[], Seen]
    pause: float = 0.0
    looks: list[Look] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(120)

    def _watch(self) -> None:
        while True:
            is_last, asked_at = self._stop.is_set(), time.time()
            try:
                self.looks.append(Look(asked_at, *self.look()))
            except Exception as error:
                self.errors.append(f"{type(error).__name__}: {error}"[:300])
            if is_last:
                return
            self._stop.wait(self.pause)


@dataclass(frozen=True)
class Verdict:
    """`mixed`: answers of no publication, or of two; `late`: seconds a question was asked after what it saw
    was replaced, the longest; `publications`: how many different ones were seen."""

    name: str
    looks: int
    errors: list[str]
    mixed: int
    late: float
    publications: int
    saw_last: bool

    @property
    def is_good(self) -> bool:
        return not self.errors and not self.mixed and self.saw_last

    def __str__(self) -> str:
        return (
            f"{self.name:<32}{self.looks:>7} looks{len(self.errors):>5} errors{self.mixed:>5} mixed"
            f"{self.publications:>5} publications seen, at most {self.late:.2f} s late"
        )


def judge(watcher: Watcher, total: int, published: Iterable[Mapping[str, Any]]) -> Verdict:
    """`published`: in their order, with `known` and `shown_at`; the first was shown before anybody looked."""
    shown = [(one["known"], one["shown_at"]) for one in published]
    places = {known: place for place, (known, _) in enumerate(shown)}
    mixed, late = 0, 0.0
    for look in watcher.looks:
        if look.known not in places or look.total not in (None, total):
            mixed += 1
            continue
        following = places[look.known] + 1
        if following < len(shown):
            late = max(late, look.asked_at - shown[following][1])
    seen = {look.known for look in watcher.looks}
    return Verdict(
        watcher.name, len(watcher.looks), watcher.errors, mixed, late, len(seen), shown[-1][0] in seen
    )
