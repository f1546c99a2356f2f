"""What may be told of a group of people: nothing of a small one, and of others not to the last person.

One answer hides small groups; but two may be subtracted, and who asks chooses both. So, for one process and
one publication:

    rounded   people to a multiple of the smallest group; amounts to a step no smaller than anybody's part
    one group two groups that differ by fewer people than that are one: the second gets the first's answer,
              whole, with all that stands in it

Limit: not anonymous. One subtraction tells of nobody; but whoever knows several people apart can lay groups
just so far from each other that one person decides which answer is given, and whoever asks in several
sessions or of several publications learns more than each answer says. The file itself is for whoever may see
stand-ins of persons.
"""

import math
from collections.abc import Callable, Hashable
from typing import TypeVar

import numpy as np

Told = TypeVar("Told")
# Of what is remembered, an eighth of a byte a person and answer; the oldest are let go.
MOST_BYTES = 64 * 2**20
STEPS = (1, 2, 5, 10)


class Teller:
    """Of one publication with `everybody` people, numbered from 0."""

    def __init__(self, smallest: int, everybody: int) -> None:
        self.smallest, self.everybody = smallest, everybody
        self._kept: list[tuple[Hashable, np.ndarray, object]] = []
        # First of all: all but a few are everybody.
        self.people(np.arange(everybody))

    def of(self, kind: Hashable, members: np.ndarray, answer: Callable[[], Told]) -> Told | None:
        """The answer given first to nearly this group, else a new one; None for a small group."""
        members = np.unique(members)
        bits = np.zeros(self.everybody, dtype=bool)
        bits[members] = True
        packed = np.packbits(bits)
        for of, earlier, told in self._kept:
            if of == kind and np.bitwise_count(earlier ^ packed).sum() < self.smallest:
                return told
        # That they are few is an answer like others: else one more would tell of one.
        told = answer() if len(members) >= self.smallest else None
        self._kept.append((kind, packed, told))
        # The first, everybody, stays.
        most = MOST_BYTES // max(1, len(packed))
        del self._kept[1 : max(1, len(self._kept) - most)]
        return told

    def people(self, members: np.ndarray) -> int | None:
        """How many, rounded."""
        return self.of("people", members, lambda: self.rounded(len(np.unique(members))))

    def total(self, kind: Hashable, members: np.ndarray, parts: np.ndarray) -> float | int | None:
        """The sum of each member's part, rounded to a step that hides the largest of them.

        `members` and `parts`: one beside the other, each member once.
        """
        return self.of(kind, members, lambda: stepped(float(parts.sum()), float(np.abs(parts).max())))

    def mean(self, kind: Hashable, members: np.ndarray, values: np.ndarray) -> float | None:
        """To two digits; of each member one value."""
        return self.of(kind, members, lambda: two_digits(float(values.mean())))

    def rounded(self, count: int) -> int:
        """A count of people to a multiple of the smallest group; none that is told is less than one."""
        return max(self.smallest, self.smallest * round(count / self.smallest))


def stepped(value: float, largest: float) -> float | int:
    """To the smallest of 1, 2, 5, 10, 20 ... that is not less than the largest part."""
    if not largest:
        return 0
    power = 10.0 ** math.floor(math.log10(largest))
    step = next(power * one for one in STEPS if power * one >= largest * (1 - 1e-9))
    told = step * round(value / step)
    return round(told) if step >= 1 else round(told, 6)


def two_digits(value: float) -> float:
    return float(f"{value:.2g}")
