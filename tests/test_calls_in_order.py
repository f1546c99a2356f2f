"""Pages side by side: in order, none lost, no more in memory than under way, and an error ends it."""

import threading
from collections.abc import Iterator
from functools import partial
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.offsets import walk
from connectors.side_by_side import handed, in_order, merged, split
from connectors.stream import BadAnswer


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


# -- walks side by side ---------------------------------------------------------------------------------


def test_walks_are_merged_and_none_is_lost():
    walks = [partial(iter, range(at, at + size)) for at, size in ((0, 3), (10, 0), (20, 5), (30, 1))]
    assert sorted(merged(walks, 2)) == sorted(merged(walks, 1)) == [0, 1, 2, 20, 21, 22, 23, 24, 30]


def test_a_broken_walk_is_told_and_ends_the_others():
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        list(merged([broken, partial(count, 5)], 2))


def test_who_takes_no_more_ends_all_walks():
    endless = merged([partial(count, 0), partial(count, 0)], 2)
    next(endless)
    endless.close()  # would wait for ever


def test_what_a_call_hands_over_is_taken_while_it_goes_on():
    go_on = threading.Event()

    def call(give):
        give("first")
        assert go_on.wait(10)
        give("second")

    walk = handed(call)
    assert next(walk) == "first"
    go_on.set()
    assert list(walk) == ["second"]


def test_what_a_call_raises_comes_behind_what_it_handed_over():
    def call(give):
        give("first")
        raise BadAnswer("cut")

    walk = handed(call)
    assert next(walk) == "first"
    with pytest.raises(BadAnswer, match="cut"):
        next(walk)


def test_a_call_ends_when_nobody_takes_what_it_hands_over():
    ended = threading.Event()

    def call(give):
        try:
            for number in count():
                give(number)
        finally:
            ended.set()

    walk = handed(call)
    assert [next(walk), next(walk)] == [0, 1]
    walk.close()  # would wait for ever
    assert ended.wait(10)


@pytest.mark.parametrize("at_once", [1, 2, 5])
@given(
    times=st.lists(st.integers(1_000, 2_000) | st.just(1_500), max_size=60),
    size=st.integers(1, 7),
)
def test_a_list_cut_by_time_as_it_goes_brings_each_record_once(at_once: int, times: list[int], size: int):
    """However the records lie in time, those of one second together too."""
    records = sorted(enumerate(times), key=lambda one: (-one[1], one[0]))

    def ask(begin: int, end: int | None, mark: int | None) -> tuple[list[int], int | None, int]:
        found = [one for one in records if begin <= one[1] and (end is None or one[1] < end)]
        start = 0 if mark is None else [key for key, _ in found].index(mark) + 1
        page = found[start : start + size]
        more = page[-1][0] if start + size < len(found) else None
        return [key for key, _ in page], more, page[-1][1] if page else begin

    brought = [key for page in split(ask, 0, at_once) for key in page]
    assert sorted(brought) == sorted(key for key, _ in records)
