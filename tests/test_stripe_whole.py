"""Stripe from its platform to the contracts: by API, webhook and file, in any mix, beside a shop it serves.

Every mix of ways is an account of its own, so that one small warehouse holds them all.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
import requests
from homes import make_company
from hypothesis import given
from hypothesis import strategies as st
from spoiling import FUZZED, land_spoilt, none_held_without_reason
from tape import fetched, module, since_of
from ways import MIXES, NOW, WAYS, build, client_of, from_file, land, of

from connectors.stream import Since
from pipelines import raw
from pipelines.warehouse_file import warehouse
from simulator import exports, home
from simulator.clock import Clock, end_of
from simulator.company import make
from simulator.model import Company
from simulator.platforms.stripe import nodes
from simulator.platforms.stripe.push import delivery
from simulator.platforms.stripe.stock import Stock, has_agreed, is_subscriber, look
from simulator.server import running

pytestmark = pytest.mark.slow

UNTIL = date(2026, 11, 20)
FILES = {"customers": "customers.csv", "charges": "unified_payments.csv"}
STREAMS = {stream.name: stream for stream in module("stripe").STREAMS}


@pytest.fixture(scope="module")
def company() -> Company:
    return make(120, 7, UNTIL)


@pytest.fixture(scope="module")
def stock(company: Company) -> Stock:
    return look(company, Clock(end_of(UNTIL)), {})


@pytest.fixture(scope="module")
def whole_rows(
    company: Company, stock: Stock, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], list[dict]]:
    """(stream, way) -> rows; a webhook's are what its event leads to."""
    folder = tmp_path_factory.mktemp("rows")
    here = make_company(folder).home
    exports.exports(company, folder / "exports")
    found: dict[tuple[str, str], list[dict]] = {(name, "w"): [] for name in STREAMS}
    with running(company) as base_url:
        client = client_of("stripe", base_url)
        for name, stream in STREAMS.items():
            found[name, "a"], _ = fetched(stream, client, "maison", since_of({}))
        told = {"customers": "customer.created", "charges": "charge.succeeded", "invoices": "invoice.paid",
                "subscriptions": "customer.subscription.created",
                "checkout_sessions": "checkout.session.completed"}  # fmt: skip
        for name, kind in told.items():
            for row in found[name, "a"]:
                # In the shape of another day: of an event nothing but the id is believed.
                event = nodes.event(kind, NOW, {"id": row["id"], "object": "old"})
                _, body = delivery(event, 1)
                for hook in module("stripe").WEBHOOK.receive(body, client):
                    found[hook.stream, "w"] += hook.rows
    for name, file in FILES.items():
        found[name, "f"] = from_file(here, folder / "exports/stripe/maison" / file, "stripe")
    return found


