"""Pages side by side: in order, none lost, no more in memory than under way, and an error ends it."""

import threading
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.offsets import walk
from connectors.side_by_side import in_order


@pytest.mark.parametrize("at_once", [1, 3])
def test_results_come_in_order_and_few_at_a_time(at_once):
    lock, begun, taken, most = threading.Lock(), 0, 0, 0

    def call(number: int) -> int:
        nonlocal most, begun
        with lock:
            begun += 1
            most = max(most, begun - taken)
        return number

    found = []
    for result in in_order((partial(call, n) for n in range(20)), at_once):
        found.append(result)
        with lock:
            taken += 1
    assert found == list(range(20))
    assert most <= at_once + 1, "one is begun in the place of the one just handed over"


def test_what_a_call_raises_is_raised_in_its_turn_and_nothing_begins_after():
    begun = []

    def call(number: int) -> int:
        begun.append(number)
        if number == 2:
            raise ValueError("two")
        return number

    found = []
    with pytest.raises(ValueError, match="two"):
        for result in in_order((partial(call, n) for n in range(50)), 2):
            found.append(result)
    assert found == [0, 1]
    assert max(begun) <= 4


@given(
    count=st.integers(0, 60),
    size=st.integers(2, 20),
    promise=st.integers(-5, 5) | st.none(),
    deleted=st.integers(0, 1),
    at_once=st.integers(1, 4),
)
def test_whatever_is_promised_every_row_is_met(count, size, promise, deleted, at_once):
    """The list may have grown, or lost a row, since its length was told; it may tell none."""
    rows = list(range(count))
    told = None if promise is None else max(0, count + promise)

    def ask(offset: int):
        there = rows if offset == 0 else rows[deleted:]
        return there[offset : offset + size], told

    met = {row for page in walk(ask, size, 1, at_once) for row in page.rows}
    assert met == set(rows)
