"""Shop and mail tool of the simulator: the facts of their contracts that a reader depends on."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.simulated import NOON, SHOP_PATH, ago, ask, brevo, shop, world

# -- Shopify ---------------------------------------------------------------------------------------------

ORDERS = """query ($first: Int!, $after: String, $query: String) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { legacyResourceId updatedAt customer { legacyResourceId } displayFinancialStatus
            totalRefundedSet { shopMoney { amount currencyCode } } refunds { id } }
    pageInfo { hasNextPage endCursor }
  }
}"""


def shop_walk(here, query=None, first=3):
    nodes, after = [], None
    while True:
        orders = shop(here, ORDERS, first=first, after=after, query=query).body["data"]["orders"]
        nodes += orders["nodes"]
        after = orders["pageInfo"]["endCursor"]
        if not orders["pageInfo"]["hasNextPage"]:
            return nodes


def test_shopify__lists_are_walked_in_the_order_of_change():
    nodes = shop_walk(world())
    assert len({node["legacyResourceId"] for node in nodes}) == len(nodes) == 11
    assert all(a["updatedAt"] <= b["updatedAt"] for a, b in pairwise(nodes))
    refunded = nodes[-1]
    assert (refunded["legacyResourceId"], refunded["displayFinancialStatus"]) == ("8020", "REFUNDED")
    assert refunded["totalRefundedSet"]["shopMoney"] == {"amount": "45.9", "currencyCode": "EUR"}
    assert [n["legacyResourceId"] for n in nodes if n["customer"] is None] == ["8021"]


def test_shopify__states_are_those_of_the_moment():
    early = world(now=ago(days=2))
    order = next(node for node in shop_walk(early) if node["legacyResourceId"] == "8020")
    assert (order["displayFinancialStatus"], order["refunds"]) == ("PAID", [])
    query = "{ customers(first: 1) { nodes { numberOfOrders defaultEmailAddress { marketingState } } } }"
    states = [
        shop(world(now=now), query).body["data"]["customers"]["nodes"][0]["defaultEmailAddress"]
        for now in (ago(days=60), ago(days=10), NOON)
    ]
    assert [s["marketingState"] for s in states] == ["NOT_SUBSCRIBED", "SUBSCRIBED", "UNSUBSCRIBED"]
    assert shop(world(), query).body["data"]["customers"]["nodes"][0]["numberOfOrders"] == "10"


def test_shopify__the_search_is_inclusive_and_warns_of_unknown_names():
    here = world()
    search = "updated_at:>='2026-11-16T12:00:00Z' AND updated_at:<'2026-11-19T12:00:00Z'"
    assert [node["legacyResourceId"] for node in shop_walk(here, search)] == ["8021"]
    answer = shop(here, ORDERS, first=5, query="changed_at:>'2026-01-01'")
    assert answer.body["extensions"]["search"][0]["warnings"][0]["field"] == "changed_at"
    count = shop(here, "{ ordersCount(limit: 5) { count precision } }").body["data"]["ordersCount"]
    assert count == {"count": 5, "precision": "AT_LEAST"}


def test_shopify__points_are_counted_and_run_out():
    here = world()
    here.platforms["shopify"].change({"plan": "standard"})
    cost = shop(here, ORDERS, first=50).body["extensions"]["cost"]
    assert 0 < cost["actualQueryCost"] < cost["requestedQueryCost"] <= 1000
    assert cost["throttleStatus"]["maximumAvailable"] == 2000
    here.platforms["shopify"].bucket.take(1990)
    throttled = shop(here, ORDERS, first=250)
    assert throttled.status == 200 and "data" not in throttled.body
    assert throttled.body["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert throttled.body["extensions"]["cost"]["actualQueryCost"] is None
    dear = """{ orders(first: 250) { nodes { lineItems(first: 250) { nodes {
        originalUnitPriceSet { shopMoney { amount } presentmentMoney { amount } }
        originalTotalSet { shopMoney { amount } presentmentMoney { amount } }
        discountedTotalSet { shopMoney { amount } presentmentMoney { amount } } } } } } }"""
    assert shop(here, dear).body["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


def test_shopify__errors_hide_in_good_answers():
    here = world()
    wrong = shop(here, "{ customers(first: 1) { nodes { shoeSize } } }")
    assert wrong.status == 200 and wrong.body["errors"][0]["extensions"]["code"] == "undefinedField"
    assert shop(here, "{ customers(first: 251) { nodes { id } } }").body["errors"]
    here.platforms["shopify"].change({"access_denied": True})
    denied = shop(here, "{ customers(first: 1) { nodes { id firstName } } }").body
    assert denied["data"]["customers"]["nodes"][0]["firstName"] is None
    assert denied["errors"][0]["path"] == ["customers", "nodes", 0, "firstName"]
    assert denied["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_shopify__versions_fall_forward_and_old_orders_need_a_scope():
    here = world()
    old = shop(here, "{ shop { name } }", path=SHOP_PATH.replace("2026-07", "2025-01"))
    assert old.headers["X-Shopify-API-Version"] == "2025-10"
    assert "X-Shopify-API-Version-Warning" in old.headers
    used = shop(here, "{ customers(first: 1) { nodes { email } } }").headers
    assert used["X-Shopify-API-Deprecated-Reason"] == "Customer.email"
    here.platforms["shopify"].change({"read_all_orders": False})
    assert len(shop_walk(here)) == 8


def test_shopify__client_credentials_give_a_token_for_a_day():
    here = world()
    body = {"client_id": "sim-shopify-id", "client_secret": "sim-shopify-secret",
            "grant_type": "client_credentials"}  # fmt: skip
    token = ask(here, "shopify", "admin/oauth/access_token", body=body).body["access_token"]
    assert shop(here, "{ shop { name } }", token=token).status == 200
    here.clock.move(NOON + timedelta(days=2))
    assert shop(here, "{ shop { name } }", token=token).status == 401
    assert ask(here, "shopify", "admin/oauth/access_token", body={**body, "client_secret": "x"}).status == 400


# -- Brevo -----------------------------------------------------------------------------------------------


def test_brevo__contacts_come_by_creation_and_change_is_inclusive():
    here = world()
    ids = [c["id"] for c in brevo(here, "contacts", sort="asc", limit=5).body["contacts"]]
    assert ids == [1, 2, 3, 4, 5]
    assert brevo(here, "contacts", limit=1).body["contacts"][0]["id"] == 8, "the newest first by default"
    changed = brevo(here, "contacts", modifiedSince="2026-11-17T12:00:00.000Z").body
    assert [c["id"] for c in changed["contacts"]] == [6] and changed["count"] == 1
    assert brevo(here, "contacts", modifiedSince="2026-11-17T12:00:00.001Z").body["count"] == 0
    assert brevo(here, "contacts", limit=1001).body["code"] == "out_of_range"


def test_brevo__a_contact_carries_its_state_in_the_accounts_own_time():
    six, seven, eight = (brevo(world(), f"contacts/{n}").body for n in (6, 7, 8))
    assert six["emailBlacklisted"] is True and six["modifiedAt"] == "2026-11-17T13:00:00.000+01:00"
    assert seven["email"] == "33639980007@mailin-sms.com" and seven["attributes"]["SMS"] == "33639980007"
    assert "email" not in eight
    assert brevo(world(now=ago(days=5)), "contacts/6").body["emailBlacklisted"] is False
    blocked = brevo(world(), "smtp/blockedContacts").body["contacts"]
    assert [b["reason"]["code"] for b in blocked] == ["contactFlaggedAsSpam"]
    assert brevo(world(), "contacts/99").body["code"] == "document_not_found"


def test_brevo__statistics_only_where_asked_and_recent():
    def views(**params):
        campaigns = brevo(world(), "emailCampaigns", sort="asc", **params).body["campaigns"]
        return [c["statistics"]["globalStats"]["uniqueViews"] for c in campaigns]

    assert views() == [0, 0] and views(statistics="globalStats") == [40, 0]


def test_brevo__events_want_both_dates_or_none():
    assert brevo(world(), "events").body["count"] == 2, "half a year by default"
    both = brevo(world(), "events", startDate="2025-01-01", endDate="2026-11-18").body
    assert [e["event_date"] for e in both["events"]] == ["2026-11-18T12:00:00Z", "2026-01-24T12:00:00Z"]
    assert brevo(world(), "events", startDate="2026-11-18").body["code"] == "missing_parameter"


@pytest.mark.parametrize("key", ["", "wrong"])
def test_brevo__a_wrong_key_is_unauthorised(key):
    answer = ask(world(), "brevo", "v3/contacts", headers={"api-key": key} if key else {})
    assert (answer.status, answer.body["code"]) == (401, "unauthorized")
