"""Two people bridged and parted again, from raw rows to marts: numbers, orders, permissions come back.

test_identity_numbers has more of what may happen to a number; here the whole project is built after each day.
That a rebuild then says the same in every table is tests/whole/test_rebuild.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import identity_harness as harness
import pytest
import stories

from connectors.erasing import StandIns
from connectors.shopify.erase import ledger_row
from pipelines import raw

pytestmark = pytest.mark.slow

SHOP = "vie"
# Two stories side by side, one build for both: whose bridge is corrected, and whose is erased.
STORIES = ("corrected", "erased")
NAMES = {"corrected": "Nora", "erased": "Ulysse"}
MAILS = {story: f"{name.lower()}.vie@poste.example" for story, name in NAMES.items()}
PHONES = {"corrected": "06 39 98 66 01", "erased": "06 39 98 77 35"}


def first_days(story: str) -> list[tuple[str, str, int, dict]]:
    """Record, key, the day it first came, what it says: two people, each with an order and a will."""
    name, mail, phone, tens = NAMES[story], MAILS[story], PHONES[story], STORIES.index(story) + 1
    return [
        ("meta lead", f"{tens}1", 1, {"full_name": name, "email": mail, "ticked": "news", "country": "FR"}),
        ("shop order", f"{tens}2", 2, {"first_name": name, "email": mail, "total": "40.00"}),
        ("shop order", f"{tens}3", 3, {"first_name": name, "phone": phone, "total": "60.00"}),
        ("typeform response", f"{tens}4", 4, {"first_name": name, "phone_number": phone, "newsletter": "no"}),
    ]


def bridge(story: str) -> tuple[str, str]:
    return "typeform response", f"{STORIES.index(story) + 1}9"


# Somebody else, of whom the sums alone stay in the end.
FORGOTTEN = ("shop order", "92", 2, {"first_name": "Zoé", "email": "zoe.vie@poste.example", "total": "80.00"})


@dataclass(frozen=True)
class State:
    """What the marts said on a day."""

    numbers: dict[str, str]
    orders: dict[str, str]
    totals: dict[str, str]
    permissions: dict[str, set[tuple]]
    crosswalk: dict[str, str | None]
    stages: dict[str, str]
    months: list[tuple]

    def without(self, number: str) -> "State":
        """But for that one person, and for what is nobody's."""
        fewer = {
            name: {k: v for k, v in found.items() if number not in (k, v) and v is not None}
            for name, found in vars(self).items()
            if isinstance(found, dict)
        }
        return replace(self, **fewer)


class Town:
    def __init__(self, folder: Path) -> None:
        self.warehouse = harness.Warehouse(folder)
        # The whole project makes it itself, of raw.
        self.warehouse.con.execute("drop table contracts.profiles")
        raw.ensure(self.warehouse.con)
        self.states: dict[str, State] = {}

    def land(self, record: str, key: str, came: int, said: dict, day: int) -> None:
        """A version of a record that first came on day `came`."""
        stream, _, make = stories.RECORDS[record]
        at = f"{harness.moment(day).isoformat()[:19]}Z"
        made = make(key, f"{harness.moment(came).isoformat()[:19]}Z", dict(said))
        values = list(stories.raw_row(SHOP, key, made, at, {}))
        names = [name for name, *_ in self.warehouse.rows(f"describe raw_{stream}")]
        values[names.index("_first_seen_at")] = harness.moment(came)
        self.warehouse.con.execute(
            f"insert into raw_{stream} values ({', '.join('?' * len(values))})", values
        )

    def erase(self, record: str, key: str) -> None:
        stream = stories.RECORDS[record][0]
        self.warehouse.con.execute(f"delete from raw_{stream} where _key = ?", [key])

    def forget(self, record: str, key: str) -> None:
        """The order as an erasure leaves it."""
        stream, day, number = f"raw_{stories.RECORDS[record][0]}", harness.moment(9), "9" * 19
        where = f"from {stream} where _key = ?"
        [(payload,)] = self.warehouse.con.execute(f"select payload::varchar {where}", [key]).fetchall()
        left = ledger_row(json.loads(payload), number, StandIns(lambda text: number, lambda at: at))
        self.warehouse.con.execute(
            f"update {stream} set _key = ?, payload = ?, _ingested_at = ? where _key = ?",
            [number, json.dumps(left), day, key],
        )

    def build(self, name: str) -> None:
        self.warehouse.con.close()
        harness.dbt(self.warehouse.file, ["build", "--resource-type", "model"], 60)
        self.warehouse.reopen()
        self.states[name] = self.state()

    def state(self) -> State:
        rows = self.warehouse.rows
        permissions: dict[str, set[tuple]] = {}
        for customer, *rest in rows(
            "select customer_id, channel, purpose, contact_value, is_allowed, reason"
            " from marts.customer_permissions"
        ):
            permissions.setdefault(customer, set()).add(tuple(rest))
        return State(
            dict(rows("select profile_id, customer_id from marts.customer_profiles")),
            dict(rows("select order_id, customer_id from marts.orders")),
            dict(rows("select customer_id, net_revenue_total::varchar from marts.customers")),
            permissions,
            dict(rows("select customer_number, customer_id from marts.customer_crosswalk")),
            dict(rows("select customer_id, stage from marts.customers")),
            rows(
                "select date_trunc('month', order_date), sum(gross), sum(net) from marts.orders"
                " group by all order by all"
            ),
        )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("town"))
    for story in STORIES:
        for record, key, came, said in first_days(story):
            town.land(record, key, came, said, came)
    record, key, came, said = FORGOTTEN
    town.land(record, key, came, said, came)
    town.build("begun")
    for story in STORIES:
        both = {"first_name": NAMES[story], "email": MAILS[story], "phone_number": PHONES[story]}
        town.land(*bridge(story), 5, both, 5)
    town.build("bridged")
    town.land(*bridge("corrected"), 5, {"first_name": "Nora", "email": "nora.autre@poste.example"}, 6)
    town.erase(*bridge("erased"))
    town.forget(*FORGOTTEN[:2])
    town.build("parted")
    assert town.warehouse.rows("select is_full from contracts.int_settled") == [(False,)]
    yield town
    town.warehouse.close()


