"""What a pause tells: weeks worked by hand, and every refusal."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from value_harness import People, day

from pipelines import fingerprint
from pipelines.config import Config, ConfigError
from pipelines.home import Home
from pipelines.ownership import holdout, holdout_page, losses
from pipelines.ownership.holdout_words import WORDS
from pipelines.paper import text

START = 1000  # 27 September 2026
LOSS = losses.of(["meta"], Config(company="M", platforms={"meta": {}}))


@pytest.fixture(scope="module")
def world() -> People:
    people = People()
    people.con.execute("use warehouse.marts")
    for table, columns in (
        ("order_ownership", "order_id varchar, customer_id varchar, order_date date,"
         " net_converted decimal(18, 2), is_purchase boolean default true"),
        ("order_attribution", "order_id varchar, first_touch varchar, last_touch varchar"),
        ("customer_ownership", "customer_id varchar, country varchar"),
    ):  # fmt: skip
        people.con.execute(f"create or replace table marts.{table} ({columns})")
    return people


@pytest.fixture
def people(world: People) -> Iterator[People]:
    world.forget()
    yield world


def week(people: People, number: int, *nets: float, country: str = "FR", by: str = "google") -> None:
    """Orders of the week that begins so many weeks after the pause does; before it, a negative number."""
    people.add("marts.customer_ownership", customer_id=f"{country}{number}", country=country)
    for place, net in enumerate(nets):
        order = f"{number}/{place}/{country}"
        people.add(
            "marts.order_ownership",
            order_id=order, customer_id=f"{country}{number}", order_date=day(START + 7 * number + place % 7),
            net_converted=net,
        )  # fmt: skip
        people.add("marts.order_attribution", order_id=order, first_touch="own_mail", last_touch=by)


def before(people: People, weeks: int = 10, **more: Any) -> None:
    """90 and 110 in turn, in four orders each: 100 a week, spread sqrt(10 x 100 / 9)."""
    for number in range(1, weeks + 1):
        week(people, -number, *[22.5 if number % 2 else 27.5] * 4, **more)


def read(people: People, days: int = 14, *countries: str) -> holdout.Holdout:
    return holdout.ask(people.con, LOSS, countries, day(START), day(START + days - 1))


@pytest.mark.parametrize(
    ("sold", "verdict"), [((50, 50), "less"), ((100, 90), "cannot_tell"), ((120, 130), "more"), ((), "less")]
)
def test_what_was_sold_is_held_against_the_weeks_before(
    people: People, sold: tuple[float, ...], verdict: str
) -> None:
    before(people)
    for number, net in enumerate(sold):
        week(people, number, net)
    found = read(people).reading
    # Two weeks to come, after ten: sqrt(2 + 2 x 2 / 10); Student's t of nine degrees.
    wide = 2.262 * (1000 / 9) ** 0.5 * 2.4**0.5
    assert (found["weeks"], found["expected"], found["verdict"]) == (2, pytest.approx(200), verdict)
    assert found["effect"] == pytest.approx(sum(sold) - 200)
    assert found["low"] == pytest.approx(sum(sold) - 200 - wide, rel=0.001)
    assert found["high"] == pytest.approx(sum(sold) - 200 + wide, rel=0.001)


@pytest.mark.parametrize(("weeks", "t"), [(8, 2.365), (10, 2.262), (16, 2.131), (26, 2.060)])
def test_t_is_students(weeks: int, t: float) -> None:
    base = holdout._Base([(1.0, 1.0)] * weeks)
    assert base.t == pytest.approx(t, abs=0.002)


def test_what_all_countries_share_is_not_the_channels(people: People) -> None:
    before(people)
    before(people, country="BE")
    before(people, country="unknown")
    for number in (0, 1):
        week(people, number, 50)
        week(people, number, 50, country="BE")
    assert read(people).reading["verdict"] == "less"
    found = read(people, 14, "BE")
    assert (found.order_count, found.weekly) == (40, 100)
    assert found.reading["expected"] == pytest.approx(100), "as much as France sold, and no unknown country"
    assert found.reading["verdict"] == "cannot_tell"


def test_days_beyond_whole_weeks_are_left_out(people: People) -> None:
    before(people)
    week(people, 0, 50)
    week(people, 1, 50)
    week(people, 2, 1000)
    found = read(people, 20).reading
    assert (found["last"], found["revenue"]) == (day(START + 13), 100)


@pytest.mark.parametrize(("weeks", "orders"), [(7, 10), (8, 3), (8, 4)])
def test_thin_data_is_refused(people: People, weeks: int, orders: int) -> None:
    for number in range(1, weeks + 1):
        week(people, -number, *[10] * orders)
    found = read(people)
    is_told = weeks >= 8 and weeks * orders >= 30
    assert found.status == ("told" if is_told else "not_enough_data")
    assert (found.reading is not None) == is_told
    assert bool(found.plans) == is_told
    shown = text.write(holdout_page.page(found, day(START), "M", "en"))
    assert (WORDS["en"]["not_enough_data"] in shown) != is_told


def test_half_a_week_at_the_beginning_is_no_week(people: People) -> None:
    before(people, 7)
    week(people, -8, *[0] * 7, 0, 10)
    people.con.execute(f"delete from marts.order_ownership where order_date = date '{day(START - 56)}'")
    assert read(people).week_count == 7


def test_a_plan_says_which_loss_would_be_seen(people: People) -> None:
    before(people, by="meta")
    found = holdout.ask(people.con, LOSS, [], day(START))
    assert found.reading is None
    spread = (1000 / 9) ** 0.5
    two = found.plans[0]
    assert two["smallest_seen"] == pytest.approx((2.262 + 0.8416) * spread * 2.4**0.5, rel=0.001)
    assert (two["claimed"], two["verdict"]) == (pytest.approx(200), "would_be_seen")
    people.con.execute(
        "update marts.order_attribution set last_touch = 'google' where order_id not like '-1/%'"
    )
    one_week_in_ten = holdout.ask(people.con, LOSS, [], day(START))
    assert {plan["verdict"] for plan in one_week_in_ten.plans} == {"too_small"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_pause_in_which_money_was_spent_is_no_pause(people: People, language: str) -> None:
    before(people)
    for platform, on in (("meta", START + 3), ("meta", START - 1), ("tiktok", START + 3)):
        people.add("marts.campaigns", platform=platform, campaign_date=day(on), cost=40)
    found = read(people)
    assert found.reading["spent"] == 40
    shown = text.write(holdout_page.page(found, day(START), "M", language))
    assert WORDS[language]["spent.note"].format(amount=40) in shown
    assert WORDS[language]["less"] in shown
    assert WORDS["en"].keys() == WORDS["fr"].keys()


@pytest.mark.parametrize(("first", "last"), [(-6, -1), (-7, 0)])
def test_a_pause_is_of_whole_weeks_that_have_ended(tmp_path: Path, first: int, last: int) -> None:
    home = Home.at(tmp_path)
    fingerprint.note_published(home, {"day": str(day(START))})
    with pytest.raises(ConfigError, match="whole weeks"):
        holdout.run(home, LOSS, [], day(START) + timedelta(first), day(START) + timedelta(last))
