"""The dependence index, concentration and shares: the reference's own examples, and every refusal."""

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape
from value_harness import People, day

from pipelines.config import Config, ConfigError
from pipelines.home import Home
from pipelines.ownership import dependence, dependence_page, kept
from pipelines.ownership.dependence_words import WORDS
from pipelines.paper import html, text

pytestmark = pytest.mark.slow

NOW = 1000  # 27 September 2026
KINDS = {"own": "owned", "friend": "referral", "unknown": "unknown"}


@pytest.fixture(scope="module")
def world() -> People:
    """Tables only: whose each customer is, is given."""
    people = People()
    people.con.execute("use warehouse.marts")
    for table, columns in (
        (
            "customer_ownership",
            "customer_id varchar, acquired_from varchar, acquired_kind varchar, first_order_on date,"
            " owned_channels varchar[], rented_from varchar[]",
        ),
        (
            "order_ownership",
            "customer_id varchar, order_date date, net_converted decimal(18, 2), is_own_initiated boolean",
        ),
    ):
        people.con.execute(f"create or replace table marts.{table} ({columns})")
    return people


@pytest.fixture
def people(world: People) -> Iterator[People]:
    world.forget()
    yield world


def won(people: People, source: str, count: int, *, net: int = 1, on: int = NOW - 10, **facts: Any) -> None:
    """`count` customers brought by `source`, each with a first order of `net`."""
    for _ in range(count):
        who = f"c{people.ask('select count(*) from customer_ownership')[0][0]}"
        told = {"owned_channels": ["email"], "rented_from": []} | facts
        people.add(
            "marts.customer_ownership",
            customer_id=who, acquired_from=source, acquired_kind=KINDS.get(source, "rented"),
            first_order_on=day(on), **told,
        )  # fmt: skip
        people.add(
            "marts.order_ownership",
            customer_id=who, order_date=day(on), net_converted=net, is_own_initiated=source == "own",
        )  # fmt: skip


def asked(people: People, **ownership: Any) -> dependence.Dependence:
    return dependence.ask(people.con, Config(company="M", ownership=ownership), day(NOW))


@pytest.mark.parametrize(
    ("brought", "concentration", "platforms"),
    [
        ({"meta": 62, "google": 20, "own": 18}, 4244, 82 * 82 / 4244),
        ({"meta": 35, "google": 25, "tiktok": 10, "own": 30}, 1950, 70 * 70 / 1950),
        ({"meta": 50, "google": 50}, 5000, 2),
        ({"own": 80, "friend": 20}, 0, None),
    ],
)
def test_concentration_is_that_of_the_references_examples(
    people: People, brought: dict[str, int], concentration: float, platforms: float | None
) -> None:
    for source, count in brought.items():
        won(people, source, count)
    now = asked(people).now
    assert now["concentration"] == pytest.approx(concentration)
    assert now["effective_platforms"] == (platforms and pytest.approx(platforms))


def test_the_index_weighs_customers_revenue_and_whom_only_it_reaches(people: People) -> None:
    won(people, "meta", 20, net=30)
    won(people, "meta", 20, net=30, owned_channels=[], rented_from=["meta"])
    won(people, "google", 10, net=100, owned_channels=[], rented_from=["google", "meta"])
    won(people, "own", 50, net=36)
    now = asked(people).now
    # 40 of 100 customers, 1,200 of 4,000, 20 of 100 people reached in no other way.
    assert now["dependence"] == pytest.approx(0.3 * 40 + 0.4 * 30 + 0.3 * 20)
    assert now["most_on"] == "meta"
    assert asked(people).reachable == 70
    assert now["own_initiated_share"] == pytest.approx(0.45)


def test_all_ours_is_no_dependence(people: People) -> None:
    won(people, "own", 30)
    won(people, "friend", 30)
    found = asked(people)
    assert (found.now["status"], found.now["dependence"], found.now["concentration"]) == ("told", None, 0)
    assert found.now["diversification"] == pytest.approx(1)


def test_unknown_is_told_with_bounds_and_above_two_fifths_there_is_no_index(people: People) -> None:
    won(people, "meta", 30)
    won(people, "own", 30)
    won(people, "unknown", 40)
    now = asked(people).now
    assert now["status"] == "told", "two fifths are not more"
    assert now["dependence"] == pytest.approx(70 * 0.3)
    assert now["pro_rata"] == pytest.approx(70 * 0.5)
    assert now["as_one_block"] == pytest.approx(70 * 0.7)
    # 30 % of Meta and 40 % unknown, which may all be Meta's: 10,000 x (0.3^2 + 2 x 0.3 x 0.4 + 0.4^2) = 70^2.
    assert now["concentration_as_one_block"] == pytest.approx(4900)
    assert now["concentration_pro_rata"] == pytest.approx(2500)
    won(people, "unknown", 1)
    assert asked(people).now["status"] == "unknown"


