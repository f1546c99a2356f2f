"""The simulated moment: every platform shows its records as they stood then.

It moves only when told to, so a pull can be repeated against the same world. Answers carry it as their
Date header: that is the only clock of a platform a client can see.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, Generic, TypeVar

View = TypeVar("View")


def end_of(day: date) -> datetime:
    """The last minute of a day, in UTC."""
    return datetime.combine(day, time(23, 59), UTC)


def read_moment(text: str) -> datetime:
    """ISO 8601 text; a text without an offset is UTC.

    Raises ValueError for anything else.
    """
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def once(lists: dict[str, list[Any]], asked: str, make: Callable[[], list[Any]]) -> list[Any]:
    """A list as it was asked for, made once however many pages are read of it."""
    if asked not in lists:
        lists[asked] = make()
    return lists[asked]


class Clock:
    """Where the simulation stands."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    @property
    def now(self) -> datetime:
        return self._now

    def move(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)


class Shown(Generic[View]):
    """A list as it stands at the clock's moment, made once and kept until the clock or the faults move.

    Paging through it then costs a bisection per page and never a walk over all records.
    """

    def __init__(self, stamp: Callable[[], tuple[object, ...]], make: Callable[[], View]) -> None:
        self._stamp, self._make = stamp, make
        self._made_at: tuple[object, ...] | None = None
        self._view: View | None = None

    def __call__(self) -> View:
        stamp = self._stamp()
        if self._view is None or stamp != self._made_at:
            self._view, self._made_at = self._make(), stamp
        return self._view
