"""What is read from Square: customers, and orders with their refunds, from their end and cut as they go.

A refund names a payment, and a payment its order; the order itself does not say what was given back.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from connectors.catching_up import catch_up
from connectors.landing import objects_at
from connectors.side_by_side import in_order, merged, split
from connectors.square.api import Square, cursor_of, rows_of, stamp
from connectors.stream import Announced, BadAnswer, NotThere, Page, Row, Since
from connectors.times import moment

BEGIN = int(datetime(2009, 1, 1, tzinfo=UTC).timestamp())  # when Square began
CUSTOMERS, ORDERS, LOCATIONS = 100, 500, 10  # the largest page, and how many places one search may name
LARGEST_LIST = 100
Refunds = dict[str, list[Row]]  # by payment


def customers(square: Square, account: str, since: Since) -> Iterator[Page | Announced]:
    """Profiles changed since; all of them where Square counts more than we hold."""
    told = square.find("customers/search", {"limit": 1, "count": True})
    count = told.get("count")
    if isinstance(count, int) and not isinstance(count, bool):
        yield Announced("", count)
    yield from catch_up(
        since,
        count,
        lambda begin: map(Page, _pages(square, _customers_changed(begin))),
        lambda: map(Page, split(partial(_before, square, _customers_made), BEGIN, square.at_once)),
        created="created_at",
    )


def orders(square: Square, account: str, since: Since) -> Iterator[Page | Announced]:
    """Orders of every place changed since, or with a refund since: that may move no date of theirs."""
    places = [row["id"] for row in square.listed("locations", "locations", {}) if row.get("id")]
    lots = [places[start : start + LOCATIONS] for start in range(0, len(places), LOCATIONS)]
    if since.moment is None:
        everything = _by_payment(_refunds(square))
        walks = [
            partial(split, partial(_before, square, partial(_orders_made, lot)), BEGIN, square.at_once)
            for lot in lots
        ]
        for rows in merged(walks, square.at_once):
            yield Page([_with(row, everything) for row in rows])
        return
    changed = [partial(_pages, square, _orders_changed(lot, since.moment)) for lot in lots]
    for rows in merged(changed, square.at_once):
        yield Page([_with(row, _refunds_since(square, rows)) for row in rows])
    again = _refunds(square, updated_at_begin_time=stamp(since.moment), sort_field="UPDATED_AT")
    paid = list(dict.fromkeys(one["payment_id"] for one in again if isinstance(one.get("payment_id"), str)))
    for order in in_order((partial(order_of, square, payment) for payment in paid), square.at_once):
        if order:
            yield Page([order])


# -- searches -----------------------------------------------------------------------------------------

Search = tuple[str, str, Row]  # where, what its rows are called, the question


def _customers_changed(begin: datetime) -> Search:
    filters = {"updated_at": {"start_at": stamp(begin)}}
    query = {"filter": filters, "sort": _sorted("field", "CREATED_AT", "ASC")}
    return "customers/search", "customers", {"query": query, "limit": CUSTOMERS}


def _customers_made(within: Row) -> Search:
    query = {"filter": {"created_at": within}, "sort": _sorted("field", "CREATED_AT", "DESC")}
    return "customers/search", "customers", {"query": query, "limit": CUSTOMERS}


def _orders_changed(places: list[str], begin: datetime) -> Search:
    filters = {"date_time_filter": {"updated_at": {"start_at": stamp(begin)}}}
    query = {"filter": filters, "sort": _sorted("sort_field", "UPDATED_AT", "ASC")}
    return "orders/search", "orders", {"location_ids": places, "query": query, "limit": ORDERS}


def _orders_made(places: list[str], within: Row) -> Search:
    filters = {"date_time_filter": {"created_at": within}}
    query = {"filter": filters, "sort": _sorted("sort_field", "CREATED_AT", "DESC")}
    return "orders/search", "orders", {"location_ids": places, "query": query, "limit": ORDERS}


def _sorted(name: str, field: str, order: str) -> Row:
    return {name: field, "order" if name == "field" else "sort_order": order}


def _pages(square: Square, search: Search) -> Iterator[list[Any]]:
    path, name, question = search
    cursor: Row = {}
    while True:
        told = square.find(path, question | cursor)
        if rows := rows_of(told, name, path):
            yield rows
        cursor = cursor_of(told, path)
        if not cursor:  # a page may be short, and even empty, without being the last
            return


def _before(
    square: Square, search: Callable[[Row], Search], begin: int, end: int | None, mark: str | None
) -> tuple[list[Any], str | None, int]:
    """One page of what was made from `begin` on and before `end`, from its end."""
    within = {"start_at": stamp(datetime.fromtimestamp(begin, UTC))}
    if end is not None:
        # Both ends are within, to the millisecond.
        within["end_at"] = f"{datetime.fromtimestamp(end - 1, UTC):%Y-%m-%dT%H:%M:%S}.999Z"
    path, name, question = search(within)
    told = square.find(path, question | ({"cursor": mark} if mark else {}))
    rows = rows_of(told, name, path)
    made = [found for row in rows if isinstance(row, dict) and (found := moment(row.get("created_at")))]
    oldest = int(min(made).timestamp()) if made else begin
    return rows, cursor_of(told, path).get("cursor"), oldest


# -- refunds ------------------------------------------------------------------------------------------


def _refunds(square: Square, **asked: str) -> list[Row]:
    return list(square.listed("refunds", "refunds", {"limit": LARGEST_LIST, "sort_order": "ASC", **asked}))


def _refunds_since(square: Square, rows: list[Any]) -> Refunds:
    """Refunds of these orders, and of others: nothing is given back before it was sold."""
    made = [found for row in rows if isinstance(row, dict) and (found := moment(row.get("created_at")))]
    return _by_payment(_refunds(square, begin_time=stamp(min(made)))) if made else {}


def _by_payment(refunds: list[Row]) -> Refunds:
    found: Refunds = defaultdict(list)
    for one in refunds:
        if isinstance(one.get("payment_id"), str):
            found[one["payment_id"]].append(one)
    return found


def _with(order: Any, refunds: Refunds) -> Any:
    """The order beside its refunds; what is no object goes on as it is."""
    if not isinstance(order, dict):
        return order
    back = [one for payment in payments_of(order) for one in refunds.get(payment, ())]
    return order | {"refunds": back}


def payments_of(order: Row) -> list[str]:
    """The payments an order was paid by."""
    told = objects_at(order, "tenders")
    return [key for one in told if isinstance(key := one.get("payment_id") or one.get("id"), str)]


def order_of(square: Square, payment: str) -> Row | None:
    """The order that a payment paid, with its refunds; None where there is none."""
    try:
        told = square.get(f"payments/{payment}").get("payment")
        key = told.get("order_id") if isinstance(told, dict) else None
        return whole_order(square, key) if isinstance(key, str) and key else None
    except NotThere:
        return None


def whole_order(square: Square, key: str) -> Row:
    order = square.get(f"orders/{key}").get("order")
    if not isinstance(order, dict):
        raise BadAnswer("square orders: no order in the answer")
    return _with(order, _refunds_since(square, [order]))
