"""The histories against a reading of the rules apart, on random towns: any day, as restated and as known.

`make proofs` tries more towns, and more days, than every run of the tests does.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from lifecycle_harness import SETTINGS, Replay, Town
from lifecycle_oracle import PARIS, Company, Event, Prior, local
from lifecycle_worlds import BEGINNING, DAYS, World

DAYS_TRIED = 50

pytestmark = pytest.mark.slow


def settle(town: Town, world: World, whose: Mapping[str, str]) -> None:
    """Everybody and their records, as identity has them; nothing happened yet."""
    town.fill(
        "identity.int_customer_profiles",
        [
            {
                "profile_id": profile,
                "customer_id": whose[profile],
                "created_at": world.known[profile],
                "first_seen_at": world.known[profile],
            }
            for profile in whose
        ],
    )
    town.fill(
        "identity.int_account_members",
        [
            {"account_id": account, "customer_id": who, "since": since}
            for account, members in world.members.items()
            for who, since in members
        ],
    )


def replayed(
    world: World, events: list[Event], day: date, priors: dict[date, Prior | None]
) -> dict[tuple[str, str], str]:
    """Subject and axis to value, by the oracle, from nothing later than the day."""
    company = Company(
        [event for event in events if local(event) <= day],
        world.merged,
        {profile: moment.astimezone(PARIS).date() for profile, moment in world.known.items()},
        {
            account: [(who, since.astimezone(PARIS).date()) for who, since in members]
            for account, members in world.members.items()
        },
        SETTINGS,
        day,
        priors,
    )
    return {
        (subject, axis): value
        for subject, person in company.people.items()
        for axis, value in person.values().items()
    }


def as_of(rows: list[tuple], day: date) -> dict[tuple[str, str], str]:
    """The same, by the histories."""
    return {
        (subject, axis): value
        for subject, _, _, axis, value, _, valid_from, valid_to, *_ in rows
        if valid_from <= day and (valid_to is None or valid_to > day)
    }


def days_of(rng: Random, count: int = DAYS_TRIED) -> list[date]:
    return [BEGINNING.date() + timedelta(days=rng.randrange(60, DAYS + 200)) for _ in range(count)]


@pytest.fixture
def examples(request: pytest.FixtureRequest) -> int:
    return request.config.getoption("--examples")


def test_as_of_any_day_the_histories_equal_a_replay_by_hand(tmp_path: Path, examples: int) -> None:
    """Restated: with all that is known today and nothing that happened later; whole, and without a gap."""
    for seed in range(examples):
        rng = Random(f"restated:{seed}")
        world = World(rng)
        town = Town(tmp_path / str(seed))
        settle(town, world, world.merged)
        town.happen(world.events)
        assert town.build(date(2040, 1, 1), full=True)
        rows, priors = town.history(), {}
        assert_without_gap_or_overlap(rows)
        for day in days_of(rng):
            assert as_of(rows, day) == replayed(world, world.events, day, priors), f"{seed}: {day}"
        learnt = [month for month, prior in priors.items() if prior]
        assert learnt, "nobody's rhythm was ever learnt: the test looks at fixed days only"


def test_as_known_on_any_day_the_histories_equal_a_replay_by_hand(tmp_path: Path, examples: int) -> None:
    """As known: built from what had reached us by then, in whatever order it did."""
    for seed in range(examples):
        rng = Random(f"known:{seed}")
        world = World(rng)
        town = Town(tmp_path / str(seed))
        settle(town, world, world.merged)
        replay = Replay(town)
        # Each day is a build of its own.
        for day in days_of(rng, DAYS_TRIED if examples > 1 else 8):
            known = world.until(datetime.combine(day, time(22), UTC))
            rng.shuffle(known)
            rows = replay.of(known)
            assert as_of(rows, day) == replayed(world, known, day, {}), f"{seed}: known on {day}"


def test_what_arrives_in_batches_of_any_size_is_told_as_if_it_had_come_at_once(
    tmp_path: Path, examples: int
) -> None:
    """Increments, with merges, splits, a left account and late news between, equal a build from scratch."""
    for seed in range(examples):
        rng = Random(f"batches:{seed}")
        world = World(rng, 40)
        town = Town(tmp_path / str(seed))
        settle(town, world, world.whose)
        waiting = sorted(world.events, key=lambda event: event["ingested_at"])
        # The last is a day's: so few that somebody is left alone by it.
        cuts = [*sorted(rng.sample(range(len(waiting) // 2, len(waiting) - 20), 2)), len(waiting) - 10]
        parts = [waiting[a:b] for a, b in zip([0, *cuts], [*cuts, len(waiting)], strict=True)]
        for turn, part in enumerate(parts):
            rng.shuffle(part)
            town.happen(part)
            if turn == 3:  # taken apart again
                town.belong(world.whose, part[-1]["ingested_at"])
            if turn == 2:
                town.belong(world.merged, part[-1]["ingested_at"])
                town.con.execute("delete from identity.int_account_members where account_id = 'account-0'")
            before = town.history() if turn else []
            is_full = town.build(date(2040, 1, 1))
            assert is_full == (turn == 0), "an increment was none, or the first build was one"
            assert town.history() == Replay(town).history(), f"{seed}: after batch {turn}"
            if turn:
                assert_restated(town, before, days_of(rng))
        touched = town.con.execute("select count(*) from lifecycle.int_lifecycle__scope").fetchall()[0][0]
        assert touched < len(world.whose), (
            "everybody was computed anew: nothing shows that it was an increment"
        )
        town.happen([])
        gone = town.con.execute("select event_id from contracts.events using sample 1 rows").fetchall()[0][0]
        town.con.execute("delete from contracts.events where event_id = ?", [gone])
        assert not town.build(date(2040, 1, 1)), "what vanished made everybody be computed anew"
        assert town.history() == Replay(town).history()


def test_a_build_that_dies_takes_nothing_of_the_log_with_it(tmp_path: Path) -> None:
    """However often and wherever builds die: the log is that of a town where none did."""
    rng = Random("died")
    world = World(rng, 40)
    town = Town(tmp_path / "town")
    settle(town, world, world.whose)
    waiting = sorted(world.events, key=lambda event: event["ingested_at"])
    half = len(waiting) // 2
    told, today = date(2025, 1, 1), date(2040, 1, 1)
    town.happen(waiting[:half])
    town.build(told)
    town.happen(waiting[half:])
    town.belong(world.merged, waiting[-1]["ingested_at"])
    undisturbed = town.copy(tmp_path / "undisturbed")
    undisturbed.build(today)
    log = "from door.restatements order by all"
    expected = undisturbed.con.execute(log).fetchall()
    assert {row[-1] for row in expected} == {"merge", "news"}
    for deaths in (
        ["int_lifecycle__settled"],
        ["int_lifecycle__history"],
        ["int_lifecycle__history", "int_lifecycle__scope", "int_lifecycle__history"],
        ["int_lifecycle__restated", "int_lifecycle__told"],
    ):
        struck = town.copy(tmp_path / "-".join(deaths))
        for model in deaths:
            struck.die_after(model, today)
        assert struck.build(today), "who died left nothing to go on from"
        assert struck.con.execute(log).fetchall() == expected, f"died after {deaths}"
        assert struck.history() == undisturbed.history()


def assert_restated(town: Town, before: list[tuple], days: list[date]) -> None:
    """What the two builds tell otherwise is in the log, and nothing else is."""
    customers = {row[0] for row in before if not row[2]}
    now, logged = town.history(), town.con.execute("from lifecycle.int_lifecycle__restated").fetchall()
    assert logged, "nothing was restated: the test shows nothing"
    for _, customer, axis, day, value_then, value_now, _ in logged:
        assert as_of(before, day).get((customer, axis)) == value_then != value_now
        assert as_of(now, day).get((customer, axis)) == value_now
    told = {(customer, axis) for _, customer, axis, *_ in logged}
    for day in days:
        was, is_now = as_of(before, day), as_of(now, day)
        other = {key for key in was.keys() | is_now.keys() if was.get(key) != is_now.get(key)}
        assert {key for key in other if key[0] in customers} <= told, f"{day}"


def assert_without_gap_or_overlap(rows: list[tuple]) -> None:
    told: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for subject, _, _, axis, value, _, valid_from, valid_to, previous, days, *_ in rows:
        told.setdefault((subject, axis), []).append((valid_from, valid_to, value, previous, days))
    for key, stretches in told.items():
        stretches.sort(key=lambda one: one[0])
        for before, after in pairwise(stretches):
            assert before[1] == after[0] > before[0], f"{key}: {before} {after}"
            assert after[3] == before[2] != after[2], f"{key}: {before} {after}"
            assert after[4] == (after[0] - before[0]).days
        assert stretches[-1][1] is None, f"{key} ends"
