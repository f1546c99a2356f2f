"""News first, and everything only where they do not make up what the platform counts."""

from datetime import UTC, datetime

import pytest

from connectors.catching_up import Newcomers, catch_up
from connectors.stream import Page, Since

MOMENT = datetime(2026, 11, 19, tzinfo=UTC)
BEFORE, AFTER = "2026-11-01T00:00:00Z", "2026-11-19T00:00:00Z"


def row(key: int, made: str | None = AFTER, form: str = "F") -> dict:
    return {"id": key, "made": made, "form": form}


def read(count, *news: dict, landed: int = 2, recent: frozenset = frozenset(), op: str = "upsert"):
    """Whether everything was read, and what was said to be lacking."""
    since, everything, told = Since(MOMENT, {"": landed}, recent), [], []

    def all_of_it():
        everything.append(1)
        yield Page([])

    def run():
        told.append(
            (yield from catch_up(since, count, lambda b: [Page([*news], op)], all_of_it, created="made"))
        )

    first, *_ = run()
    assert first.rows == [*news]
    return bool(everything), told[0]


@pytest.mark.parametrize(
    ("count", "news", "is_whole", "lacking"),
    [
        pytest.param(2, [], False, 0, id="as many as we hold"),
        pytest.param(3, [], True, 1, id="one of an old date"),
        pytest.param(3, [row(7)], False, 0, id="a newcomer"),
        pytest.param(3, [row(7), row(7)], False, 0, id="told twice"),
        pytest.param(4, [row(7), row(7)], True, 1, id="told twice, and one of an old date"),
        pytest.param(3, [row(7, BEFORE)], True, 1, id="an old one that was changed"),
        pytest.param(3, [row(7, None), "no object"], True, 1, id="none says when"),
        pytest.param(1, [], False, -1, id="one is gone"),
        pytest.param(2, [row(7)], False, -1, id="one is gone and one came"),
        pytest.param(None, [], False, 0, id="not counted"),
        *(pytest.param(odd, [], False, 0, id=f"no count: {odd!r}") for odd in (True, "9", [])),
    ],
)
def test_everything_is_read_only_where_news_do_not_make_up_the_count(count, news, is_whole, lacking):
    assert read(count, *news) == (is_whole, lacking)


@pytest.mark.parametrize("count", [None, True, "1", []])
def test_a_form_without_a_count_is_read_whole(count):
    pages = catch_up(
        Since(MOMENT, {"F": 9}), count, lambda begin: [], lambda: [Page([row(1)])], created="made", form="F"
    )
    assert [page.rows for page in pages] == [[row(1)]]


def test_who_came_by_webhook_meanwhile_is_held_and_no_newcomer():
    assert read(3, row(7), landed=3, recent=frozenset({"7"})) == (False, 0)
    assert read(4, row(7), landed=3, recent=frozenset({"7"})) == (True, 1)


def test_who_is_gone_is_no_newcomer():
    assert read(3, row(7), op="delete") == (True, 1)


def test_the_first_time_everything_is_read_and_no_news_are_asked_for():
    assert list(catch_up(Since(None), 9, pytest.fail, lambda: [Page([row(1)])], created="made")) == [
        Page([row(1)])
    ]


def test_newcomers_of_several_forms_are_told_apart():
    newcomers = Newcomers(Since(MOMENT, {"F": 1, "G": 1}), "id", "made", form="form")
    list(newcomers.met([Page([row(7), row(8), row(9, form="G")])]))
    assert (newcomers.lacking(3, "F"), newcomers.lacking(3, "G"), newcomers.lacking(1, "H")) == (0, 1, 1)


def test_a_stream_that_does_not_say_that_it_is_counted_cannot_be():
    """Its recent keys are not handed out: who came by webhook would hide one of an old date."""
    with pytest.raises(ValueError, match="counted"):
        Newcomers(Since(MOMENT, {}, None), "id", "made").lacking(1)
