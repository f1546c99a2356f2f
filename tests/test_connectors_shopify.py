"""Shopify: prices, errors inside good answers, cursors, tokens that end, orders with many lines."""

from datetime import UTC, datetime

import pytest
from tape import Tape, asked, env, fetched, play, stream

from connectors import shopify
from connectors.stream import BadAnswer, MissingPermission, RetiredVersion, Since

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC), {"": 99})

GRAPHQL = "POST admin/api/2026-07/graphql.json"
COUNT = (GRAPHQL, {"data": {"customersCount": {"count": 2, "precision": "EXACT"}}})


def customers(*ids: str, cursor: str | None = None, more: bool = False, cost: float | None = None) -> tuple:
    found = {
        "nodes": [{"legacyResourceId": i} for i in ids],
        "pageInfo": {"hasNextPage": more, "endCursor": cursor},
    }
    bucket = {"maximumAvailable": 2000, "currentlyAvailable": 2000, "restoreRate": 100}
    extensions = {"cost": {"requestedQueryCost": cost, "throttleStatus": bucket}} if cost else {}
    return GRAPHQL, {"data": {"customers": found}, "extensions": extensions}


def read_customers(client, since: Since = ALL):
    return fetched(stream("shopify", "customers"), client, "maison-exemple", since)


def refusal(code: str, **more) -> tuple:
    return GRAPHQL, {"errors": [{"message": "no", "extensions": {"code": code}, **more}]}


def test_shopify_pages_grow_and_shrink_with_their_price():
    client = play(
        "shopify",
        COUNT,
        refusal("MAX_COST_EXCEEDED"),
        customers("1", cursor="c", more=True, cost=450),
        customers("2"),
    )
    rows, _ = read_customers(client)
    assert [row["legacyResourceId"] for row in rows] == ["1", "2"]
    # 100 is too dear, 50 costs 450 of 900, so 100 fit after all.
    assert [asked(client, place)["first"] for place in (1, 2, 3)] == [100, 50, 100]


def test_shopify_searches_by_instant():
    client = play("shopify", COUNT, customers())
    read_customers(client, LATELY)
    assert asked(client)["query"] == "updated_at:>='2026-11-19T00:00:00Z'"


def test_shopify_next_page_without_a_cursor_is_an_error():
    client = play("shopify", COUNT, customers("1", cursor=None, more=True))
    with pytest.raises(BadAnswer, match="no cursor leads to it"):
        read_customers(client)


def test_shopify_waits_until_the_bucket_is_full_enough(monkeypatch):
    bucket = {"maximumAvailable": 2000, "currentlyAvailable": 100, "restoreRate": 100}
    cost = {"requestedQueryCost": 500, "actualQueryCost": None, "throttleStatus": bucket}
    body = refusal("THROTTLED")[1] | {"extensions": {"cost": cost}}
    client = play("shopify", (GRAPHQL, body), COUNT, customers())
    held = []
    monkeypatch.setattr(client.http, "_hold", held.append)
    read_customers(client)
    assert 4 <= held[0] < 5


def test_shopify_denied_field_names_the_place():
    denied = {"message": "Access denied. Required access: read_customers", "path": ["customers", "nodes"]}
    client = play("shopify", COUNT, (GRAPHQL, refusal("ACCESS_DENIED", **denied)[1] | {"data": {}}))
    with pytest.raises(MissingPermission, match=r"customers\.nodes: .*read_customers"):
        read_customers(client)


def test_shopify_newer_version_that_knows_the_query_not_is_named():
    other = {"x-shopify-api-version": "2027-01"}
    client = play("shopify", (GRAPHQL, refusal("undefinedField")[1], 200, other))
    with pytest.raises(RetiredVersion, match="2027-01"):
        read_customers(client)


def test_shopify_renews_its_token_once():
    secrets = {"SHOPIFY_CLIENT_ID": "app", "SHOPIFY_CLIENT_SECRET": "made-up"}
    given = env(secrets=secrets)
    token = "POST admin/oauth/access_token"
    tape = Tape(
        [
            {"asked": token, "body": {"access_token": "one", "expires_in": 86399}},
            {"asked": GRAPHQL, "body": {"errors": "[API] Invalid API key"}, "status": 401},
            {"asked": token, "body": {"access_token": "two", "expires_in": 86399}},
            {"asked": GRAPHQL, "body": COUNT[1]},
            {"asked": GRAPHQL, "body": customers()[1]},
        ]
    )
    read_customers(tape.into(shopify.client(given)))
    assert tape.asked[-1][1]["headers"]["X-Shopify-Access-Token"] == "two"


def test_shopify_order_brings_all_its_lines():
    lines = {"nodes": [{"sku": "a"}], "pageInfo": {"hasNextPage": True, "endCursor": "l"}}
    found = {
        "nodes": [{"id": "gid://1", "legacyResourceId": "1", "lineItems": lines}],
        "pageInfo": {"hasNextPage": False},
    }
    rest = {"nodes": [{"sku": "b"}], "pageInfo": {"hasNextPage": False}}
    client = play(
        "shopify",
        (GRAPHQL, {"data": {"currentAppInstallation": {"accessScopes": []}}}),
        (GRAPHQL, {"data": {"ordersCount": {"count": 1, "precision": "EXACT"}}}),
        (GRAPHQL, {"data": {"orders": found}}),
        (GRAPHQL, {"data": {"order": {"lineItems": rest}}}),
    )
    rows, _ = fetched(stream("shopify", "orders"), client, "maison-exemple", ALL)
    assert [line["sku"] for line in rows[0]["lineItems"]["nodes"]] == ["a", "b"]