def test_orders_of_nobody_known_are_revenue_of_unknown_source(people: People) -> None:
    won(people, "meta", 30, net=2)
    people.add("marts.order_ownership", order_date=day(NOW - 10), net_converted=40, is_own_initiated=False)
    now = asked(people).now
    assert (now["status"], now["unknown_acquisition"], now["unknown_revenue"]) == ("told", 0, 0.4)
    # 0.3 of all customers and 0.4 of 60 of 100; at most of all of it.
    assert now["dependence"] == pytest.approx(30 + 0.4 * 60)
    assert now["as_one_block"] == pytest.approx(30 + 0.4 * 100)
    people.add(
        "marts.order_ownership", customer_id="erased", order_date=day(NOW - 10), net_converted=1,
        is_own_initiated=False,
    )  # fmt: skip
    assert asked(people).now["status"] == "unknown"


def test_of_fewer_than_thirty_new_customers_there_is_no_index(people: People) -> None:
    won(people, "meta", 29)
    won(people, "meta", 5, on=NOW - 365)
    assert asked(people).now["status"] == "too_few"
    won(people, "meta", 1, on=NOW - 364)
    assert asked(people).now["status"] == "told"


def test_nothing_at_all_is_said_as_such(people: People) -> None:
    with pytest.raises(ConfigError, match="no customer has bought"):
        asked(people)


def test_diversity_is_the_entropy_of_beginnings(people: People) -> None:
    won(people, "meta", 90)
    won(people, "own", 10)
    # Brought nobody in the year; reaches somebody all the same.
    won(people, "tiktok", 1, on=NOW - 500, owned_channels=[], rented_from=["tiktok"])
    entropy = -(0.9 * math.log(0.9) + 0.1 * math.log(0.1)) / math.log(2)
    assert asked(people).now["diversification"] == pytest.approx(entropy)


def test_our_audience_is_told_for_each_follower_of_all_platforms(people: People) -> None:
    won(people, "meta", 6)
    won(people, "meta", 3, owned_channels=[], rented_from=["meta"])
    told = {"told_on": "2026-09-01"}
    found = asked(people, followers={"instagram": {"count": 20, **told}, "tiktok": {"count": 4, **told}})
    assert (found.known, found.reachable, found.followers) == (9, 6, 24)
    assert found.audience()["reachable_per_follower"] == 0.25
    assert asked(people).audience()["reachable_per_follower"] is None, "nobody said how many follow"


def test_months_are_told_apart_and_what_moved_is_named(people: People) -> None:
    won(people, "meta", 40, on=NOW - 300)
    won(people, "google", 40, on=NOW - 5)
    found = asked(people)
    assert [month["day"] for month in found.months][-2:] == [date(2026, 8, 31), day(NOW)]
    assert found.months[-2]["concentration"] == pytest.approx(10000)
    assert found.months[-2]["dependence"] is None, "whom only it reached then, nobody knows"
    assert found.moved == {
        "source": "google", "acquisition": pytest.approx(0.5), "revenue": pytest.approx(0.5)
    }  # fmt: skip


def test_a_month_before_names_the_firm_that_brought_most(people: People) -> None:
    won(people, "meta", 40, on=NOW - 300)
    won(people, "tiktok", 1, on=NOW - 300)
    before, now = asked(people).months[-2:]
    assert (before["most_on"], before["dependence"]) == ("meta", None)
    assert now["most_on"] == "meta"


def test_a_year_of_kept_months_stands_on_the_page(people: People, tmp_path: Path) -> None:
    won(people, "meta", 40, on=NOW - 300)
    home = Home.at(tmp_path)
    (tmp_path / "data").mkdir()
    found = asked(people)
    for number, month in enumerate(found.months):
        kept.keep(home, "dependence", month["day"], {"index": number + 80})
        kept.keep(home, "meta", month["day"], {"index": 7})
    earlier = kept.earlier(home, "dependence", found.day)
    assert [line["index"] for line in earlier] == list(range(80, 79 + len(found.months)))
    shown = text.write(dependence_page.page(found, earlier, "M", "en"))
    told = [month for month in found.months[:-1] if month["status"] == "told"]
    assert len(told) > 6
    for number, month in enumerate(found.months[:-1]):
        line = next(line for line in shown.splitlines() if str(month["day"]) in line)
        assert (str(80 + number) in line.split()) == (month in told)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_says_why_there_is_no_index(people: People, language: str) -> None:
    won(people, "unknown", 41)
    won(people, "meta", 50)
    page = dependence_page.page(
        asked(people, followers={"meta": {"count": 1000, "told_on": "2026-09-01"}}), [], "M", language
    )
    assert str(escape(WORDS[language]["index.unknown"])) in html.write(page)
    assert "45 %" in text.write(page)
    assert WORDS["en"].keys() == WORDS["fr"].keys()
