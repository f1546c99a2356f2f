"""Calls that wait side by side; of their results at most about twice as many are in memory as run at once.

Pages that can be asked for by number come in order (`in_order`). Where each page leads to the next, several
walks go side by side: of several lists (`merged`), or of one list that is cut as it goes (`split`). One long
answer is landed while the rest still comes (`handed`).
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import islice
from queue import Full, Queue
from typing import Any, TypeVar

Result = TypeVar("Result")
Mark = TypeVar("Mark")
# Records from a place in the list's order (a second, a number) on and before another (None: no end), after a
# mark: a page, the mark behind it (None: no more), and the place of its record nearest to the beginning.
Ask = Callable[[int, int | None, Mark | None], tuple[Result, Mark | None, int]]
Give = Callable[[Any], None]  # hands a result over, and waits until there is room for it
LOOK_UP = 0.2  # seconds a thread waits for its turn before it looks whether all is over


class _Over(Exception):
    """Nobody wants any more results."""


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


def merged(walks: Iterable[Callable[[], Iterator[Result]]], at_once: int) -> Iterator[Result]:
    """The results of all walks, as they come; what one raises is raised, and the others end."""
    todo = deque(walks)
    if at_once < 2 or len(todo) < 2:
        for walk in todo:
            yield from walk()
        return
    yield from _together([partial(_taking_turns, todo)] * min(at_once, len(todo)))


def _taking_turns(todo: deque[Callable[[], Iterator[Any]]], give: Give, is_over: threading.Event) -> None:
    while not is_over.is_set():
        try:
            walk = todo.popleft()
        except IndexError:
            return
        for result in walk():
            give(result)


def handed(call: Callable[[Callable[[Result], None]], Any]) -> Iterator[Result]:
    """What a call hands over while it is under way; what it raises is raised when the rest was taken."""
    yield from _together([lambda give, is_over: call(give)])


def split(ask: Ask[Mark, Result], begin: int, at_once: int) -> Iterator[Result]:
    """A list told from its end, from `begin` (a second, a number) on: whoever has nothing to do takes the
    nearer half of what somebody has still before them. Nothing need be known of how the records lie.
    """
    yield from _together([partial(_walk_spans, _Spans(begin, at_once), ask)] * at_once)


class _Spans:
    """What is still to be walked: stretches not begun, and how many walk."""

    def __init__(self, begin: int, at_once: int) -> None:
        self.turn = threading.Condition()
        self.waiting: list[tuple[int, int | None]] = [(begin, None)]
        self.busy, self._at_once = 0, at_once

    def take(self, is_over: threading.Event) -> tuple[int, int | None] | None:
        with self.turn:
            while not self.waiting:
                if not self.busy or is_over.is_set():
                    return None
                self.turn.wait(LOOK_UP)
            self.busy += 1
            return self.waiting.pop()

    def share(self, begin: int, oldest: int) -> int:
        """From where to go on alone: the older half is left to the idle, if there are any."""
        with self.turn:
            middle = (begin + oldest) // 2
            if self.busy + len(self.waiting) >= self._at_once or middle <= begin:
                return begin
            self.waiting.append((begin, middle))
            self.turn.notify()
            return middle

    def done(self) -> None:
        with self.turn:
            self.busy -= 1
            self.turn.notify_all()


def _walk_spans(spans: _Spans, ask: Ask[Any, Any], give: Give, is_over: threading.Event) -> None:
    while (span := spans.take(is_over)) is not None:
        try:
            begin, end = span
            mark = None
            while True:
                page, mark, oldest = ask(begin, end, mark)
                give(page)
                if mark is None:
                    break
                begin = spans.share(begin, oldest)
        finally:
            spans.done()


def _together(workers: list[Callable[[Give, threading.Event], None]]) -> Iterator[Any]:
    """What all of them give; each has a thread. An empty turn says that one has ended."""
    found: Queue[tuple[Any, ...] | Exception] = Queue(len(workers))
    is_over = threading.Event()

    def say(turn: tuple[Any, ...] | Exception) -> None:
        while not is_over.is_set():
            with suppress(Full):
                return found.put(turn, timeout=LOOK_UP)
        raise _Over

    def work(worker: Callable[[Give, threading.Event], None]) -> None:
        with suppress(_Over):
            try:
                worker(lambda result: say((result,)), is_over)
                say(())
            except _Over:
                raise
            except Exception as error:
                say(error)

    with ThreadPoolExecutor(len(workers), thread_name_prefix="page") as pool:
        for worker in workers:
            pool.submit(work, worker)
        still = len(workers)
        try:
            while still:
                turn = found.get()
                if isinstance(turn, Exception):
                    raise turn
                if turn:
                    yield turn[0]
                else:
                    still -= 1
        finally:
            is_over.set()
