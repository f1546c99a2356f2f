"""Calls that wait side by side: their results in order, and never more of them in memory than run at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Result = TypeVar("Result")


def in_order(calls: Iterable[Callable[[], Result]], at_once: int) -> Iterator[Result]:
    """The result of each call, in the order of the calls; at most `at_once` are under way or untaken.

    What a call raises is raised in its turn, and no further call begins.
    """
    waiting = iter(calls)
    if at_once < 2:
        yield from (call() for call in waiting)
        return
    with ThreadPoolExecutor(at_once, thread_name_prefix="page") as pool:
        ahead: deque[Future[Result]] = deque(pool.submit(call) for call in islice(waiting, at_once))
        try:
            while ahead:
                result = ahead.popleft().result()
                ahead.extend(pool.submit(call) for call in islice(waiting, 1))
                yield result
        finally:
            for future in ahead:
                future.cancel()
