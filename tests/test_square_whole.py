"""Square from its platform to the contracts: by API, webhook and file, beside the same shop at Shopify.

The warehouse is the one of shopped.py: what the contracts say of the same people must be the same.
"""

from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest
import requests
from shopped import Rows, Shops, all_comes
from tape import fetched, module
from ways import MIXES, client_of, of

from connectors.stream import Page, Since
from simulator.model import Company
from simulator.platforms.square import push
from simulator.platforms.square.nodes import has_left, name_of
from simulator.server import running

pytestmark = pytest.mark.slow

STREAMS = {one.name: one for one in module("square").STREAMS}
SALES = ("order_paid", "order_refunded")


@pytest.fixture
def company(shops: Shops) -> Company:
    return shops.company


@pytest.fixture
def rows(shops: Shops) -> Rows:
    return shops.rows["square"]


@pytest.fixture
def told(shops: Shops) -> duckdb.DuckDBPyConnection:
    return shops.told


def test_revenue_is_that_of_the_truth_by_every_way(told, company):
    """A file says what came back and not of which sale: where it is alone, nothing came back."""
    real = [one for one in company.shop_orders if not one.is_test]
    paid = sum((one.total for one in real if not one.cancelled_at or one.refunds), Decimal(0))
    back = sum((part.amount for one in real for part in one.refunds), Decimal(0))
    sql = "select sum(amount) from contracts.events where platform = 'square' and event_type = ?"
    for mix in MIXES:
        mine = f"{sql} and split_part(evidence, ':', 2) = '{mix}'"
        assert told.execute(mine, ["order_paid"]).fetchone() == (paid,), mix
        assert told.execute(mine, ["order_refunded"]).fetchone() == (None if mix == "f" else back,), mix


def test_both_vendors_tell_the_same_sales(told):
    """But for shipping, which has no field of its own there, and codes, which Square keeps to itself."""
    columns = (
        "event_type, occurred_at, amount, currency, details ->> '$.order_name', details ->> '$.tax',"
        " details ->> '$.goods'"
    )
    kinds = f"event_type in {SALES}"
    ours, theirs = (
        {row[1:] for row in of(told, shop, "a", columns, "contracts.events", kinds)}
        for shop in ("square", "shopify")
    )
    assert len(ours) > 100
    assert ours == theirs


def test_people_and_guests_are_those_of_the_other_vendor(told):
    who = "object, email, phone, street, city, postcode, country"
    ours = {row[1:] for row in of(told, "square", "a", who, "contracts.profiles")}
    theirs = {row[1:] for row in of(told, "shopify", "a", who, "contracts.profiles")}
    assert ours == theirs
    assert {row[0] for row in ours} == {"customer", "guest_order"}


def test_every_way_and_mix_tells_the_same_orders_and_nobody_twice(told):
    plain = "split_part(evidence, ':', 4), event_type, amount, currency"
    found = {
        mix: of(told, "square", mix, plain, "contracts.events", "event_type = 'order_paid'") for mix in MIXES
    }
    assert all(found[mix] == found["a"] for mix in MIXES if mix != "f")
    # A file has no recipient: who is no profile of the directory is nobody there.
    assert found["f"] <= found["a"]
    twice = told.execute(
        "select count(*) - count(distinct profile_id) from contracts.profiles"
        " where platform = 'square' and split_part(profile_id, ':', 2) in $mixes",
        {"mixes": MIXES},
    )
    assert twice.fetchone() == (0,)


def test_who_left_said_no_and_nobody_said_yes(told, company):
    now = datetime(2026, 11, 20, 23, tzinfo=UTC)
    left = {
        name_of("customer", one.customer_id) for one in company.shop_customers if has_left(one.consents, now)
    }
    acts = of(told, "square", "a", "act, channel", "contracts.int_platform_acts", "basis = 'consent'")
    assert acts == {(key, "asserted_optout", "email") for key in left}
    assert left


def test_answers_of_any_shape_are_built_or_held_with_a_reason(told):
    """Landed and built with the rest; here only that they were there."""
    spoilt = "platform = 'square' and regexp_matches(profile_id, '^square:[0-9]+:')"
    assert told.execute(f"select count(*) from contracts.profiles where {spoilt}").fetchone()[0] > 0


def test_what_changed_since_and_who_became_whom(company, rows):
    """A refund moves no date of its order; of a merge the webhook tells, and the API shows what is left."""
    with running(company, now=datetime(2026, 10, 1, tzinfo=UTC)) as base_url:
        client = client_of("square", base_url)
        before, _ = fetched(STREAMS["orders"], client, "maison", Since(None))
        requests.post(f"{base_url}/_sim/clock", json={"now": "2026-11-20T23:00:00Z"}, timeout=5)
        later, _ = fetched(STREAMS["orders"], client, "maison", Since(datetime(2026, 10, 1, tzinfo=UTC)))
        fresh = {row["id"]: row for row in rows["orders", "a"]}
        assert {row["id"]: row for row in before} | {row["id"]: row for row in later} == fresh
        first, second = (row["id"] for row in rows["customers", "a"][:2])
        wish = {"platform": "square", "merge": [first, second]}
        requests.post(f"{base_url}/_sim/settings", json=wish, timeout=5).raise_for_status()
        since = Since(datetime(2026, 11, 20, tzinfo=UTC), {"": len(rows["customers", "a"])})
        [made] = [
            row
            for page in STREAMS["customers"].fetch(client, "maison", since)
            if isinstance(page, Page)
            for row in page.rows
            if row["creation_source"] == "MERGE"
        ]
        receive = module("square").WEBHOOK.receive
        [hook] = receive(push.delivery(push.merge((first, second), made))[1], client)
        assert (hook.stream, hook.op, hook.rows) == (
            "customers",
            "upsert",
            [made | {"merged_from": [first, second]}],
        )
        [hook] = receive(push.delivery(push.event("customer.deleted", first, {}))[1], client)
        assert (hook.op, hook.rows) == ("delete", [{"id": first}])


def test_at_its_nastiest_all_of_it_comes(company, rows):
    keys = {name: {row["id"] for row in rows[name, "a"]} for name in STREAMS}
    all_comes(company, "square", "SQUARE_TOKEN", keys)
