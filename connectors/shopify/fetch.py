"""What is read from a shop: customers and orders, oldest change first."""

from collections.abc import Iterator
from datetime import UTC

from connectors.landing import at
from connectors.shopify.queries import (
    CUSTOMERS_COUNT_QUERY,
    CUSTOMERS_QUERY,
    ORDER_LINES_QUERY,
    ORDERS_COUNT_QUERY,
    ORDERS_QUERY,
    SCOPES_QUERY,
)
from connectors.shopify.shop import Shopify, TooDear
from connectors.stream import Announced, BadAnswer, MissingPermission, Page, Row, Since

LARGEST_PAGE = 250
DEAREST_QUERY = 900  # points; above 1000 a query is refused, and costs move with the schema
FIRST_CUSTOMERS, FIRST_ORDERS = 100, 15  # modest; the price of the first answer sets the next size


def _walk(shop: Shopify, things: str, query: str, since: Since, first: int) -> Iterator[list[Row]]:
    """Pages of a connection in the order of change, each as large as its price allows."""
    search = None
    if since.moment:
        search = f"updated_at:>='{since.moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"
    after = None
    while True:
        try:
            data, cost = shop.ask(query, {"first": first, "after": after, "query": search})
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


def _count(shop: Shopify, query: str, things: str) -> Announced | None:
    found = shop.ask(query)[0].get(f"{things}Count")
    count = at(found, "count")
    return Announced("", count) if at(found, "precision") == "EXACT" and isinstance(count, int) else None


def _narrowed(since: Since, announced: Announced | None) -> Since:
    """All of it where the shop says it holds more than we do: something came with an old date."""
    if announced and announced.count > since.landed.get("", 0):
        return Since(None, since.landed)
    return since


def customers(shop: Shopify, account: str, since: Since) -> Iterator[Page | Announced]:
    """Customers changed at or after `since`, oldest change first."""
    announced = _count(shop, CUSTOMERS_COUNT_QUERY, "customers")
    if announced:
        yield announced
    for nodes in _walk(shop, "customers", CUSTOMERS_QUERY, _narrowed(since, announced), FIRST_CUSTOMERS):
        yield Page(nodes)


def orders(shop: Shopify, account: str, since: Since) -> Iterator[Page | Announced]:
    """Orders changed at or after `since`, oldest change first, all their lines and refunds inside."""
    _warn_of_short_memory(shop)
    announced = _count(shop, ORDERS_COUNT_QUERY, "orders")
    if announced:
        yield announced
    for nodes in _walk(shop, "orders", ORDERS_QUERY, _narrowed(since, announced), FIRST_ORDERS):
        for node in nodes:
            _complete_lines(shop, node)
        yield Page(nodes)


def _complete_lines(shop: Shopify, order: Row) -> None:
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


def _warn_of_short_memory(shop: Shopify) -> None:
    try:
        granted = at(shop.ask(SCOPES_QUERY)[0], "currentAppInstallation.accessScopes")
    except (MissingPermission, BadAnswer):
        return
    scopes = {str(at(scope, "handle")) for scope in granted} if isinstance(granted, list) else set()
    if scopes and "read_all_orders" not in scopes:
        shop.warn("shopify shows the last 60 days of orders only: grant the app read_all_orders")
