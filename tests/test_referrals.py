"""Who sent whom, and whether it counts: worked cases, and random ones against a plain reading in Python."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from value_harness import People, day

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world() -> People:
    return People("int_referral_mentions", "int_referral_claims", "int_referrals", "referrals")


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
    for table in ("identity.int_customer_profiles", "lifecycle.int_customer_events"):
        people.con.execute(f"update {table} set customer_id = 'odile' where customer_id = 'bruno'")
    people.con.execute(
        "update lifecycle.int_valid_orders set customer_id = 'odile' where customer_id = 'bruno'"
    )
    assert statuses(people) == {("odile", "odile"): "self", ("odile", "carl"): "converted"}


def test_an_erased_referrer_leaves_no_line_and_the_friend_their_orders(people: People) -> None:
    known(people, "odile", "bruno")
    people.sent("odile", "bruno", 1, code="AMI")
    people.order("bruno", 2, "B", codes=["AMI"])
    people.con.execute("delete from identity.int_customer_profiles where customer_id = 'odile'")
    people.con.execute("delete from lifecycle.int_customer_events where customer_id = 'odile'")
    assert statuses(people) == {}
    assert people.ask("select sum(net_converted) from marts.orders where customer_id = 'bruno'") == [(100,)]


NAMES = "abcde"
CLAIMS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(1, 30)), max_size=12)
# First order of each, and after how many days it was undone.
ORDERS = st.dictionaries(
    st.sampled_from(NAMES),
    st.tuples(st.integers(1, 40), st.none() | st.integers(1, 60)),
    max_size=len(NAMES),
)


@settings(
    max_examples=35,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(claims=CLAIMS, orders=ORDERS)
def test_any_graph_is_judged_as_a_plain_reading_does(
    people: People, claims: list[tuple[str, str, int]], orders: dict[str, tuple[int, int | None]]
) -> None:
    people.forget()
    known(people, *NAMES)
    events = [(people.sent(who, whom, on), who, whom, on) for who, whom, on in claims]
    for who, (on, kept) in orders.items():
        people.order(who, on, f"O{who}", undone=None if kept is None else on + kept)
    found = statuses(people)
    assert found == plainly(events, orders)
    parents = {whom: who for (who, whom), status in found.items() if status in ("converted", "undone")}
    for start in parents:
        above, seen = start, set()
        while above in parents:
            assert above not in seen, "a ring is left"
            seen.add(above)
            above = parents[above]


def plainly(
    events: list[tuple[str, str, str, int]], orders: dict[str, tuple[int, int | None]]
) -> dict[tuple[str, str], str]:
    """The rules, one claim after the other."""

    def judged(who: str, whom: str, on: int) -> str:
        if who == whom:
            return "self"
        if whom not in orders:
            return "waiting"
        bought, kept = orders[whom]
        if bought < on:
            return "bought_before"
        return "undone" if kept is not None and kept <= 30 else "converted"

    best: dict[tuple[str, str], tuple[str, int, str]] = {}
    for event_id, who, whom, on in sorted(events, key=lambda event: (event[3], event[0])):
        status = judged(who, whom, on)
        counts = status in ("converted", "undone")
        held = best.get((who, whom))
        if held is None or (counts and held[0] not in ("converted", "undone")):
            best[who, whom] = (status, on, event_id)
    first: dict[str, tuple[int, str, str]] = {}
    for (who, whom), (status, on, event_id) in best.items():
        if status in ("converted", "undone"):
            first[whom] = min(first.get(whom, (on, event_id, who)), (on, event_id, who))
    parents = {whom: won[2] for whom, won in first.items()}
    found = {pair: status for pair, (status, _, _) in best.items()}
    for who, whom in found:
        if found[who, whom] in ("converted", "undone") and parents[whom] != who:
            found[who, whom] = "won_by_another"
    for ring in _rings(parents):
        last = max(ring, key=lambda whom: (max(orders[whom][0], first[whom][0]), first[whom][1]))
        found[parents[last], last] = "loop"
    return found


def _rings(parents: dict[str, str]) -> set[frozenset[str]]:
    rings = set()
    for start in parents:
        walked, at = [start], parents[start]
        while at in parents and at not in walked:
            walked.append(at)
            at = parents[at]
        if at == start:
            rings.add(frozenset(walked))
    return rings
