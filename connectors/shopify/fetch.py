"""What is read from a shop: customers and orders, oldest change first; the first time in bulk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from connectors.catching_up import catch_up
from connectors.landing import at
from connectors.shopify.bulk import NoBulk, everything
from connectors.shopify.queries import (
    CUSTOMERS_BULK,
    CUSTOMERS_COUNT_QUERY,
    CUSTOMERS_QUERY,
    ORDER_LINES_QUERY,
    ORDERS_BULK,
    ORDERS_COUNT_QUERY,
    ORDERS_QUERY,
    SCOPES_QUERY,
)
from connectors.shopify.shop import Shopify, TooDear
from connectors.stream import Announced, BadAnswer, MissingPermission, Page, Row, Since

LARGEST_PAGE = 250
DEAREST_QUERY = 900  # points; above 1000 a query is refused, and costs move with the schema
INDEX_LATE = timedelta(minutes=2)  # what is searched for may be found so much later


@dataclass(frozen=True)
class Kind:
    """How one kind of record is asked for; `first`: a modest page, whose price sets the size of the next."""

    things: str
    query: str
    count: str
    bulk: str
    first: int
    nested: str | None = None


CUSTOMERS = Kind("customers", CUSTOMERS_QUERY, CUSTOMERS_COUNT_QUERY, CUSTOMERS_BULK, 100)
ORDERS = Kind("orders", ORDERS_QUERY, ORDERS_COUNT_QUERY, ORDERS_BULK, 15, nested="lineItems")


def _walk(shop: Shopify, kind: Kind, begin: datetime | None) -> Iterator[list[Row]]:
    """Pages of a connection in the order of change, each as large as its price allows."""
    things, first, search = kind.things, kind.first, None
    if begin:
        search = f"updated_at:>='{begin.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"
    after = None
    while True:
        try:
            data, cost = shop.ask(kind.query, {"first": first, "after": after, "query": search})
        except TooDear:
            if first == 1:
                raise
            first = max(1, first // 2)
            continue
        nodes, here = at(data, f"{things}.nodes"), at(data, f"{things}.pageInfo")
        if not isinstance(nodes, list) or not isinstance(here, dict):
            raise BadAnswer(f"shopify: no {things} in the answer")
        if nodes:
            yield nodes
        if not here.get("hasNextPage"):
            return
        after = here.get("endCursor")
        if not after:
            raise BadAnswer(f"shopify {things}: a next page is announced, but no cursor leads to it")
        if cost:
            first = max(1, min(LARGEST_PAGE, int(first * DEAREST_QUERY / cost)))


def _count(shop: Shopify, kind: Kind) -> Announced | None:
    found = shop.ask(kind.count)[0].get(f"{kind.things}Count")
    count = at(found, "count")
    return Announced("", count) if at(found, "precision") == "EXACT" and isinstance(count, int) else None


def _read(shop: Shopify, kind: Kind, since: Since) -> Iterator[Page | Announced]:
    """Records changed at or after `since`, oldest change first; a large shop's first pull in bulk."""
    announced = _count(shop, kind)
    if announced:
        yield announced
    if since.moment is None and announced and announced.count >= shop.bulk_from:
        try:
            began, pages = everything(shop, kind.bulk, kind.nested)
            for nodes in pages:
                yield Page(nodes)
        except NoBulk as reason:
            shop.warn(f"shopify {kind.things}: read page by page, for there is no file of them: {reason}")
        else:
            yield from _pages(shop, kind, began - INDEX_LATE)
            return
    read = partial(_pages, shop, kind)
    count = announced and announced.count
    yield from catch_up(since, count, read, read, key="legacyResourceId", created="createdAt")


def _pages(shop: Shopify, kind: Kind, begin: datetime | None = None) -> Iterator[Page]:
    for nodes in _walk(shop, kind, begin):
        for node in nodes:
            _complete_lines(shop, node)
        yield Page(nodes)


def customers(shop: Shopify, account: str, since: Since) -> Iterator[Page | Announced]:
    yield from _read(shop, CUSTOMERS, since)


def orders(shop: Shopify, account: str, since: Since) -> Iterator[Page | Announced]:
    """Orders with all their lines and refunds inside."""
    _warn_of_short_memory(shop)
    yield from _read(shop, ORDERS, since)


def _complete_lines(shop: Shopify, order: Row) -> None:
    """All lines of an order, and nothing of how they were paged: in bulk there is no such thing."""
    while at(order, "lineItems.pageInfo.hasNextPage"):
        lines = order["lineItems"]
        asked = {"id": order.get("id"), "after": lines["pageInfo"].get("endCursor")}
        more = at(shop.ask(ORDER_LINES_QUERY, asked)[0], "order.lineItems")
        if more is None:  # the order was deleted meanwhile
            return
        if not isinstance(at(more, "nodes"), list) or not isinstance(lines.get("nodes"), list):
            raise BadAnswer("shopify: no lines of an order in the answer")
        lines["nodes"] += more["nodes"]
        lines["pageInfo"] = more.get("pageInfo")
    if isinstance(order, dict) and isinstance(order.get("lineItems"), dict):
        order["lineItems"].pop("pageInfo", None)


def _warn_of_short_memory(shop: Shopify) -> None:
    try:
        granted = at(shop.ask(SCOPES_QUERY)[0], "currentAppInstallation.accessScopes")
    except (MissingPermission, BadAnswer):
        return
    scopes = {str(at(scope, "handle")) for scope in granted} if isinstance(granted, list) else set()
    if scopes and "read_all_orders" not in scopes:
        shop.warn("shopify shows the last 60 days of orders only: grant the app read_all_orders")
