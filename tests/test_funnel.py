"""The funnel: worked cases, and random histories against plain readings of Kaplan-Meier and Wilson."""

import math
import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import pytest
from value_harness import LADDER, RANKS, People, day

from pipelines import funnel

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world() -> People:
    return People("funnel__conversion", "funnel__stays", "funnel__flow")


@pytest.fixture
def people(world: People) -> Iterator[People]:
    world.forget()
    world.on(1000)
    yield world


def step(people: People, start: str, end: str, month: int | None, *columns: str) -> tuple:
    (found,) = people.ask(
        f"select {', '.join(columns)} from lifecycle.funnel__conversion"
        " where from_stage = ? and to_stage = ? and cohort_month is not distinct from ?",
        start,
        end,
        None if month is None else day(month),
    )
    return found


def test_who_reaches_the_next_stage_or_one_beyond_in_time_is_converted(people: People) -> None:
    people.stages("in_time", ("lead", 0), ("prospect", 90))
    people.stages("too_late", ("lead", 0), ("prospect", 91))
    people.stages("beyond", ("lead", 0), ("first_time_customer", 5), ("repeat_customer", 9))
    people.stages("back_again", ("lead", 0), ("prospect", 5), ("lead", 20), ("prospect", 300))
    people.stages("never", ("lead", 0))
    people.stages("came_as_a_buyer", ("first_time_customer", 0))
    people.stages("their_company", ("lead", 0), ("prospect", 1), is_account=True)
    counts = ("entered_count", "converted_count", "reversed_count")
    assert step(people, "lead", "prospect", None, *counts) == (5, 3, 1)
    assert step(people, "lead", "first_time_customer", None, *counts) == (5, 1, 0)
    assert step(people, "first_time_customer", "repeat_customer", None, *counts) == (2, 1, 0)


def test_an_ambassador_who_bought_once_has_not_come_back(people: People) -> None:
    people.stages("her", ("first_time_customer", 0), ("ambassador", 9), axes=("stage",))
    people.stages("her", ("first_time_customer", 0), axes=("commercial_stage",))
    assert step(people, "first_time_customer", "repeat_customer", None, "converted_count") == (0,)
    assert step(people, "first_time_customer", "ambassador", None, "converted_count") == (1,)


def test_a_cohort_is_mature_when_its_last_day_has_had_the_time(people: People) -> None:
    for i in range(30):
        people.stages(f"c{i}", ("lead", i), *((("prospect", i + 2),) if i < 12 else ()))
    # 30 January 2024 and 90 days; the cohort ends on the 31st, the 30th day.
    people.on(119)
    assert step(people, "lead", "prospect", 0, "status", "conversion_rate") == ("immature", None)
    assert step(people, "lead", "prospect", None, "status", "entered_count") == ("mature", 30)
    people.on(118)
    assert step(people, "lead", "prospect", None, "status", "entered_count") == ("too_few", 29)
    people.on(120)
    assert step(people, "lead", "prospect", 0, "status", "conversion_rate") == ("mature", 0.4)


def test_small_numbers_are_hidden(people: People) -> None:
    for i in range(29):
        people.stages(f"c{i}", ("lead", 0), ("prospect", 3))
    shown = ("status", "conversion_rate", "rate_at_least", "rate_at_most", "reversal_rate", "median_days")
    assert step(people, "lead", "prospect", None, *shown) == ("too_few", None, None, None, None, None)
    people.stages("one_more", ("lead", 0))
    assert step(people, "lead", "prospect", None, "status", "entered_count") == ("mature", 30)
    assert step(people, "lead", "prospect", None, "reversal_rate") == (None,), "29 converted"


def test_what_a_step_is_worth(people: People) -> None:
    for i in range(30):
        people.person(f"c{i}")
        people.stages(f"c{i}", ("lead", 0), ("first_time_customer", 4 + i % 3))
        people.order(f"c{i}", 4 + i % 3, f"a{i}", net=50)
        people.order(f"c{i}", 4 + i % 3, f"b{i}", net=10 * (i % 3))
        people.order(f"c{i}", 40, f"c{i}", net=999)
    # Medians of 4, 5, 6 days and of 50, 60, 70: thirty times 60 in 5 days.
    found = step(people, "lead", "first_time_customer", None, "median_days", "median_value", "velocity")
    assert found == (5, 60, 360)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """The shares from which the observed one is just 1.96 standard errors away, found by halving."""
    share = hits / trials
    return _bisect(0.0, share, hits, trials), _bisect(1.0, share, hits, trials)


def _bisect(outside: float, inside: float, hits: int, trials: int) -> float:
    for _ in range(80):
        middle = (outside + inside) / 2
        is_outside = abs(hits / trials - middle) > 1.959964 * math.sqrt(middle * (1 - middle) / trials)
        outside, inside = (middle, inside) if is_outside else (outside, middle)
    return inside


