"""Lists that are read by offset, where what is deleted meanwhile moves the rest."""

from collections.abc import Callable, Iterator
from typing import Any

from connectors.stream import Page

DELETION_SLACK = 20  # a record deleted during the walk shifts the rest by one: pages overlap by this


def walk(
    ask: Callable[[int], tuple[list[Any], int | None]], limit: int, overlap: int = DELETION_SLACK
) -> Iterator[Page]:
    """All pages of a list. `ask(offset)` gives the rows from there on, `limit` at most, and how many the list
    says it has.

    A short page ends it, but only two empty ones in a row are believed while the list promises more.
    """
    offset = empty = 0
    while True:
        rows, promised = ask(offset)
        if rows:
            yield Page(rows)
        empty = 0 if rows else empty + 1
        done = promised is None or offset + len(rows) >= promised
        if (len(rows) < limit and done) or empty == 2:
            return
        offset += limit - overlap
