"""WooCommerce from its platform to the contracts: by API, webhook and file, beside the same shop at Shopify.

The warehouse is the one of shopped.py: what the contracts say of the same people must be the same.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest
import requests
from homes import make_company
from shopped import Shops, all_comes
from tape import fetched, module, since_of
from ways import MIXES, client_of, land, of

from connectors.stream import Since
from pipelines import raw
from pipelines.warehouse_file import warehouse
from simulator.model import Company
from simulator.platforms.woocommerce.nodes import WORDING
from simulator.platforms.woocommerce.push import delivery
from simulator.server import running

pytestmark = pytest.mark.slow

UNTIL = date(2026, 11, 20)


@pytest.fixture
def company(shops: Shops) -> Company:
    return shops.company


@pytest.fixture
def told(shops: Shops) -> duckdb.DuckDBPyConnection:
    return shops.told


def test_both_vendors_tell_the_same_people_and_the_same_story(told):
    who = "object, email, phone, first_name, last_name, street, city, postcode, country, created_at"
    people = of(told, "woocommerce", "a", who, "contracts.profiles")
    assert people == of(told, "shopify", "a", who, "contracts.profiles")
    assert {row[1] for row in people} == {"customer", "guest_order"}
    columns = (
        "event_type, occurred_at, amount, currency, channel, campaign_id, details ->> '$.order_name', "
        "details ->> '$.status', details ->> '$.tax', details ->> '$.shipping', details ->> '$.goods', "
        "lower(details ->> '$.codes'), details ->> '$.link_code'"
    )
    ours, theirs = (of(told, shop, "a", columns, "contracts.events") for shop in ("woocommerce", "shopify"))
    assert ours <= theirs
    # Given back whole and called off besides: an order of WooCommerce is one or the other.
    undone = {row[0] for row in ours if row[1] == "order_refunded"}
    assert {(row[0] in undone, row[1]) for row in theirs - ours} <= {(True, "order_cancelled")}


def test_revenue_is_that_of_the_truth_by_every_way(told, company):
    real = [order for order in company.shop_orders if not order.is_test]
    paid = sum((order.total for order in real if not order.cancelled_at or order.refunds), Decimal(0))
    back = sum((one.amount for order in real for one in order.refunds), Decimal(0))
    sql = "select sum(amount) from contracts.events where platform = 'woocommerce' and event_type = ?"
    for mix in MIXES:
        mine = f"{sql} and split_part(profile_id, ':', 2) = '{mix}'"
        assert told.execute(mine, ["order_refunded"]).fetchone() == (back,), mix
        [sold] = told.execute(mine, ["order_paid"]).fetchone()
        assert sold == paid, mix


def test_every_way_and_mix_tells_the_same_orders_and_nobody_twice(told):
    plain = "event_type, amount, currency, details ->> '$.order_name', lower(details ->> '$.codes')"
    of_orders = "event_type in ('order_paid', 'order_cancelled')"
    found = {mix: of(told, "woocommerce", mix, plain, "contracts.events", of_orders) for mix in MIXES}
    assert all(found[mix] == found["a"] for mix in MIXES)
    # A file tells how much was given back and not when; where others tell it, they are heard.
    dated = "event_type, occurred_at, amount"
    found = {mix: of(told, "woocommerce", mix, dated, "contracts.events") for mix in MIXES if mix != "f"}
    assert all(found[mix] == found["a"] for mix in found)
    rows = told.execute(
        "select split_part(profile_id, ':', 2), count(*) - count(distinct profile_id) from contracts.profiles"
        " where platform = 'woocommerce' and split_part(profile_id, ':', 2) in $mixes group by all",
        {"mixes": MIXES},
    ).fetchall()
    assert dict(rows) == dict.fromkeys(MIXES, 0)


def test_the_report_of_customers_names_the_addresses_of_the_api(told):
    of_accounts = "object = 'customer'"
    mails = {mix: {row[1] for row in of(told, "woocommerce", mix, "email", "contracts.profiles", of_accounts)}
             for mix in ("a", "f")}  # fmt: skip
    guests = {
        row[1] for row in of(told, "woocommerce", "a", "email", "contracts.profiles", "object <> 'customer'")
    }
    assert mails["a"] <= mails["f"] <= mails["a"] | guests


def test_a_ticked_box_is_a_yes_with_its_words(told, company):
    columns = "channel, act, contact_value, wording_text, actor, basis"
    acts = of(told, "woocommerce", "a", columns, "contracts.int_platform_acts", "basis = 'consent'")
    now = {
        row.customer_id
        for row in company.shop_customers
        if [one.state for one in row.consents if one.channel == "email"][-1:] == ["subscribed"]
    }
    assert {row[0] for row in acts} == now
    assert {(row[1], row[2], *row[4:]) for row in acts} == {("email", "grant", WORDING, "person", "consent")}


def test_what_is_deleted_there_is_known_and_not_lost(company, tmp_path):
    here = make_company(tmp_path).home
    streams = {stream.name: stream for stream in module("woocommerce").STREAMS}
    binned, gone = company.shop_orders[3].order_id, company.shop_customers[0].customer_id
    with running(company) as base_url, warehouse(here) as con:
        raw.ensure(con)
        client = client_of("woocommerce", base_url)
        rows, _ = fetched(streams["orders"], client, "maison", since_of({}))
        land(here, con, "woocommerce", streams["orders"], "api", {"maison": rows})
        wish = {"platform": "woocommerce", "bin": binned, "delete_customer": gone}
        requests.post(f"{base_url}/_sim/settings", json=wish, timeout=5)
        since = Since(datetime(2020, 1, 1, tzinfo=UTC), {"": len(rows)})
        deleted = [
            row["id"]
            for item in streams["orders"].fetch(client, "maison", since)
            if getattr(item, "op", "") == "delete"
            for row in item.rows
        ]
        assert deleted == [int(binned)]
        body = delivery("customer", "deleted", {"id": int(gone)})[1]
        hooks = list(module("woocommerce").WEBHOOK.receive(body, client))
        assert {(hook.stream, hook.op) for hook in hooks} == {("customers", "delete"), ("orders", "delete")}


def test_at_its_nastiest_all_of_it_comes(company):
    keys = {
        "customers": {one.customer_id for one in company.shop_customers},
        "orders": {one.order_id for one in company.shop_orders},
    }
    all_comes(company, "woocommerce", "WOOCOMMERCE_KEY", keys)


def test_answers_of_any_shape_land_or_are_held_with_a_reason(told):
    """Landed and built with the rest; here only that they were there."""
    spoilt = "platform = 'woocommerce' and regexp_matches(profile_id, '^woocommerce:[0-9]+:')"
    assert told.execute(f"select count(*) from contracts.profiles where {spoilt}").fetchone()[0] > 0
