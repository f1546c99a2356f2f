"""A past outage and what was bought later, worked by hand: few orders a week, and all that cannot be told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from owned import order, with_seeds
from test_ownership import settings
from value_harness import People, day

from pipelines.cli import parser
from pipelines.commands import drill as command
from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.ownership import losses, was_out, was_out_page
from pipelines.ownership.was_out import WasOut
from pipelines.ownership.was_out_words import WORDS
from pipelines.paper import text

pytestmark = pytest.mark.slow

# A Wednesday in summer, when `order` tells the hour of Paris; out from 9:30 to 11:30.
OUT = 920
WEEKS = range(1, 9)


@pytest.fixture(scope="module")
def world() -> People:
    people = People("int_customer_events", "order_ownership")
    people.con.execute("use warehouse.marts")
    return people


@pytest.fixture
def people(world: People) -> Iterator[People]:
    """Eight weeks: four orders of 25 while it will be out, four of 10 a day after, one of 500 far off."""
    world.forget()
    with_seeds(world)
    order(world, None, OUT - 70, 1)
    for week in WEEKS:
        sell(world, OUT - 7 * week, 25, 25, 25, 25)
        sell(world, OUT - 7 * week + 1, 10, 10, 10, 10)
        sell(world, OUT - 7 * week + 3, 500)
    yield world


def sell(people: People, on: int, *nets: int, hour: int = 10, channel: str = "facebook") -> None:
    for net in nets:
        order(people, None, on, net, hour=hour, channel=channel)


def told(
    people: People, *words: str, hours: int = 2, on: int = OUT, as_of: int = 1000, **more: Any
) -> WasOut:
    start = datetime.fromisoformat(f"{day(on)} 09:30")
    setting = settings(**more)
    return was_out.ask(people.con, setting, losses.of(words or ("meta",), setting), start, hours, day(as_of))


def test_what_the_two_days_after_sold_above_the_median_is_divided_by_what_was_missing(people: People) -> None:
    # One of 20 came through, of the usual 100; the day after 70 instead of 40.
    sell(people, OUT, 20)
    sell(people, OUT + 1, 30, 40)
    found = told(people).found
    assert found["status"] == "told"
    assert (found["usual"], found["sold"], found["shortfall"]) == (100, 20, 80)
    assert (found["usual_after"], found["sold_after"], found["above"]) == (40, 70, 30)
    assert (found["order_count"], found["order_count_after"]) == (1, 2)
    assert found["catch_up"] == pytest.approx(30 / 80)
    assert found["lost"] == 50


def test_one_week_of_gold_moves_no_median_and_is_seen_in_the_range(people: People) -> None:
    sell(people, OUT - 14, 9000)
    sell(people, OUT - 20, 9000)
    sell(people, OUT + 1, 60)
    found = told(people).found
    assert (found["usual"], found["usual_low"], found["usual_high"]) == (100, 100, 9100)
    assert (found["usual_after"], found["catch_up"]) == (40, 0.2)


def test_it_begins_and_ends_by_the_minute_and_48_hours_go_from_its_end(people: People) -> None:
    # 9:00 is before it, 11:00 within; two days on, 11:00 is the last full hour and 12:00 too late.
    sell(people, OUT, 1000, hour=9)
    sell(people, OUT, 7, hour=11)
    sell(people, OUT, 40, hour=12)
    sell(people, OUT + 2, 31, hour=11)
    sell(people, OUT + 2, 1000, hour=12)
    found = told(people).found
    assert (found["sold"], found["sold_after"]) == (7, 71)
    assert found["ended_at"] == datetime.fromisoformat(f"{day(OUT)} 11:30")
    assert found["caught_up_at"] - found["ended_at"] == timedelta(hours=48)


@pytest.mark.parametrize(
    ("after", "share", "lost", "says"),
    [((15,), 0, 100, "none_came"), ((40,), 0, 100, "none_came"), ((190,), 1, 0, "more_came")],
)
def test_the_part_is_never_less_than_nothing_nor_more_than_all(
    people: People, after: tuple[int, ...], share: float, lost: float, says: str
) -> None:
    sell(people, OUT + 1, *after)
    found = told(people)
    assert (found.found["catch_up"], found.found["lost"]) == (share, lost)
    for language in ("en", "fr"):
        assert WORDS[language][says] in text.write(was_out_page.page(found, "M", language)).replace("\n", " ")


def test_what_an_ordinary_week_has_sold_as_well_may_be_chance(people: People) -> None:
    sell(people, OUT - 20, 50)  # A day and two weeks after: 90 instead of 40.
    sell(people, OUT + 1, 90)
    found = told(people)
    assert (found.found["usual_after_high"], found.found["catch_up"]) == (90, 0.5)
    for language in ("en", "fr"):
        assert WORDS[language]["chance"] in was_out_page.page(found, "M", language).figures[0].note
    sell(people, OUT + 1, 1)
    assert WORDS["en"]["chance"] not in was_out_page.page(told(people), "M", "en").figures[0].note


def test_only_orders_with_a_touch_on_it_are_counted(people: People) -> None:
    sell(people, OUT, 300, channel="google")
    sell(people, OUT + 1, 300, channel="google")
    sell(people, OUT + 1, 90)
    assert told(people).found["catch_up"] == 0.5
    assert told(people, "meta", "google").found["status"] == "no_shortfall"
    assert told(people, "shopify").found["sold"] == 300, "a shop takes all that is placed in it"


def test_an_outage_of_days_is_held_against_weeks_that_it_is_not_in(people: People) -> None:
    """150 hours and 48 are more than a week: the 48 hours after the week before would reach into it."""
    for week in (9, 10):
        sell(people, OUT - 7 * week, 25, 25, 25, 25)
        sell(people, OUT - 7 * week + 1, 10, 10, 10, 10)
        sell(people, OUT - 7 * week + 3, 500)
    found = told(people, hours=150).found
    # From Wednesday to Tuesday all three days of a week; after it, until Thursday, its first two.
    assert (found["usual"], found["usual_after"]) == (640, 140)
    assert found["sold"] == found["sold_after"] == 0
    assert (found["usual_order_count"], found["usual_order_count_after"]) == (8 * 9, 8 * 8)


def test_a_moment_of_another_zone_is_the_companys_clock(people: People) -> None:
    setting = settings()
    start = datetime.fromisoformat(f"{day(OUT)} 07:30+00:00")
    found = was_out.ask(people.con, setting, losses.of(["meta"], setting), start, 2, day(1000)).found
    assert found["started_at"] == datetime.fromisoformat(f"{day(OUT)} 09:30")


def test_a_night_that_has_an_hour_twice_is_six_hours_long_all_the_same(people: People) -> None:
    """25 October 2026: six hours from midnight on end at five by the clock of Paris."""
    setting = settings()
    start = datetime(2026, 10, 25)
    found = was_out.ask(people.con, setting, losses.of(["meta"], setting), start, 6, day(1200)).found
    assert found["ended_at"] == datetime(2026, 10, 25, 5)


def cannot(people: People, status: str, **asked: Any) -> None:
    words = asked.pop("words", ())
    found = told(people, *words, **asked)
    assert (found.found["status"], found.found["catch_up"], found.found["lost"]) == (status, None, None)
    for language in ("en", "fr"):
        page = was_out_page.page(found, "M", language)
        assert page.figures[0].value == WORDS[language][status]
        assert "catch_up: " not in text.write(page)
        assert len(page.figures) == 1


def test_nothing_missing_is_no_part_of_anything(people: People) -> None:
    sell(people, OUT, 60, 40)
    sell(people, OUT + 1, 900)
    cannot(people, "no_shortfall")


def test_the_two_days_after_must_be_over_on_the_published_day(people: People) -> None:
    # They last until 11:30 of the second day, which has not ended when that day is published.
    cannot(people, "not_over", as_of=OUT + 2)
    cannot(people, "not_over", on=1100)
    assert told(people, as_of=OUT + 3).found["status"] == "told"


def test_less_than_eight_weeks_of_orders_before_it_are_not_enough(people: People) -> None:
    people.con.execute(f"delete from marts.orders where order_date < date '{day(OUT - 56)}'")
    assert told(people).found["status"] == "told"
    people.con.execute(f"delete from marts.orders where order_date < date '{day(OUT - 55)}'")
    cannot(people, "not_enough_data")


def test_before_the_first_order_nothing_can_be_told(people: People) -> None:
    cannot(people, "not_enough_data", on=800)
    assert str(day(OUT - 70)) in text.write(was_out_page.page(told(people, on=800), "M", "en"))
    people.con.execute("delete from marts.orders")
    cannot(people, "not_enough_data")


def test_fewer_than_thirty_orders_in_the_same_hours_are_too_few(people: People) -> None:
    few = "select order_id from marts.orders where net_converted = 10 order by order_id limit {count}"
    people.con.execute(f"delete from marts.orders where order_id in ({few.format(count=2)})")
    assert told(people).found["status"] == "told"
    people.con.execute(f"delete from marts.orders where order_id in ({few.format(count=1)})")
    cannot(people, "too_sparse")


def test_where_most_weeks_sold_nothing_in_those_hours_nothing_is_usual(people: People) -> None:
    people.con.execute(
        f"delete from marts.orders where net_converted = 25 and order_date > date '{day(OUT - 40)}'"
    )
    sell(people, OUT - 56, *[25] * 30)
    cannot(people, "too_sparse")


def test_what_carries_no_channel_of_ours_costs_nothing(people: People) -> None:
    cannot(people, "no_source", words=("klaviyo",))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_says_what_to_write_into_the_settings(people: People, language: str) -> None:
    sell(people, OUT + 1, 75)
    found = told(people, ownership={"catch_up": 0.2})
    shown = " ".join(text.write(was_out_page.page(found, "M", language)).split())
    assert "catch_up: 0.35" in shown
    assert "35 %" in shown
    assert WORDS[language]["configured"].format(catch_up="20 %") in shown
    assert found.figures()["configured"] == 0.2


@pytest.mark.parametrize("said", ["2026-10-04", "noon:", "2026-13-04 10:00"])
def test_what_is_no_moment_is_answered_with_how_to_write_one(said: str, capsys: Any) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["drill", "meta", "--was-out", said])
    assert "2026-10-04 15:39" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--closed"], ["--list", "who.csv"]])
def test_what_was_goes_with_neither_a_closure_nor_a_list(tmp_path: Path, more: list[str]) -> None:
    (tmp_path / "firsthand.yaml").write_text("company: Maison\nplatforms: {meta: {}}\n")
    args = parser().parse_args(["drill", "meta", "--was-out", "2026-10-04 15:39", *more])
    with pytest.raises(ConfigError, match="--was-out"):
        command.run(args, Home.at(tmp_path))


def test_every_text_is_there_in_both_languages() -> None:
    assert WORDS["en"].keys() == WORDS["fr"].keys()
    for name, columns in WORDS["en"].items():
        assert columns.count("|") == WORDS["fr"][name].count("|"), name
