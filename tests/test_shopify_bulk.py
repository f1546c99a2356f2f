"""Shopify in bulk: the file brings what the pages bring, and whatever happens to it, nothing is lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests
from tape import env, fetched, stream

from connectors import shopify
from connectors.json_text import canonical
from connectors.shopify import bulk
from connectors.shopify.queries import BULK_OPERATION_QUERY, BULK_RUN
from connectors.stream import BadAnswer, PlatformDown, Since
from simulator.model import Company
from simulator.server import running

ALL = Since(None)
STREAMS = ("customers", "orders")


@pytest.fixture
def shop_at(company: Company) -> Iterator[str]:
    with running(company) as base_url:
        yield base_url


def change(base_url: str, what: str, **wish: Any) -> None:
    requests.post(f"{base_url}/_sim/{what}", json=wish, timeout=10).raise_for_status()


def client(base_url: str, **settings: Any):
    own = {"base_url": f"{base_url}/shopify", "poll_seconds": 0.1, "bulk_from": 1, **settings}
    found = shopify.client(env(own, {"SHOPIFY_TOKEN": "shpat_sim"}))
    found.queries = []
    ask = found.ask

    def listed(query: str, *words: Any) -> Any:
        found.queries.append(query)
        return ask(query, *words)

    found.ask = listed
    return found


def rows(shop: Any, name: str) -> dict[str, str]:
    found, announced = fetched(stream("shopify", name), shop, "maison-exemple", ALL)
    assert announced[""] == len({row["id"] for row in found})
    return {row["id"]: canonical(row) for row in found}


def asked(shop: Any, word: str) -> int:
    return sum(word in query for query in shop.queries)


@pytest.mark.parametrize("name", STREAMS)
def test_shopify_bulk_brings_what_pages_bring(shop_at: str, name: str):
    change(shop_at, "faults", faults={"reordered": 1.0}, seed=3)
    shop = client(shop_at)
    in_bulk = rows(shop, name)
    assert asked(shop, "mutation Bulk") == 1
    assert in_bulk == rows(client(shop_at, bulk_from=10**9), name)


def test_shopify_bulk_joins_orders_and_lines_whatever_part_they_are_in(shop_at: str, monkeypatch):
    monkeypatch.setattr("connectors.shopify.bulk.PART", 10_000)
    assert rows(client(shop_at), "orders") == rows(client(shop_at, bulk_from=10**9), "orders")


def test_shopify_bulk_is_for_a_first_pull_of_many(shop_at: str):
    few = client(shop_at, bulk_from=10**6)
    rows(few, "customers")
    later = client(shop_at)
    since = Since(later.now(), {"": 10**6})
    fetched(stream("shopify", "customers"), later, "maison-exemple", since)
    assert asked(few, "mutation") == asked(later, "mutation") == 0


def test_shopify_killed_run_waits_for_the_operation_already_running(shop_at: str, monkeypatch):
    change(shop_at, "settings", platform="shopify", bulk_looks=4)
    monkeypatch.setattr("connectors.shopify.bulk.LONGEST", 0.2)
    killed = client(shop_at)
    with pytest.raises(PlatformDown, match="the next run waits for the same one"):
        rows(killed, "orders")
    monkeypatch.undo()
    again = client(shop_at)
    assert rows(again, "orders") == rows(client(shop_at, bulk_from=10**9), "orders")
    assert asked(killed, "mutation") == 1 and asked(again, "mutation") == 0


@pytest.mark.parametrize(("hours", "mutations"), [(2, 0), (72, 1)])
def test_shopify_bulk_file_that_took_the_shop_hours_is_read_by_the_next_run(
    shop_at: str, monkeypatch, hours: int, mutations: int
):
    """By when it was ready: one written for hours is as good as another. After three days it is made anew."""
    change(shop_at, "settings", platform="shopify", bulk_looks=3)
    monkeypatch.setattr("connectors.shopify.bulk.LONGEST", 0.1)
    with pytest.raises(PlatformDown):
        rows(client(shop_at), "orders")
    monkeypatch.undo()
    look = client(shop_at)
    now = look.now()
    [begun] = look.ask(bulk.BULK_OPERATIONS_QUERY)[0]["bulkOperations"]["nodes"]
    assert begun["completedAt"] is None
    change(shop_at, "clock", now=(now + timedelta(hours=2)).isoformat())
    while look.ask(BULK_OPERATION_QUERY, {"id": begun["id"]})[0]["bulkOperation"]["status"] != "COMPLETED":
        look.sleep(0.01)
    change(shop_at, "clock", now=(now + timedelta(hours=2 + hours)).isoformat())
    again = client(shop_at)
    assert rows(again, "orders") == rows(client(shop_at, bulk_from=10**9), "orders")
    assert asked(again, "mutation") == mutations


def test_shopify_bulk_begun_by_a_call_whose_answer_was_cut_is_the_one_waited_for(shop_at: str):
    """Sent again, the mutation is refused, for the first is at work: that is ours, and not waited out."""
    change(shop_at, "settings", platform="shopify", bulk_at_once=1, bulk_looks=4)
    shop = client(shop_at)
    ask = shop.ask

    def twice(query: str, *words: Any) -> Any:
        if "mutation Bulk" in query and not asked(shop, "mutation"):
            ask(query, *words)
        return ask(query, *words)

    shop.ask = twice
    assert rows(shop, "customers")
    assert asked(shop, "mutation") == 2


def test_shopify_bulk_is_followed_by_what_changed_while_the_shop_wrote(shop_at: str):
    shop = client(shop_at)
    rows(shop, "orders")
    assert [query.split()[1].partition("(")[0] for query in shop.queries[-2:]] == ["BulkOperation", "Orders"]


@pytest.mark.parametrize("ending", ["failed", "canceled", "expired"])
def test_shopify_bulk_that_does_not_end_well_is_read_by_pages(shop_at: str, ending: str, caplog):
    change(shop_at, "settings", platform="shopify", bulk=ending)
    shop = client(shop_at)
    assert rows(shop, "customers") == rows(client(shop_at, bulk_from=10**9), "customers")
    assert asked(shop, "mutation") == (1 if ending == "canceled" else 2), "another is tried but for a no"
    assert "page by page" in caplog.text and ending.upper() in caplog.text


def test_shopify_bulk_waits_for_its_turn(shop_at: str):
    change(shop_at, "settings", platform="shopify", bulk_at_once=1)
    first, second = client(shop_at), client(shop_at)
    began = []
    # The other operation is looked at, and so comes to its end, while ours is refused.
    other = first.ask(BULK_RUN, {"query": "{ orders { edges { node { id } } } }"})[0]
    one = {"id": other["bulkOperationRunQuery"]["bulkOperation"]["id"]}
    second.sleep = lambda seconds: began.append(first.ask(BULK_OPERATION_QUERY, one))
    assert rows(second, "customers")
    assert began and asked(second, "mutation Bulk") > 1


def test_shopify_bulk_file_that_is_cut_is_read_on(shop_at: str, caplog: pytest.LogCaptureFixture):
    change(shop_at, "faults", faults={"cut": 0.5, "server_error": 0.2}, seed=5)
    shop = client(shop_at)
    assert rows(shop, "orders") == rows(client(shop_at, bulk_from=10**9), "orders")
    assert asked(shop, "mutation Bulk") == 1 and "page by page" not in caplog.text
    assert requests.get(f"{shop_at}/_sim/stats", timeout=10).json()["faults"]["shopify"]["cut"]


def test_shopify_bulk_of_an_empty_shop(company: Company):
    with running(replace(company, shop_orders=[])) as base_url:
        shop = client(base_url, bulk_from=0)
        assert rows(shop, "orders") == {}


def test_shopify_bulk_file_elsewhere_is_not_fetched(shop_at: str):
    with pytest.raises(BadAnswer, match="where none is expected"):
        list(bulk._records(client(shop_at), "https://elsewhere.example/file.jsonl", None))
