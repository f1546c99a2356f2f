"""PrestaShop from its platform to the contracts: by API and file, beside the truth and Shopify's word for it.

One small warehouse, built once: each mix of ways is an account of its own, and so is each spoilt record. The
made-up company has the same people at both vendors: what the contracts say of them must be the same.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest
import requests
from shopped import Rows, Shops, all_comes
from tape import fetched, module
from ways import client_of, of

from connectors.stream import Page, Since
from simulator.model import Company
from simulator.platforms.prestashop.nodes import newsletter, reference
from simulator.platforms.prestashop.stock import books
from simulator.server import running

pytestmark = pytest.mark.slow

UNTIL = date(2026, 11, 20)
MIXES = ("a", "f", "af")
FILES = {"customers": "customer.csv", "addresses": "request_sql_1.csv", "orders": "request_sql_2.csv"}
STREAMS = {one.name: one for one in module("prestashop").STREAMS}


@pytest.fixture
def company(shops: Shops) -> Company:
    return shops.company


@pytest.fixture
def rows(shops: Shops) -> Rows:
    return shops.rows["prestashop"]


@pytest.fixture
def told(shops: Shops) -> duckdb.DuckDBPyConnection:
    return shops.told


def real(company: Company) -> list:
    return [one for one in company.shop_orders if not one.is_test]


def test_answers_of_any_shape_are_built_or_held_with_a_reason(told):
    """Landed and built with the rest; here only that they were there."""
    spoilt = "platform = 'prestashop' and regexp_matches(profile_id, '^prestashop:[0-9]+:')"
    assert told.execute(f"select count(*) from contracts.profiles where {spoilt}").fetchone()[0] > 0


def test_revenue_is_that_of_the_truth_by_every_way(told, company):
    paid = sum((one.total for one in real(company) if not one.cancelled_at or one.refunds), Decimal(0))
    back = sum((part.amount for one in real(company) for part in one.refunds), Decimal(0))
    sql = "select sum(amount) from contracts.events where platform = 'prestashop' and event_type = ?"
    for mix in MIXES:
        mine = f"{sql} and split_part(profile_id, ':', 2) = '{mix}'"
        assert told.execute(mine, ["order_refunded"]).fetchone() == (back,), mix
        assert told.execute(mine, ["order_paid"]).fetchone() == (paid,), mix


def test_orders_are_told_as_the_other_vendor_tells_them(told, company):
    """But for their names, which each shop makes up."""
    columns = (
        "event_type, occurred_at, amount, currency, details ->> '$.tax', details ->> '$.shipping',"
        " details ->> '$.goods', lower(details ->> '$.codes')"
    )
    kinds = "event_type in ('order_paid', 'order_refunded')"
    ours, theirs = (
        {row[1:] for row in of(told, shop, "a", columns, "contracts.events", kinds)}
        for shop in ("prestashop", "shopify")
    )
    assert len(ours) > 100
    assert ours <= theirs
    names = {row[1] for row in of(told, "prestashop", "a", "details ->> '$.order_name'", "contracts.events",
                                  "event_type = 'order_paid'")}  # fmt: skip
    assert names <= {reference(one.order_id) for one in company.shop_orders}
    called_off = {row[1:] for row in of(told, "prestashop", "a", "occurred_at", "contracts.events",
                                        "event_type = 'order_cancelled'")}  # fmt: skip
    assert called_off == {
        (one.cancelled_at.replace(microsecond=0),) for one in real(company) if one.cancelled_at
    }


def test_everybody_is_there_once_with_their_latest_address(told, company):
    who = "email, phone, first_name, last_name, street, city, postcode, country, created_at"
    people = of(told, "prestashop", "a", who, "contracts.profiles")
    kept = books(company)
    buyers = [*kept.accounts.values(), *(one for one in kept.guests.values() if not one.record.is_test)]
    assert {int(row[0].rpartition(":")[2] or row[0]) for row in people} == {one.number for one in buyers}
    assert not any("psgdpr" in str(row) for row in people)
    assert {row[1].lower().strip() for row in people} == {one.record.email.lower().strip() for one in buyers}
    streets = {(one.first.street, one.first.phone) for one in kept.addresses}
    assert {(row[5], row[2]) for row in people if row[5]} <= streets
    # A cell has no blanks at its ends.
    same = "trim(email, chr(9) || ' '), phone, street, city, country"
    by_file = of(told, "prestashop", "f", same, "contracts.profiles")
    assert by_file == of(told, "prestashop", "a", same, "contracts.profiles")


def test_every_way_and_mix_tells_the_same_orders_and_nobody_twice(told):
    plain = "event_type, amount, currency, details ->> '$.order_name'"
    kinds = "event_type in ('order_paid', 'order_cancelled')"
    found = {mix: of(told, "prestashop", mix, plain, "contracts.events", kinds) for mix in MIXES}
    assert found["a"] == found["f"] == found["af"]
    dated = "event_type, occurred_at, amount"
    found = {mix: of(told, "prestashop", mix, dated, "contracts.events") for mix in ("a", "af")}
    assert found["a"] == found["af"]
    twice = told.execute(
        "select count(*) - count(distinct profile_id) from contracts.profiles"
        " where platform = 'prestashop' and split_part(profile_id, ':', 2) in ('a', 'f', 'af')"
    )
    assert twice.fetchone() == (0,)


def test_a_visitor_who_signed_up_said_yes_and_staff_only_assert(told, company):
    columns = "act, contact_value, occurred_at, wording_text, actor"
    acts = of(told, "prestashop", "a", columns, "contracts.int_platform_acts", "basis = 'consent'")
    now = datetime(2026, 11, 20, 23, tzinfo=UTC)
    since = {
        one.number: newsletter(one.record.consents, now)[1]
        for one in books(company).accounts.values()
        if newsletter(one.record.consents, now)[0]
    }
    assert {int(row[0]) for row in acts} == set(since)
    for key, act, _, at, wording, actor in acts:
        is_visitor = int(key) % 5 != 0
        assert (act, actor) == (("grant", "person") if is_visitor else ("asserted_grant", "source_state"))
        assert at == since[int(key)].replace(microsecond=0)
        assert (wording is not None) == is_visitor


def test_what_changed_since_and_who_is_gone(company, rows):
    """A refund moves no date of its order; a deleted customer leaves a gap and nothing else."""
    with running(company, now=datetime(2026, 10, 1, tzinfo=UTC)) as base_url:
        client = client_of("prestashop", base_url)
        before, _ = fetched(STREAMS["orders"], client, "maison", Since(None))
        requests.post(f"{base_url}/_sim/clock", json={"now": "2026-11-20T23:00:00Z"}, timeout=5)
        held = {row["id"] for row in rows["orders", "a"]}
        since = Since(datetime(2026, 10, 1, tzinfo=UTC), {"": len(held)})
        later, _ = fetched(STREAMS["orders"], client, "maison", since)
        fresh = {row["id"]: row for row in rows["orders", "a"]}
        assert {row["id"]: row for row in before} | {row["id"]: row for row in later} == fresh
        wish = {"platform": "prestashop", "delete_customer": 5}
        requests.post(f"{base_url}/_sim/settings", json=wish, timeout=5)
        since = Since(datetime(2026, 11, 19, tzinfo=UTC), {"": len(rows["customers", "a"])})
        pages = STREAMS["customers"].fetch(client_of("prestashop", base_url), "maison", since)
        gone = [page.rows for page in pages if isinstance(page, Page) and page.op == "delete"]
        assert gone == [[{"id": "5"}]]


@pytest.mark.parametrize("native", [False, True], ids=["text", "numbers"])
def test_at_its_nastiest_all_of_it_comes(company, rows, native):
    keys = {name: {str(row["id"]) for row in rows[name, "a"]} for name in STREAMS}
    all_comes(company, "prestashop", "PRESTASHOP_KEY", keys, native=native)
