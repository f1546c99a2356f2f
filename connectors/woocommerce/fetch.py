"""What is read from a shop: customers by their number, orders by theirs, all pages side by side."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from connectors.catching_up import catch_up
from connectors.offsets import walk
from connectors.side_by_side import in_order
from connectors.stream import Announced, BadAnswer, NotThere, Page, Row, Since
from connectors.woocommerce.shop import WooCommerce
from connectors.wordpress import utc

LARGEST = 100  # the largest page
# One deleted during the walk moves the others on by one: pages overlap by this many.
SLACK = 5


def _page(shop: WooCommerce, path: str, params: Row, offset: int) -> tuple[list[Any], int | None]:
    asked = {**params, "orderby": "id", "order": "asc", "per_page": LARGEST, "offset": offset}
    rows, total = shop.ask(path, asked)
    if not isinstance(rows, list):
        raise BadAnswer(f"woocommerce {path}: no list in the answer")
    return rows, total


def _count(shop: WooCommerce, path: str, params: Row) -> int | None:
    """How many the list has; a wrong shape of it is met again by whoever reads it."""
    return shop.ask(path, {**params, "per_page": 1})[1]


def _walk(shop: WooCommerce, path: str, params: Row) -> Iterator[list[Any]]:
    """All pages, by number and upwards: what comes meanwhile stands at the end."""
    for page in walk(partial(_page, shop, path, params), LARGEST, SLACK, shop.at_once):
        yield page.rows


def customers(shop: WooCommerce, account: str, since: Since) -> Iterator[Page | Announced]:
    """All accounts of the site each time: no date can be asked for. With the usual role alone, a buyer whose
    role was changed would be missed."""
    params = {"role": "all"}
    total = _count(shop, "customers", params)
    if total is not None:
        yield Announced("", total)
    for rows in _walk(shop, "customers", params):
        yield Page([shop.dated(row) for row in rows])


def orders(shop: WooCommerce, account: str, since: Since) -> Iterator[Page | Announced]:
    """Orders changed since, refunds dated; what lies in the bin is deleted."""
    total = _count(shop, "orders", {})
    if total is not None:
        yield Announced("", total)
    yield from catch_up(
        since,
        total,
        lambda begin: _orders(shop, _changed(begin)),
        lambda: _orders(shop, {}),
        created="created_at_utc",
    )
    if since.moment:
        for rows in _walk(shop, "orders", _changed(since.moment) | {"status": "trash"}):
            yield Page([{"id": row.get("id")} for row in rows if isinstance(row, dict)], "delete")


def _changed(begin: datetime) -> Row:
    """The moment itself is left out; old shops do not know the filter and answer everything."""
    after = begin.astimezone(UTC) - timedelta(seconds=1)
    return {"modified_after": f"{after:%Y-%m-%dT%H:%M:%S}", "dates_are_gmt": "true"}


def _orders(shop: WooCommerce, params: Row) -> Iterator[Page]:
    for rows in _walk(shop, "orders", params):
        yield Page(list(in_order((partial(complete, shop, row) for row in rows), shop.at_once)))


def complete(shop: WooCommerce, row: Any) -> Any:
    """The order with its times, and each of its refunds whole: the order tells no date of them."""
    row = shop.dated(row)
    if not isinstance(row, dict) or not row.get("refunds") or not isinstance(row["refunds"], list):
        return row
    try:
        told, _ = shop.ask(f"orders/{row.get('id')}/refunds", {"per_page": LARGEST})
    except NotThere:
        return row  # deleted meanwhile
    if not isinstance(told, list):
        raise BadAnswer("woocommerce: no list of refunds in the answer")
    whole = {one["id"]: one for one in told if isinstance(one, dict) and isinstance(one.get("id"), int)}
    listed = [one for one in row["refunds"] if isinstance(one, dict)]
    return row | {"refunds": [_dated_refund(one | whole.get(_number(one), {})) for one in listed]}


def _number(refund: Row) -> int | None:
    return refund["id"] if isinstance(refund.get("id"), int) else None


def _dated_refund(refund: Row) -> Row:
    created = utc(refund.get("date_created_gmt"))
    return refund | ({"created_at_utc": created} if created else {})