def test_the_interval_is_wilsons(people: People) -> None:
    for hits, trials in ((0, 30), (1, 31), (6, 40), (15, 30), (30, 30), (97, 100)):
        people.forget()
        for i in range(trials):
            people.stages(f"c{i}", ("lead", 0), *((("prospect", 3),) if i < hits else ()))
        found = step(people, "lead", "prospect", None, "rate_at_least", "rate_at_most")
        assert found == pytest.approx(wilson(hits, trials), abs=1e-6), (hits, trials)
    assert wilson(6, 40) == pytest.approx((0.07, 0.29), abs=0.005), "as reference has it"
    assert wilson(3, 10) == pytest.approx((0.11, 0.60), abs=0.005)


def life(dice: random.Random, until: int) -> list[tuple[str, int]]:
    """A random history: mostly upwards, at times back."""
    at, rank, told = dice.randrange(until), dice.choice((1, 1, 1, 2, 3)), []
    while at < until and len(told) < 6:
        told.append((LADDER[rank - 1], at))
        at += 1 + int(dice.expovariate(1 / 120))
        rank = max(1, rank - 1) if dice.random() < 0.1 or rank == 6 else rank + 1
        if told[-1][0] == LADDER[rank - 1]:
            break
    return told


def kaplan_meier(stays: list[tuple[int, bool]]) -> int | None:
    """Days after which half has left, in fractions."""
    left = Fraction(1)
    for days in sorted({days for days, has_ended in stays if has_ended}):
        ended = sum(has_ended and length == days for length, has_ended in stays)
        there = sum(length >= days for length, _ in stays)
        left *= 1 - Fraction(ended, there)
        if left <= Fraction(1, 2):
            return days
    return None


@pytest.mark.parametrize("given_day", [700, 300])
def test_random_histories_are_counted_as_a_plain_reading_does(people: People, given_day: int) -> None:
    dice = random.Random(given_day)
    lives = [life(dice, 700) for _ in range(400)]
    for i, told in enumerate(lives):
        people.stages(f"c{i}", *told)
    people.on(given_day)
    known = [seen for told in lives if (seen := [one for one in told if one[1] <= given_day])]
    stays: dict[str, list[tuple[int, bool]]] = {stage: [] for stage in LADDER}
    for told in known:
        for (stage, start), after in zip(told, [*told[1:], None], strict=True):
            stays[stage].append(((after[1] if after else given_day) - start, after is not None))
    # Ambassadors are on one axis only, so that those rows come twice here: look at the others.
    for stage in LADDER[:5]:
        ((count, ended, status, median),) = people.ask(
            "select stay_count, ended_count, status, median_days"
            " from lifecycle.funnel__stays where stage = ?",
            stage,
        )
        assert (count, ended) == (len(stays[stage]), sum(has for _, has in stays[stage]))
        expected = kaplan_meier(stays[stage])
        assert median == (expected if count >= 30 else None)
        assert status == ("too_few" if count < 30 else "reached" if expected else "not_reached")
    check_flow(people, known, given_day)


def check_flow(people: People, known: list[list[tuple[str, int]]], given_day: int) -> None:
    """Stocks by looking at each month's last day; flows by adding up moves."""
    rows = people.ask(
        "select month, stage, came_count, came_back_count, moved_up_count, reversed_count, stock_count"
        " from lifecycle.funnel__flow"
    )
    moves: Counter[str] = Counter()
    for told in known:
        for before, (stage, _) in zip([None, *told[:-1]], told, strict=True):
            falls = before is not None and RANKS[stage] < RANKS[before[0]]
            moves["back" if falls else "up"] += 1
    assert sum(row[2] for row in rows) == moves["up"]
    assert sum(row[3] for row in rows) == sum(row[5] for row in rows) == moves["back"]
    for month, stage, *_, stock in rows:
        following = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1, day=1)
        last = min((following - day(0)).days - 1, given_day)
        there = sum(_stage_on(told, last) == stage for told in known)
        assert stock == there, (month, stage)


def _stage_on(told: list[tuple[str, int]], on: int) -> str | None:
    return next((stage for stage, start in reversed(told) if start <= on), None)


def test_the_funnel_of_a_day_knows_nothing_after_it(people: People) -> None:
    people.stages("her", ("lead", 0), ("prospect", 50), ("first_time_customer", 70))
    people.on(60)
    assert people.ask("select stage, ended_count from lifecycle.funnel__stays order by stage_number") == [
        ("lead", 1),
        ("prospect", 0),
    ]
    people.on(49)
    assert people.ask("select stage, stay_count, ended_count from lifecycle.funnel__stays") == [
        ("lead", 1, 0)
    ]


@pytest.mark.parametrize(("language", "shown"), [("en", "1,234"), ("fr", "1\N{NO-BREAK SPACE}234")])
def test_thousands_are_parted(language: str, shown: str) -> None:
    row = dict.fromkeys(
        ("stock_count", "came_count", "came_back_count", "moved_up_count", "reversed_count"), 1234
    )
    assert funnel.flow_cells({"stage": "lead", **row}, language)[1:] == [shown] * 5
