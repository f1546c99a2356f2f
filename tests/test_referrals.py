"""Who sent whom, and whether it counts: worked cases, and random ones against a plain reading in Python."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from referral_oracle import COUNTED, Carried, Graph, Order, Told, rings
from value_harness import People, day

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world() -> People:
    return People("int_referral_mentions", "int_referrals", "referrals")


@pytest.fixture
def people(world: People) -> Iterator[People]:
    world.forget()
    yield world


def statuses(people: People) -> dict[tuple[str, str], str]:
    found = people.ask("select referrer_customer_id, referee_customer_id, status from marts.referrals")
    assert len(found) == len({row[:2] for row in found}), "a pair is there twice"
    return {(who, whom): status for who, whom, status in found}


def known(people: People, *names: str) -> None:
    for name in names:
        people.person(name, emails=(f"{name}@poste.example",))


def test_a_friend_of_another_home_who_buys_for_the_first_time_counts(people: People) -> None:
    known(people, "odile", "bruno", "carl", "dora")
    people.order("odile", 1, "A")
    people.sent("odile", "bruno", 10)
    people.order("bruno", 12, "B")
    people.sent("odile", "carl", 10)
    people.order("dora", 5, "D")
    people.sent("odile", "dora", 10)
    assert statuses(people) == {
        ("odile", "bruno"): "converted",
        ("odile", "carl"): "waiting",
        ("odile", "dora"): "bought_before",
    }


def test_nobody_sends_themselves_their_own_home_or_their_other_mailbox(people: People) -> None:
    people.person("odile", emails=("odile@poste.example",))
    people.person("paul", emails=("odile@poste.example", "paul@poste.example"))
    people.person("rosa", household="h")
    people.person("remi", household="h")
    for number, (who, whom) in enumerate((("odile", "odile"), ("odile", "paul"), ("rosa", "remi"))):
        people.sent(who, whom, 1)
        people.order(whom, 2, f"O{number}")
    assert statuses(people) == {
        ("odile", "odile"): "self",
        ("odile", "paul"): "same_home",
        ("rosa", "remi"): "same_home",
    }


@pytest.mark.parametrize(("undone", "status"), [(32, "undone"), (33, "converted"), (None, "converted")])
def test_an_order_undone_within_thirty_days_of_it_brought_nobody(
    people: People, undone: int | None, status: str
) -> None:
    known(people, "odile", "bruno")
    people.sent("odile", "bruno", 1)
    people.order("bruno", 2, "B", undone=undone)
    assert statuses(people) == {("odile", "bruno"): status}


def test_an_order_undone_gives_way_to_the_next(people: People) -> None:
    known(people, "odile", "bruno")
    people.sent("odile", "bruno", 1)
    people.order("bruno", 2, "B", undone=5)
    people.order("bruno", 9, "C")
    assert people.ask("select status, order_id, converted_on from marts.referrals") == [
        ("converted", "C", day(9))
    ]


def test_codes_links_and_answers_say_who_sent_them(people: People) -> None:
    known(people, "odile", "file", "code", "link", "said", "wrote", "none", "shared")
    people.sent("odile", "file", 1, code="AMI-ODILE")
    people.order("file", 3, "F", codes=["ami-odile"])
    people.order("code", 3, "C", codes=["WELCOME10", " ami-odile "])
    people.order("link", 3, "L", codes=[], link_code="AMI-ODILE")
    people.event("said", "form_answered", 2, said="Ami-Odile")
    people.order("said", 3, "S", codes=[])
    people.event("wrote", "lead_created", 2, said="Odile@poste.example ")
    people.order("wrote", 3, "W", codes=None)
    people.event("none", "form_answered", 2, said="Odile")
    people.order("none", 3, "N", codes=["WELCOME10"])
    found = people.ask("select referee_customer_id, via, status from marts.referrals order by all")
    assert found == [
        ("code", "code", "converted"),
        ("file", "file", "converted"),
        ("link", "link", "converted"),
        ("said", "answer", "converted"),
        ("wrote", "answer", "converted"),
    ]


def test_a_code_on_a_later_order_won_nobody(people: People) -> None:
    known(people, "odile", "bruno", "carl")
    people.sent("odile", "carl", 1, code="AMI")
    people.order("bruno", 2, "B1", codes=[])
    people.order("bruno", 9, "B2", codes=["AMI"])
    assert statuses(people)["odile", "bruno"] == "bought_before"


def test_a_code_two_people_gave_away_is_a_campaigns(people: People) -> None:
    known(people, "odile", "paul", "bruno", "carl", "dora")
    people.sent("odile", "bruno", 1, code="NOEL")
    people.sent("paul", "carl", 1, code="noel")
    people.order("dora", 3, "D", codes=["NOEL"])
    assert ("odile", "dora") not in statuses(people)
    assert ("paul", "dora") not in statuses(people)


def test_a_person_is_won_once(people: People) -> None:
    known(people, "odile", "paul", "bruno")
    people.sent("paul", "bruno", 2)
    people.sent("odile", "bruno", 1)
    people.order("bruno", 5, "B")
    assert statuses(people) == {("odile", "bruno"): "converted", ("paul", "bruno"): "won_by_another"}


def test_what_closes_a_ring_counts_for_nobody(people: People) -> None:
    known(people, "a", "b", "c", "outside")
    people.sent("a", "b", 1)
    people.order("b", 2, "B")
    people.sent("b", "c", 3)
    people.order("c", 4, "C")
    people.sent("c", "a", 5)
    people.order("a", 6, "A")
    people.sent("c", "outside", 7)
    people.order("outside", 8, "O")
    assert statuses(people) == {
        ("a", "b"): "converted",
        ("b", "c"): "converted",
        ("c", "a"): "loop",
        ("c", "outside"): "converted",
    }
    chain = people.ask(
        "select referee_customer_id, origin_customer_id, position_in_chain, net_revenue from marts.referrals"
        " where status = 'converted' order by all"
    )
    assert chain == [("b", "a", 1, 100), ("c", "a", 2, 100), ("outside", "a", 3, 100)]


def test_two_who_turn_out_to_be_one_sent_nobody(people: People) -> None:
    known(people, "odile", "bruno", "carl")
    people.sent("odile", "bruno", 1)
    people.order("bruno", 2, "B")
    people.sent("bruno", "carl", 3)
    people.order("carl", 4, "C")
    assert statuses(people)["odile", "bruno"] == "converted"
    # The merge, as identity tells it afterwards: bruno's records are odile's.
    for table in ("identity.int_customer_profiles", "lifecycle.int_valid_orders"):
        people.con.execute(f"update {table} set customer_id = 'odile' where customer_id = 'bruno'")
    assert statuses(people) == {("odile", "odile"): "self", ("odile", "carl"): "converted"}


def test_an_erased_referrer_leaves_no_line_and_the_friend_their_orders(people: People) -> None:
    known(people, "odile", "bruno")
    people.sent("odile", "bruno", 1, code="AMI")
    people.order("bruno", 2, "B", codes=["AMI"])
    people.con.execute("delete from identity.int_customer_profiles where customer_id = 'odile'")
    people.con.execute("delete from contracts.events where profile_id = 'odile'")
    assert statuses(people) == {}
    assert people.ask("select sum(net_converted) from marts.orders where customer_id = 'bruno'") == [(100,)]


def test_on_a_past_day_it_counted_and_was_undone_later(people: People) -> None:
    known(people, "odile", "bruno")
    people.sent("odile", "bruno", 1)
    people.order("bruno", 2, "B", undone=5)
    people.order("bruno", 9, "C")
    found = []
    for number in (1, 2, 5, 9):
        people.on(number)
        found += people.ask("select status, order_id, converted_on, undone_on from marts.referrals")
    people.on(1000)
    assert found == [
        ("waiting", None, None, None),
        ("converted", "B", day(2), None),
        ("undone", "B", day(2), day(5)),
        ("converted", "C", day(9), None),
    ]


def test_whose_a_code_is_counts_from_the_day_it_was_told(people: People) -> None:
    known(people, "odile", "bruno", "carl", "paul", "dora")
    people.order("bruno", 2, "B", codes=["AMI"])
    people.sent("odile", "carl", 4, code="AMI")
    people.sent("paul", "dora", 9, code="AMI")
    rows = people.ask(
        "select status, valid_from, valid_to from lifecycle.int_referrals where referee_id = 'bruno'"
    )
    assert rows == [("converted", day(4), day(9))]


NAMES = "abcde"
DAYS = st.integers(1, 30)
CLAIMS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(NAMES),
        DAYS,
        st.sampled_from((None, None, "X", "Y")),
        st.sampled_from((None, None, "O0", "O1")),
    ),
    max_size=10,
)
# Who bought when, after how many days it was undone, and with which code.
ORDERS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.integers(1, 40),
        st.none() | st.integers(1, 60),
        st.sampled_from((None, None, "X", "Y")),
    ),
    max_size=8,
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(claims=CLAIMS, orders=ORDERS)
def test_any_graph_is_judged_on_any_day_as_a_plain_reading_does(
    people: People,
    claims: list[tuple[str, str, int, str | None, str | None]],
    orders: list[tuple[str, int, int | None, str | None]],
) -> None:
    people.forget()
    known(people, *NAMES)
    told = [
        Told(people.sent(who, whom, on, order, code), who, whom, day(on), code, order)
        for who, whom, on, code, order in claims
    ]
    carried, placed = [], []
    for number, (who, on, kept, code) in enumerate(sorted(orders, key=lambda order: order[1])):
        # Two of a shop's names, so that some orders share one.
        name, undone = f"O{number % 2}", None if kept is None else on + kept
        use = people.order(who, on, f"id{number}", said=name, undone=undone, codes=[code] if code else [])
        placed.append(Order(f"id{number}", who, day(on), None if undone is None else day(undone), name))
        if code:
            carried.append(Carried(use, who, day(on), (code,), f"id{number}"))
    graph = Graph(told, carried, placed)
    rows = people.ask(
        "select referrer_id, referee_id, status, order_id, valid_from, valid_to from lifecycle.int_referrals"
    )
    for number in range(110):
        on = day(number)
        found = [row for row in rows if row[4] <= on and (row[5] is None or on < row[5])]
        assert len(found) == len({row[:2] for row in found}), "a pair is there twice"
        assert {row[:2]: (row[2:4], row[4]) for row in found} == graph.since(on), f"day {number}"
        parents = {row[1]: row[0] for row in found if row[2] in COUNTED}
        assert not rings(parents), "a ring is left"
