"""What holds whatever arrives, and in whatever order: random companies, lived day by day, the real models.

`--examples N` plays N more of them; `make proofs` does. Each holds several small worlds, so that one build
proves much; a failure names its world by the account of the profiles.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from identity_harness import Warehouse, partition
from identity_worlds import World

pytestmark = pytest.mark.slow

WORLDS, DAYS = 8, 5
# A crowd begins at four in one company and is far away in another.
CAPS = (3, 5, 60)


@pytest.fixture(scope="session")
def examples(request: pytest.FixtureRequest) -> int:
    return request.config.getoption("--examples")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A fresh folder for each name, whatever an earlier example left there."""

    def fresh(name: str) -> Path:
        shutil.rmtree(tmp_path / name, ignore_errors=True)
        return tmp_path / name

    yield fresh


def check_invariants(warehouse: Warehouse, judged: dict[tuple[str, str], str]) -> None:
    """Every profile is somebody, once; a group wears a member's own number; a person's word holds."""
    numbers, own = warehouse.numbers(), warehouse.own_numbers()
    ages = {
        p: (seen, p) for p, seen in warehouse.rows("select profile_id, first_seen_at from contracts.profiles")
    }
    for group in partition(numbers):
        assert {numbers[p] for p in group} == {own[min(group, key=ages.__getitem__)]}, (
            "not the oldest's number"
        )
    there = {pair: verdict for pair, verdict in judged.items() if set(pair) <= set(numbers)}
    for (left, right), verdict in there.items():
        if verdict == "apart":
            assert numbers[left] != numbers[right], f"judged apart, and one: {left}, {right}"
    apart = {pair for pair, verdict in there.items() if verdict == "apart"}
    for (left, right), verdict in there.items():
        if verdict == "together" and not _contested(left, right, numbers, apart):
            assert numbers[left] == numbers[right], f"judged one, and two: {left}, {right}"


def _contested(left: str, right: str, numbers: dict[str, str], apart: set[tuple[str, str]]) -> bool:
    """Whether another judgement says that two of those who would come together are two."""
    ones = {p for p, number in numbers.items() if number == numbers[left]}
    others = {p for p, number in numbers.items() if number == numbers[right]}
    return any({a, b} & ones and {a, b} & others for a, b in apart)


def check_equal(increment: Warehouse, full: Warehouse) -> None:
    """Not the numbers alone: all that the next increment stands on."""
    assert increment.numbers() == full.numbers()
    for query in (
        "select left_n, right_n, round(weight, 6), match_rules::varchar from identity.int_identity__weighed",
        "select value_id, standing from identity.int_identity__standings where standing is not null",
        "from identity.int_profile_features",
        "select n, founder_n from identity.int_customer_profiles",
    ):
        found, expected = (set(map(repr, warehouse.rows(query))) for warehouse in (increment, full))
        assert found == expected, (query, sorted(found - expected)[:3], sorted(expected - found)[:3])


def live(rng: Random, folder: Callable[[str], Path], days: int) -> None:
    warehouse = Warehouse(folder("lived"), most_per_key=rng.choice(CAPS))
    worlds = [World(rng, number) for number in range(WORLDS)]
    for day in range(1, days + 1):
        for world in worlds:
            world.step(warehouse, day)
        assert warehouse.build() == (day == 1), "an increment was expected, or none"
        check_invariants(warehouse, {pair: said for world in worlds for pair, said in world.judged.items()})
        if day == 1:
            continue  # a build from scratch itself
        anew = warehouse.copy(folder("anew"))
        assert anew.build()
        check_equal(warehouse, anew)
        anew.close()
    warehouse.close()


def test_an_increment_equals_a_build_from_scratch(folder: Callable[[str], Path], examples: int) -> None:
    """After additions, corrections, erasures, returns and judgements, values crossing the cap both ways."""

    @settings(
        max_examples=max(examples, 1),
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(rng=st.randoms(use_true_random=False))
    def lived(rng: Random) -> None:
        live(Random(rng.random()), folder, DAYS if examples > 1 else 3)

    lived()


def test_any_order_and_batching_gives_the_same_numbers(folder: Callable[[str], Path], examples: int) -> None:
    """Of the same records with the same first days, and judgements, some before their records came."""
    for seed in range(max(examples, 1)):
        rng = Random(seed)
        worlds = [World(rng, number) for number in range(WORLDS)]
        records = {
            f"files:{world.number}:lead:{i}": world.said(i)
            for world in worlds
            for i in range(rng.randint(8, 20))
        }
        names = sorted(records)
        judged = []
        for world in worlds:
            own = [name for name in names if name.split(":")[1] == str(world.number)]
            one, other, third, fourth = rng.sample(own, 4)
            judged += [(one, other, "together"), (third, fourth, "apart")]
        cap, outcomes = rng.choice(CAPS), []
        for batches in (1, 3 if examples > 1 else 2):
            warehouse = Warehouse(folder(f"in{batches}"), most_per_key=cap)
            order = rng.sample(names, len(names))
            for batch in range(batches):
                for left, right, verdict in judged[batch::batches]:
                    warehouse.judge(left, right, verdict, batch + 1)
                warehouse.land({name: records[name] for name in order[batch::batches]}, batch + 1)
                warehouse.build()
            outcomes.append(warehouse.numbers())
            warehouse.close()
        assert outcomes[0] == outcomes[1]


def test_a_change_decides_for_others_too(folder: Callable[[str], Path]) -> None:
    """Who left or came is not all that has to be looked at again."""
    warehouse = Warehouse(folder("others"), most_per_key=3)
    crowd = {f"meta:crowd:lead:{i}": {"email": "lou.foule@poste.example", "seen": i} for i in range(6)}
    shop, tool = "shopify:one:customer:1", "brevo:one:contact:1"
    named = {name: {"platform_id": "shopify:customer:1", "seen": 1} for name in (shop, tool)}
    warehouse.land(crowd | named, 7)
    warehouse.build()
    assert partition(warehouse.numbers()) == {frozenset(crowd), frozenset(named)}
    # The oldest of the crowd held the rest together; a second shop has a customer 1 too.
    warehouse.lose(["meta:crowd:lead:0"])
    warehouse.land({"shopify:two:customer:1": {"platform_id": "shopify:customer:1"}}, 8)
    assert not warehouse.build()
    alone = [{name} for name in (shop, tool, "shopify:two:customer:1")]
    rest = set(crowd) - {"meta:crowd:lead:0"}
    assert partition(warehouse.numbers()) == {frozenset(group) for group in [rest, *alone]}
    warehouse.close()
