"""Six traps, and what may happen to a number: the real models over small warehouses, build after build.

tests/scenarios plays such traps from raw rows (chain_of_eight, phone_in_five_spellings, gmail_dots_and_tags,
placeholders_join_nobody, household_on_one_landline); here is what they cannot show: lengths, dozens, time.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from identity_harness import Warehouse, partition

pytestmark = pytest.mark.slow

LONG = 5_000
STRANGERS = (
    "Abel",
    "Berthe",
    "Cyr",
    "Dora",
    "Elie",
    "Flore",
    "Guy",
    "Huguette",
    "Igor",
    "Jade",
    "Karl",
    "Lola",
)


def chain(length: int, domain: str, prefix: str, **said: str) -> dict[str, dict]:
    """Each record shares an address with the one before or a number with the next, and nothing else."""
    records = {}
    for i in range(length):
        # A mailbox name of its own too, for it would count at another provider.
        mailbox = f"{domain[:4]}{i // 2 * 7919:09}@{domain}"
        number = f"{prefix}{(i + 1) // 2 * 3:04}"
        records[f"files:{domain}:lead:{i}"] = {"email": mailbox, "phone": number, **said}
    return records


# Trap: its records, and how many people they are.
TRAPS: dict[str, tuple[dict[str, dict], int]] = {
    "a chain of eight of one name": (
        chain(8, "huit.example", "+33 2 61 91 ", first_name="Ines", last_name="Chaine"),
        1,
    ),
    "a chain of eight of a first name": (
        chain(8, "prenom.example", "+33 3 53 01 ", first_name="Nils"),
        1,
    ),
    "a chain of five thousand": (
        chain(LONG, "longue.example", "+33 6 39 98 ", first_name="Maya", last_name="Longue"),
        1,
    ),
    "case and spaces": (
        {
            "meta:casse:lead:1": {"email": " Zelie.CASSE@Poste.Example ", "full_name": "ZELIE  CASSE"},
            "meta:casse:lead:2": {"email": "zelie.casse@poste.example", "full_name": "zelie casse "},
        },
        1,
    ),
    "with a country code and without": (
        {
            "meta:code:lead:1": {"phone": "+33 6 39 98 77 01", "first_name": "Ugo"},
            "meta:code:lead:2": {"phone": "06 39 98 77 01", "first_name": "Ugo"},
        },
        1,
    ),
    "twelve strangers with 0000000000": (
        {
            f"meta:zero:lead:{i}": {"phone": "0000000000", "first_name": first}
            for i, first in enumerate(STRANGERS)
        },
        12,
    ),
    "four relatives on one landline": (
        {
            f"meta:fixe:lead:{i}": {"phone": "01 99 00 88 88", "first_name": first, "last_name": "Fixe"}
            for i, first in enumerate(["Agathe", "Bruno", "Clarisse", "Didier"])
        },
        4,
    ),
    "gmail dots and plus": (
        {
            f"meta:points:lead:{i}": {"email": email, "first_name": "Odile"}
            for i, email in enumerate(
                [
                    "odile.points@gmail.example",
                    "OdilePoints+promo@gmail.example",
                    "od.ile.points@googlemail.example",
                ]
            )
        },
        1,
    ),
}


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    warehouse = Warehouse(tmp_path_factory.mktemp("traps"))
    for records, _ in TRAPS.values():
        warehouse.land(records, 1)
    assert warehouse.build()
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_catches_nobody(trapped: Warehouse, trap: str) -> None:
    records, people = TRAPS[trap]
    numbers = trapped.numbers()
    assert len({numbers[profile_id] for profile_id in records}) == people


def test_traps_do_not_know_each_other(trapped: Warehouse) -> None:
    for group in partition(trapped.numbers()):
        assert len({profile_id.split(":")[1] for profile_id in group}) == 1, sorted(group)[:5]


# A name alone would tie two records in a company this small; a first name does not.
NORA = {"first_name": "Nora"}
ONE, OTHER, BRIDGE, EARLIER = (
    "meta:v:lead:7",
    "shopify:v:customer:8",
    "typeform:v:response:9",
    "brevo:v:contact:1",
)
BY_MAIL, BY_PHONE = NORA | {"email": "nora.vie@poste.example"}, NORA | {"phone": "06 39 98 66 01"}
BOTH = BY_MAIL | BY_PHONE


class Life:
    """One warehouse, day after day: what was so after each, and every number ever seen or given."""

    def __init__(self, folder: Path) -> None:
        self.warehouse = Warehouse(folder)
        self.after: dict[str, dict[str, str]] = {}
        self.seen: set[str] = set()
        self.own: set[str] = set()

    def live(self, event: str) -> None:
        self.warehouse.build()
        self.after[event] = self.warehouse.numbers()
        self.seen |= set(self.after[event].values())
        self.own |= set(self.warehouse.own_numbers().values())


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    life = Life(tmp_path_factory.mktemp("life"))
    first_day = {ONE: BY_MAIL | {"seen": 1}, OTHER: BY_PHONE | {"seen": 2}}
    warehouse = life.warehouse
    for event, day, landed, lost in (
        ("begun", 2, first_day, []),
        ("the same again", 3, first_day, []),
        ("a lesser key joins", 4, {EARLIER: BY_MAIL | {"seen": 4}}, []),
        ("bridged", 5, {BRIDGE: BOTH | {"seen": 5}}, []),
        ("corrected", 6, {BRIDGE: NORA | {"seen": 5, "email": "nora.autre@poste.example"}}, []),
        ("bridged again", 7, {BRIDGE: BOTH | {"seen": 5}}, []),
        ("erased", 8, {}, [BRIDGE]),
    ):
        warehouse.land(landed, day)
        warehouse.lose(lost)
        life.live(event)
    for event, day, verdict in (("judged one", 9, "together"), ("withdrawn", 10, "withdrawn")):
        warehouse.judge(ONE, OTHER, verdict, day)
        life.live(event)
    assert not warehouse.rows("select is_full from contracts.int_settled")[0][0], "no increment was proven"
    warehouse.build(full=True)
    life.after["rebuilt"] = warehouse.numbers()
    yield life
    warehouse.close()


def test_the_same_data_again_changes_nothing(life: Life) -> None:
    assert life.after["the same again"] == life.after["begun"]
    own = life.warehouse.own_numbers()
    assert life.after["begun"] == {ONE: own[ONE], OTHER: own[OTHER]}


def test_a_record_with_a_lesser_key_joins_and_the_number_stays(life: Life) -> None:
    before, after = life.after["the same again"], life.after["a lesser key joins"]
    assert EARLIER < ONE
    assert after == before | {EARLIER: before[ONE]}


@pytest.mark.parametrize("event", ["bridged", "bridged again", "judged one"])
def test_two_people_become_one_under_the_older_number(life: Life, event: str) -> None:
    older = life.after["begun"][ONE]
    assert set(life.after[event].values()) == {older}


@pytest.mark.parametrize("event", ["corrected", "erased", "withdrawn"])
def test_both_are_back_under_their_old_numbers(life: Life, event: str) -> None:
    before, after = life.after["a lesser key joins"], life.after[event]
    assert {profile_id: after[profile_id] for profile_id in before} == before


def test_a_rebuild_gives_the_same_numbers(life: Life) -> None:
    assert life.after["rebuilt"] == life.after["withdrawn"]


def test_every_number_ever_seen_is_some_record_s_own(life: Life) -> None:
    """customer_crosswalk has a row for each of those, whatever became of the record."""
    assert life.seen <= life.own


def test_nothing_at_all_can_be_built_again(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    for _ in range(2):
        warehouse.build()
        assert warehouse.numbers() == {}
    warehouse.land({ONE: BY_MAIL}, 1)
    warehouse.build()
    assert set(warehouse.numbers()) == {ONE}
    warehouse.close()
