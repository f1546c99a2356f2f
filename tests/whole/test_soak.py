"""The small version of `make soak-serving`: publications under a reader of a file and the console."""

import pytest
from town import Town

from benchmarks.console_readers import PASSWORD, served
from benchmarks.soak.__main__ import console_reader, file_reader, soak
from benchmarks.soak.watching import Look, Watcher, judge
from console import accounts
from pipelines.home import Home

PUBLICATIONS = 4


@pytest.mark.slow
def test_a_file_and_the_console_see_each_publication_whole_and_with_the_next_question(
    whole: Town, tmp_path, say
) -> None:
    home = Home(whole.copy(tmp_path / "home").root)
    accounts.add(home, "reader", "reader", PASSWORD)
    with served(home) as port:
        watchers = [
            Watcher("a file", file_reader(home.serving / "current" / "bi.duckdb"), 0.05),
            Watcher("the console", console_reader(port, "reader"), 0.05),
        ]
        verdicts = soak(home, PUBLICATIONS, watchers, 0.3)
    for verdict in verdicts:
        say(str(verdict))
        assert verdict.errors == [] and verdict.is_good
        assert verdict.late <= 0
        assert verdict.publications > 1, "too slow a reader proves nothing"


PUBLISHED = [{"known": 10, "shown_at": 0.0}, {"known": 9, "shown_at": 5.0}, {"known": 8, "shown_at": 9.0}]


def judged(*looks: tuple[float, int, int | None]):
    watcher = Watcher("who", lambda: (0, None))
    watcher.looks = [Look(*look) for look in looks]
    return judge(watcher, 100, PUBLISHED)


def test_half_of_one_and_half_of_another_is_told():
    assert judged((1.0, 10, 100), (6.0, 9, 99)).mixed == 1
    assert judged((6.0, 7, 100)).mixed == 1
    assert judged((1.0, 10, None), (6.0, 9, 100)).mixed == 0


def test_how_late_is_from_when_the_next_was_shown_to_when_it_was_asked():
    assert judged((4.0, 10, 100), (6.5, 9, 100), (9.5, 8, 100)).late == 0
    assert judged((6.5, 10, 100)).late == 1.5
    # Seen while it was being shown: before its time was noted.
    assert judged((4.9, 9, 100)).late == 0


def test_who_never_saw_the_last_one_is_not_good():
    assert not judged((4.0, 10, 100)).is_good
    assert judged((9.5, 8, 100)).is_good
    watcher = Watcher("who", lambda: 1 // 0)
    watcher.start()
    watcher.stop()
    assert watcher.errors and not judge(watcher, 100, PUBLISHED).is_good
