"""Habits, RFM and cohort curves: worked cases, and the same from a plain reading in Python."""

import random
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from value_harness import People, day

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def habits_world() -> People:
    return People("int_customer_habits")


@pytest.fixture
def buyers(habits_world: People) -> Iterator[People]:
    habits_world.forget()
    habits_world.on(1000)
    yield habits_world


def habit(people: People, who: str, column: str) -> object:
    return people.ask(f"select {column} from lifecycle.int_customer_habits where customer_id = ?", who)[0][0]


def bought(people: People, who: str, *days: int) -> None:
    people.person(who)
    for number in days:
        people.order(who, number, f"{who}{number}")


@pytest.mark.parametrize(
    ("days", "usual", "expected", "why"),
    [
        ((900,), None, None, "too_few_purchases"),
        ((900, 950), None, None, "too_few_purchases"),
        ((900, 940, 990), 45, 1035, None),  # gaps 40 and 50
        ((800, 810, 850, 990), 40, 1030, None),  # gaps 10, 40 and 140: one odd gap moves no median
        ((900, 940, 940, 990), 45, 1035, None),  # a split basket is one purchase
        ((880, 900, 960), 40, 1000, None),  # on the day itself
        ((880, 900, 920), 20, None, "long_overdue"),  # 80 days after a rhythm of 20
        ((900, 930, 960), 30, 990, None),  # overdue, not yet twice
        ((898, 919, 939, 958), 20, None, "long_overdue"),  # the 42nd day of a rhythm of 20
        ((897, 919, 940, 960), 21, 981, None),  # the 40th day of a rhythm of 21
    ],
)
def test_a_rhythm_takes_three_purchases_and_ends_when_twice_overdue(
    buyers: People, days: tuple[int, ...], usual: int | None, expected: int | None, why: str | None
) -> None:
    bought(buyers, "her", *days)
    bought(buyers, "somebody", 999)
    assert habit(buyers, "her", "usual_days") == usual
    assert habit(buyers, "her", "why_no_expectation") == why
    assert habit(buyers, "her", "expected_next_purchase_on") == (expected and day(expected))


def test_nothing_is_expected_where_the_company_has_sold_nothing_for_a_month(buyers: People) -> None:
    bought(buyers, "her", 900, 940, 969)
    assert habit(buyers, "her", "why_no_expectation") == "no_recent_orders"
    buyers.on(999)
    assert habit(buyers, "her", "why_no_expectation") is None


def test_what_was_undone_or_is_still_to_come_is_no_habit(buyers: People) -> None:
    bought(buyers, "her", 900, 940, 990)
    buyers.order("her", 995, "back", undone=998)
    buyers.order("her", 1001, "tomorrow")
    buyers.order("her", 980, "later", undone=1005)
    assert habit(buyers, "her", "last_occasion_on") == day(990)
    assert habit(buyers, "her", "occasion_count") == 4


def test_favourites_are_the_most_frequent_and_of_several_the_latest(buyers: People) -> None:
    buyers.person("her")
    buyers.add("seeds.product_categories", sku="V1", category="vases")
    goods = {
        "V1": {"sku": "V1", "title": "Blue vase", "amount": 30},
        "V2": {"sku": "V2", "title": "Cup", "amount": 25},
    }
    # DAY_0 was a Monday; 2024 is in winter time until the end of March.
    buyers.order("her", 0, "a", hour=22, channel="google", goods=[goods["V2"], goods["V2"]])
    buyers.order("her", 7, "b", hour=9, channel="shop", goods=[goods["V1"]])
    assert habit(buyers, "her", "preferred_hour") is None, "two orders are no habit"
    buyers.order("her", 15, "c", hour=22, channel="instagram", goods=[goods["V1"]])
    assert habit(buyers, "her", "purchase_channel") == "instagram"
    buyers.order("her", 23, "d", hour=22, channel="google", goods=None)
    assert habit(buyers, "her", "preferred_hour") == 23, "on the company's clock"
    assert habit(buyers, "her", "preferred_weekday") == "monday"
    assert habit(buyers, "her", "purchase_channel") == "google"
    assert habit(buyers, "her", "preferred_category") == "vases"


def test_money_of_the_last_year_is_that_of_365_days(buyers: People) -> None:
    buyers.person("her")
    for on, net in ((635, 10), (636, 20), (1000, 30)):
        buyers.order("her", on, f"o{on}", net=net)
    assert habit(buyers, "her", "revenue_12m") == 50
    assert habit(buyers, "her", "occasions_12m") == 2


