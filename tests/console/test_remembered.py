"""Figures are worked out once a publication, and no answer is of two or outlives its own."""

import threading

import pytest

from console.remembered import TRIES, Remembered
from pipelines.home import Home


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    home.serving.mkdir(parents=True, exist_ok=True)
    show(home, 1)
    return home


def show(home, number):
    folder = home.serving / f"{number:06d}"
    folder.mkdir(exist_ok=True)
    (folder / "marketing.duckdb").touch()
    link = home.serving / "linking"
    link.symlink_to(folder.name)
    link.replace(home.serving / "current")


def shown(home):
    return (home.serving / "current").resolve().name


def test_twenty_who_ask_at_once_wait_for_one_answer_and_the_next_publication_has_its_own(home):
    remembered, asked, told = Remembered(home), [], []
    together = threading.Barrier(20)

    def work_out():
        asked.append(shown(home))
        return shown(home)

    def ask():
        together.wait(10)
        told.append(remembered.ask("who", work_out))

    for number in (1, 2):
        show(home, number)
        threads = [threading.Thread(target=ask) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert asked == ["000001", "000002"]
    assert told == ["000001"] * 20 + ["000002"] * 20
    show(home, 1)
    assert remembered.ask("who", work_out) == "000001" and len(asked) == 3


def test_an_answer_begun_before_a_publication_and_ended_after_it_is_given_to_nobody(home):
    remembered, turns = Remembered(home), iter((2, 3))

    def work_out():
        began = shown(home)
        if (number := next(turns, None)) is not None:
            show(home, number)
        return began, shown(home)

    assert remembered.ask("both", work_out) == ("000003", "000003")
    assert remembered.ask("both", lambda: "asked again") == ("000003", "000003")


def test_an_answer_within_an_answer_is_of_the_same_publication(home):
    remembered, turns = Remembered(home), iter((2,))

    def work_out():
        began = shown(home)
        if (number := next(turns, None)) is not None:
            show(home, number)
        return began, remembered.ask("inner", lambda: shown(home))

    assert remembered.ask("outer", work_out) == ("000002", "000002")


def test_who_is_never_done_before_the_next_is_told_so(home):
    remembered, count = Remembered(home), iter(range(2, 100))
    with pytest.raises(RuntimeError, match=f"{TRIES} times"):
        remembered.ask("slow", lambda: show(home, next(count)))


def test_a_failure_is_not_remembered(home):
    remembered = Remembered(home)
    with pytest.raises(ZeroDivisionError):
        remembered.ask("figure", lambda: 1 // 0)
    assert remembered.ask("figure", lambda: 1) == 1