@pytest.mark.parametrize("story", STORIES)
def test_two_people_become_one_with_all_orders_under_the_older_number(town: Town, story: str) -> None:
    begun, bridged = town.states["begun"], town.states["bridged"]
    profiles = [stories.profile(SHOP, f"{record} {key}") for record, key, *_ in first_days(story)]
    before = {begun.numbers[profile] for profile in profiles}
    assert {begun.totals[number] for number in before} == {"40.00", "60.00"}
    older = begun.numbers[profiles[0]]
    assert {bridged.numbers[profile] for profile in profiles} == {older}
    assert bridged.totals[older] == "100.00"
    assert {bridged.crosswalk[number] for number in before} == {older}
    assert len([order for order, number in bridged.orders.items() if number == older]) == 2


def test_both_are_back_with_numbers_orders_and_permissions(town: Town) -> None:
    gone = town.states["begun"].numbers[stories.profile(SHOP, " ".join(FORGOTTEN[:2]))]
    begun, after = town.states["begun"].without(gone), town.states["parted"].without(gone)
    assert len(begun.totals) == 2 * len(STORIES)
    assert begun.permissions.keys() == begun.totals.keys()
    assert town.states["bridged"].without(gone).permissions.keys() < begun.permissions.keys()
    assert {profile: after.numbers[profile] for profile in begun.numbers} == begun.numbers
    assert after.orders == begun.orders
    assert {number: after.totals[number] for number in begun.totals} == begun.totals
    assert {number: after.permissions.get(number) for number in begun.permissions} == begun.permissions


@pytest.mark.parametrize("event", ["begun", "bridged", "parted"])
def test_every_number_resolves(town: Town, event: str) -> None:
    """To somebody who is there; that of a record that was erased, to nobody."""
    state = town.states[event]
    assert set(state.numbers.values()) <= set(state.crosswalk)
    assert {customer for customer in state.crosswalk.values() if customer} == set(state.totals)


def test_a_merge_a_split_and_an_erasure_compute_stages_anew_and_move_no_months_revenue(town: Town) -> None:
    begun, bridged, after = (town.states[name] for name in ("begun", "bridged", "parted"))
    two = [stories.profile(SHOP, f"{record} {key}") for record, key, *_ in first_days("corrected")]
    nora, other = begun.numbers[two[0]], begun.numbers[two[2]]
    assert {begun.stages[nora], begun.stages[other]} == {"first_time_customer"}
    assert bridged.stages[nora] == "repeat_customer" and other not in bridged.stages
    assert (after.stages[nora], after.stages[other]) == ("first_time_customer", "first_time_customer")
    gone = begun.numbers[stories.profile(SHOP, " ".join(FORGOTTEN[:2]))]
    assert begun.stages[gone] == "first_time_customer"
    assert begun.stages.keys() - after.stages.keys() == {gone}
    assert begun.months == bridged.months == after.months