def fill(people: People, rows: list[tuple[str, int, int, int]]) -> None:
    for who, last, times, money in rows:
        people.add(
            "lifecycle.int_customer_habits",
            customer_id=who, occasions_12m=times, last_occasion_on=day(last), revenue_12m=money,
        )  # fmt: skip


def test_below_a_hundred_buyers_nobody_is_in_a_group() -> None:
    people = People("int_customer_rfm")
    fill(people, [(f"c{i}", i, 1, i) for i in range(99)])
    assert people.ask("from lifecycle.int_customer_rfm") == []
    fill(people, [("c99", 99, 1, 99)])
    assert len(people.ask("from lifecycle.int_customer_rfm")) == 100


# The grid of reference: rows by recency, columns by frequency and money.
GRID = {
    5: {5: "champions", 4: "champions", 3: "active", 2: "new", 1: "new"},
    4: {5: "loyal", 4: "loyal", 3: "active", 2: "promising", 1: "promising"},
    3: {5: "loyal", 4: "loyal", 3: "needs_attention", 2: "almost_lost", 1: "almost_lost"},
    2: {5: "at_risk", 4: "at_risk", 3: "at_risk", 2: "almost_lost", 1: "almost_lost"},
    1: {5: "previously_loyal", 4: "previously_loyal", 3: "at_risk", 2: "dormant", 1: "dormant"},
}


def test_scores_and_groups_are_those_of_a_plain_reading() -> None:
    dice = random.Random(5)
    rows = [
        (f"c{i}", dice.randrange(40), dice.choice((0, 1, 1, 1, 1, 2, 3, 4, 5, 6, 9)), dice.randrange(60))
        for i in range(600)
    ]
    people = People("int_customer_rfm")
    fill(people, rows)
    found = {row[0]: row[1:] for row in people.ask("from lifecycle.int_customer_rfm")}
    seen = set()
    for who, last, times, money in rows:
        recency = fifth(last, [row[1] for row in rows])
        worth = fifth(money, [row[3] for row in rows])
        frequency = {0: 1, 1: 1, 2: 2, 3: 3, 4: 4, 5: 4}.get(times, 5)
        both = int(Fraction(frequency + worth, 2) + Fraction(1, 2))
        seen.add((recency, both))
        assert found[who] == (recency, frequency, worth, GRID[recency][both]), who
    assert len(seen) == 25, "every cell of the grid is looked at"


def fifth(value: int, values: list[int]) -> int:
    """least(5, 1 + floor(5 * percent_rank)): equals share the lowest."""
    below = sum(other < value for other in values)
    return min(5, 1 + int(5 * Fraction(below, len(values) - 1)))


def test_a_cohort_is_followed_from_each_ones_own_first_order() -> None:
    people = People("value_cohorts")
    # Thirty who began in January 2024 and spent 10 at once, 5 on the 31st day (the second month of life),
    # and 2 within the third month; one began in February.
    for i in range(30):
        for on, net in ((i % 10, 10), (i % 10 + 31, 5), (i % 10 + 65, 2)):
            people.add("marts.orders", customer_id=f"c{i}", order_id=f"{i}/{on}", order_date=day(on), gross=9,
                       net_converted=net)  # fmt: skip
    people.add("marts.orders", customer_id="late", order_id="l", order_date=day(40), gross=9, net_converted=7)
    # 30 April 2024: three months after the last day of January.
    people.on(120)
    query = (
        "select month_number, customer_count, buyer_count, net, net_so_far, status, net_per_customer_so_far"
        " from marts.value_cohorts where cohort_month is not distinct from ? order by 1"
    )
    assert people.ask(query, day(0)) == [
        (0, 30, 30, 300, 300, "mature", 10),
        (1, 30, 30, 150, 450, "mature", 15),
        (2, 30, 30, 60, 510, "mature", 17),
        (3, 30, 0, 0, 510, "immature", None),
    ]
    assert people.ask(query, day(31)) == [
        (0, 1, 1, 7, 7, "too_few", None),
        (1, 1, 0, 0, 7, "too_few", None),
        (2, 1, 0, 0, 7, "immature", None),
    ]
    assert people.ask(query, None)[:2] == [
        (0, 31, 31, 307, 307, "mature", Decimal("9.90")),
        (1, 31, 30, 150, 457, "mature", Decimal("14.74")),
    ]
    people.on(119)
    assert people.ask(query, day(0))[2][5] == "immature", "one of them has a day to go"
