"""Named troubles, switched on by the operator of the simulator and dealt by a seed.

Whether a fault strikes depends on the seed, the request and how often that request came before: never
on the order in which threads arrive. Faults that touch records (`late`, `unknown_field`,
`missing_field`) choose them by key, so the same records suffer each time. No fault hides anything for
good: a request is refused at most `PATIENCE` times in a row.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from simulator.platforms import NAMES

# Three refusals at the most: clients that give up after five attempts must always get through.
PATIENCE = 2
REFUSALS = frozenset({"throttle", "server_error", "cut", "lost_answer", "empty_page", "lagging", "partial"})


@dataclass(frozen=True)
class Fault:
    """How likely a fault is, per request or per record, and how often at the most per platform."""

    name: str
    probability: float
    most: int | None = None
    platforms: frozenset[str] = frozenset(NAMES)


NASTY = {
    fault.name: fault
    for fault in (
        Fault("throttle", 0.06),
        Fault("server_error", 0.05),
        # Tokens that cannot be renewed break a run each time: once is enough to see that it is said.
        Fault("expired_token", 0.03, most=1),
        Fault("empty_page", 0.08),
        Fault("repeated", 0.20),
        Fault("reordered", 0.30),
        Fault("late", 0.03),
        Fault("unknown_field", 0.25),
        Fault("missing_field", 0.01),
        Fault("slow", 0.03),
        Fault("cut", 0.04),
        # What only those meet who change lists: done and not answered, done for some, done and not shown.
        Fault("lost_answer", 0.10),
        Fault("partial", 0.10),
        Fault("lagging", 0.30),
    )
}


class UnknownFault(ValueError):
    """No fault or platform of that name."""


def choose(words: str | Mapping[str, Any]) -> dict[str, Fault]:
    """Faults by "none", "nasty", a comma list, or a mapping of name to probability or settings.

    Settings may hold probability, most and platforms. Raises UnknownFault for a name it does not know.
    """
    if isinstance(words, str):
        names = [word.strip() for word in words.split(",") if word.strip() not in ("", "none")]
        chosen: Mapping[str, Any] = {name: {} for name in (NASTY if "nasty" in names else names)}
    else:
        chosen = words
    unknown = sorted(set(chosen) - set(NASTY))
    if unknown:
        raise UnknownFault(f"no such fault: {', '.join(unknown)}; there are {', '.join(NASTY)}")
    return {name: _tuned(NASTY[name], wish) for name, wish in chosen.items()}


def _tuned(fault: Fault, wish: Any) -> Fault:
    if isinstance(wish, int | float):
        return replace(fault, probability=float(wish), most=None)
    platforms = frozenset(wish.get("platforms", fault.platforms))
    if not platforms <= set(NAMES):
        raise UnknownFault(f"no such platform: {', '.join(sorted(platforms - set(NAMES)))}")
    return replace(
        fault,
        probability=float(wish.get("probability", fault.probability)),
        most=wish.get("most", fault.most),
        platforms=platforms,
    )


@dataclass
class Faults:
    """What is wrong at present, and what it did so far."""

    seed: int = 0
    active: dict[str, Fault] = field(default_factory=dict)
    wait_seconds: float = 1.0  # what a throttling platform asks clients to wait
    slow_seconds: float = 1.0
    dead: set[str] = field(default_factory=set)
    fired: dict[str, Counter[str]] = field(default_factory=dict)
    epoch: int = 0  # moves when the shown records change
    _seen: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    _released: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def set(self, words: str | Mapping[str, Any], seed: int | None = None) -> None:
        """Switch to these faults; history is forgotten, so the same seed deals the same again."""
        self.active = choose(words)
        self.seed = self.seed if seed is None else seed
        self.fired, self.epoch = {}, self.epoch + 1
        self._seen, self._refused, self._released = Counter(), Counter(), {}

    def strikes(self, name: str, platform: str, request: str) -> bool:
        """Does this fault hit this request, this time?"""
        fault = self._of(name, platform)
        if fault is None:
            return False
        if name in REFUSALS and self._refused[platform, request] >= PATIENCE:
            self._refused[platform, request] = 0
            return False
        self._seen[name, platform, request] += 1
        turn = self._seen[name, platform, request]
        tally = self.fired.setdefault(platform, Counter())
        spent = fault.most is not None and tally[name] >= fault.most
        if spent or self._share(name, platform, f"{request}|{turn}") >= fault.probability:
            return False
        self._refused[platform, request] += name in REFUSALS
        tally[name] += 1
        return True

    def chooses(self, name: str, platform: str, key: str) -> bool:
        """Is this record one of those the fault touches? The same answer each time."""
        fault = self._of(name, platform)
        if fault is None or self._share(name, platform, key) >= fault.probability:
            return False
        self.fired.setdefault(platform, Counter())[name] += 1
        return True

    def hides(self, platform: str, listed: str, key: str) -> bool:
        """Is this record late, that is, held back until its list has once been read to the end?"""
        return (platform, listed) not in self._released and self.chooses("late", platform, key)

    def came_late(self, platform: str, listed: str, key: str) -> datetime | None:
        """The moment a record was shown that had been held back; None if it never was."""
        released_at = self._released.get((platform, listed))
        return released_at if released_at and self.chooses("late", platform, key) else None

    def release(self, platform: str, listed: str, now: datetime) -> None:
        """A list was read to its end: its late records appear from now on."""
        if "late" in self.active and (platform, listed) not in self._released:
            self._released[platform, listed] = now
            self.epoch += 1

    def _of(self, name: str, platform: str) -> Fault | None:
        fault = self.active.get(name)
        return fault if fault is not None and platform in fault.platforms else None

    def _share(self, name: str, platform: str, what: str) -> float:
        digest = hashlib.blake2b(f"{self.seed}|{name}|{platform}|{what}".encode(), digest_size=8)
        return int.from_bytes(digest.digest()) / 2**64
