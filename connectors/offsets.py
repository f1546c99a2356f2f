"""Lists that are read by offset, where what is deleted meanwhile moves the rest."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from connectors.side_by_side import in_order
from connectors.stream import Page

DELETION_SLACK = 20  # a record deleted during the walk shifts the rest by one: pages overlap by this
# Some answer nothing where there is something: a page is asked so often before it is believed to be empty.
BELIEVED_EMPTY = 3
# The rows from an offset on, and how many the whole list has where the platform says so.
Ask = Callable[[int], tuple[list[Any], int | None]]


def walk(ask: Ask, limit: int, overlap: int = DELETION_SLACK, at_once: int = 1) -> Iterator[Page]:
    """All pages of a list that grows at its end, `limit` rows each at most, `at_once` of them side by side as
    far as the list says it goes. Behind what it promised, a page that is not full is the last.
    """
    step = limit - overlap
    rows, promised = _asked(ask, 0, None)
    yield from _page(rows)
    offsets = range(step, (promised or 0) - overlap, step)
    for rows, _ in in_order((partial(_asked, ask, at, promised) for at in offsets), at_once):
        yield from _page(rows)
    offset = offsets[-1] if offsets else 0
    while len(rows) >= limit:
        offset += step
        rows, _ = _asked(ask, offset, None)
        yield from _page(rows)


def _asked(ask: Ask, offset: int, promised: int | None) -> tuple[list[Any], int | None]:
    """A page; asked again where it is empty and more is promised."""
    for _ in range(BELIEVED_EMPTY):
        rows, total = ask(offset)
        if rows or offset >= (total or promised or 0):
            break
    return rows, total


def _page(rows: list[Any]) -> Iterator[Page]:
    if rows:
        yield Page(rows)