@pytest.fixture(scope="module")
def told(
    company: Company, whole_rows: dict, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The contracts over every mix, and over the shop whose payments they are."""
    here = make_company(tmp_path_factory.mktemp("stripe")).home
    with running(company) as base_url, warehouse(here) as con:
        raw.ensure(con)
        for (name, way), rows in whole_rows.items():
            mixes = [mix for mix in MIXES if way in mix]
            land(here, con, "stripe", STREAMS[name], WAYS[way], dict.fromkeys(mixes, rows))
        client = client_of("shopify", base_url)
        for stream in module("shopify").STREAMS:
            rows, _ = fetched(stream, client, "maison-exemple", since_of({}))
            land(here, con, "shopify", stream, "api", {"a": rows})
    build(here)
    with duckdb.connect(str(here.warehouse), read_only=True) as reader:
        reader.execute("set timezone = 'UTC'")
        yield reader


def test_what_the_shop_sold_stripe_was_paid(told):
    """Both tell of the same orders: paid when, how much, what went back and when."""
    columns = "split_part(evidence, ':', 4), event_type, occurred_at, amount, currency"
    kinds = "event_type in ('order_paid', 'order_refunded') and amount > 0"
    sold, paid = (
        {row[1:] for row in of(told, shop, "a", columns, "contracts.events", kinds)}
        for shop in ("shopify", "stripe")
    )
    assert {(f"ch_{key}", *more) for key, *more in sold} <= paid
    mine = "(details ->> '$.subscription') is null"
    extra = {row[1:] for row in of(told, "stripe", "a", columns, "contracts.events", f"{kinds} and {mine}")}
    assert {row[0] for row in extra} - {f"ch_{key}" for key, *_ in sold} == {
        "ch_oddjpy", "ch_oddkwd", "ch_oddusd"
    }  # fmt: skip


def test_money_is_counted_in_the_units_of_its_currency(told):
    odd = "evidence like 'stripe:a:order:ch_odd%' and event_type = ?"
    sql = f"select currency, amount from contracts.events where {odd}"
    assert dict(told.execute(sql, ["order_paid"]).fetchall()) == {
        "JPY": Decimal("4900.00"),
        "KWD": Decimal("12.34"),
        "USD": Decimal("25.00"),
    }
    assert told.execute(sql, ["order_charged_back"]).fetchall() == [("USD", Decimal("25.00"))]


def test_a_subscription_is_started_renewed_and_ended_and_counts_once(told, company, stock):
    rows = told.execute(
        "select evidence, event_type, count(*), sum(amount) from contracts.events"
        " where profile_id like 'stripe:a:%' and event_type like 'subscription%' group by all"
    ).fetchall()
    people = [person for person in company.shop_customers if is_subscriber(person)]
    assert {row[0] for row in rows if row[1] == "subscription_started"} == {
        f"sub_{person.customer_id}" for person in people
    }
    assert all(row[2] == 1 for row in rows if row[1] != "subscription_renewed")
    paid = sum((row[3] for row in rows if row[3]), Decimal(0))
    assert paid == Decimal(len(stock.lists["invoices"]) * nodes.PRICE) / 100
    over = {one["id"] for one in stock.lists["subscriptions"] if one["ended_at"]}
    assert {row[0] for row in rows if row[1] == "subscription_ended"} == over
    flagged = told.execute(
        "select count(*) from contracts.events where event_type = 'order_paid'"
        " and profile_id like 'stripe:a:%'"
        " and (details ->> '$.subscription') is not null"
    ).fetchone()
    assert flagged == (len(stock.lists["invoices"]),), "money of a subscription is known as such"


def test_every_way_and_mix_tells_the_same_payments_and_nobody_twice(told):
    plain = "event_type, amount, currency, occurred_at"
    found = {
        mix: of(told, "stripe", mix, plain, "contracts.events", "event_type = 'order_paid'") for mix in MIXES
    }
    assert all(found[mix] == found["a"] for mix in MIXES)
    everything = {mix: of(told, "stripe", mix, plain, "contracts.events") for mix in MIXES if mix != "f"}
    assert all(everything[mix] == everything["a"] for mix in everything)
    sums = told.execute(
        "select split_part(profile_id, ':', 2), sum(amount) from contracts.events"
        " where platform = 'stripe' and event_type = 'order_refunded' group by all"
    ).fetchall()
    assert len({amount for _, amount in sums}) == 1
    rows = told.execute(
        "select split_part(profile_id, ':', 2), count(*) - count(distinct profile_id) from contracts.profiles"
        " where platform = 'stripe' group by all"
    ).fetchall()
    assert dict(rows) == dict.fromkeys(MIXES, 0)


def test_the_people_are_the_same_by_every_way(told):
    columns = "object, email, full_name"
    found = {
        mix: of(told, "stripe", mix, columns, "contracts.profiles", "object = 'customer'") for mix in MIXES
    }
    assert all(found[mix] == found["a"] for mix in MIXES)


def test_the_box_for_promotions_is_a_yes_or_a_no_with_its_words(told, company):
    columns = "act, channel, wording_text"
    acts = of(told, "stripe", "a", columns, "contracts.int_platform_acts", "basis = 'consent'")
    words = home.ALL["stripe"]["promotions_wording"]
    assert acts == {
        (f"cus_{one.customer_id}", "grant" if has_agreed(one) else "deny", "email", words)
        for one in company.shop_customers
        if is_subscriber(one)
    }


def test_later_only_what_events_name_is_read_and_the_deleted_are_told(company):
    with running(company) as base_url:
        client = client_of("stripe", base_url)
        client.now = lambda: end_of(UNTIL)
        gone = company.shop_customers[0].customer_id
        client.http.delete(f"v1/customers/cus_{gone}")
        since = Since(end_of(UNTIL) - timedelta(days=20))
        pages = list(STREAMS["customers"].fetch(client, "maison", since))
        deleted = [row["id"] for page in pages if page.op == "delete" for row in page.rows]
        assert deleted == [f"cus_{gone}"]
        charges = [
            row["id"] for page in STREAMS["charges"].fetch(client, "maison", since) for row in page.rows
        ]
        assert len(set(charges)) == len(charges) > 0
        recent = end_of(UNTIL) - timedelta(days=20)
        refunded = {f"ch_{order.order_id}" for order in company.shop_orders
                    if any(one.at > recent for one in order.refunds)}  # fmt: skip
        made = {
            f"ch_{order.order_id}"
            for order in company.shop_orders
            if order.created_at > recent and order.total
        }
        assert refunded | made <= set(charges), "a refund of an old charge is news of it"


def test_at_its_nastiest_all_of_it_comes(company, stock):
    with running(company, faults="nasty", seed=5) as base_url:
        calm = {"wait_seconds": 0, "slow_seconds": 0.01}
        requests.post(f"{base_url}/_sim/faults", json=calm, timeout=5)
        client = client_of("stripe", base_url)
        for name, stream in STREAMS.items():
            path = name.replace("_", "/")
            for _ in range(3):
                try:
                    rows, _ = fetched(stream, client, "maison", Since(None))
                    break
                except Exception as error:
                    assert "STRIPE_KEY" in str(error), error
            assert {row["id"] for row in rows} == {row["id"] for row in stock.lists[path]}


@FUZZED
@given(data=st.data())
def test_answers_of_any_shape_land_or_are_held_with_a_reason(whole_rows, tmp_path_factory, data):
    here = make_company(tmp_path_factory.mktemp("fuzzed")).home
    with warehouse(here) as con:
        raw.ensure(con)
        for (name, way), rows in whole_rows.items():
            land_spoilt(here, con, "stripe", STREAMS[name], WAYS[way], rows, data)
        none_held_without_reason(con)
    build(here)
