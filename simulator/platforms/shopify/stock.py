"""Customers and orders at the clock's moment, in any order a list may be asked for."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from graphql import GraphQLError

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.model import Company, ShopOrder
from simulator.platforms.shopify import customers, orders
from simulator.platforms.shopify.customers import CustomerThen
from simulator.platforms.shopify.nodes import decode_cursor, encode_cursor, stamp
from simulator.platforms.shopify.orders import OrderThen
from simulator.platforms.shopify.search import Search

WINDOW = timedelta(days=60)
KEPT_SEARCHES = 32
FILTERS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "customers": {
        "updated_at": lambda one: one.updated_at,
        "customer_date": lambda one: one.record.created_at,
        "id": lambda one: one.key,
        "email": lambda one: one.record.email,
        "phone": lambda one: one.record.phone,
        "orders_count": lambda one: len(one.orders),
    },
    "orders": {
        "updated_at": lambda one: one.updated_at,
        "created_at": lambda one: one.record.created_at,
        "processed_at": lambda one: one.record.created_at,
        "id": lambda one: one.key,
        "name": lambda one: one.record.name,
        "email": lambda one: one.record.email,
        "test": lambda one: one.record.is_test,
        "customer_id": lambda one: int(one.record.customer_id) if one.record.customer_id else None,
    },
}
# Counting customers knows other names than listing them.
FILTERS["customersCount"] = {
    "updated_at": FILTERS["customers"]["updated_at"],
    "created_at": FILTERS["customers"]["customer_date"],
    "id": FILTERS["customers"]["id"],
}
FILTERS["ordersCount"] = FILTERS["orders"]
SORTS: dict[str, Callable[[Any], Any]] = {
    "CREATED_AT": lambda one: stamp(one.record.created_at),
    "PROCESSED_AT": lambda one: stamp(one.record.created_at),
    "UPDATED_AT": lambda one: stamp(one.updated_at),
}


@dataclass
class Ordered:
    """A list in one order, with the place of each record for its cursor."""

    records: list[Any]
    places: list[tuple[Any, int]]

    def backwards(self) -> "Ordered":
        turned = [(_Backwards(value), -key) for value, key in reversed(self.places)]
        return Ordered(self.records[::-1], turned)

    def start(self, after: str | None, is_reverse: bool) -> int:
        """The index behind a cursor."""
        return bisect_right(self.places, _place(after, is_reverse)) if after else 0

    def cursor(self, index: int) -> str:
        value, key = self.places[index]
        return encode_cursor((str(value), abs(key)))


@dataclass
class Stock:
    """What the shop holds, and the searches already done on it."""

    customers: dict[str, CustomerThen] = field(default_factory=dict)
    orders: dict[str, OrderThen] = field(default_factory=dict)
    everyone: dict[str, CustomerThen] = field(default_factory=dict)  # also those not listed yet
    done: dict[tuple[str, str, str], Ordered] = field(default_factory=dict)

    def search(self, things: str, query: str, sort: str, found: Search) -> Ordered:
        key = (things, query, sort)
        if key not in self.done:
            if len(self.done) >= KEPT_SEARCHES:
                self.done.pop(next(iter(self.done)))
            value = SORTS.get(sort, lambda one: "")
            everything = (self.customers if things.startswith("customers") else self.orders).values()
            records = [one for one in everything if found.keeps(one)]
            records.sort(key=lambda one: (value(one), one.key))
            self.done[key] = Ordered(records, [(value(one), one.key) for one in records])
        return self.done[key]


def orders_by_customer(company: Company) -> dict[str, list[ShopOrder]]:
    found: dict[str, list[ShopOrder]] = defaultdict(list)
    for order in company.shop_orders:
        if order.customer_id:
            found[order.customer_id].append(order)
    return found


def take_stock(
    company: Company,
    orders_of: dict[str, list[ShopOrder]],
    clock: Clock,
    faults: Faults,
    read_all_orders: bool,
) -> Stock:
    """Everything as it stands now; without read_all_orders the last 60 days of orders, silently."""
    now, stock = clock.now, Stock()
    for order in company.shop_orders:
        is_old = not read_all_orders and order.created_at < now - WINDOW
        if order.visible_at > now or is_old or faults.hides("shopify", "orders", order.order_id):
            continue
        late = faults.came_late("shopify", "orders", order.order_id)
        stock.orders[order.order_id] = orders.then(order, now, late)
    for record in company.shop_customers:
        own = [order for order in orders_of.get(record.customer_id, ()) if order.visible_at <= now]
        late = faults.came_late("shopify", "customers", record.customer_id)
        changed = max(customers.changed_at(record, own, now), late or record.created_at)
        then = CustomerThen(record, own, changed)
        stock.everyone[record.customer_id] = then
        if record.visible_at <= now and not faults.hides("shopify", "customers", record.customer_id):
            stock.customers[record.customer_id] = then
    return stock


class _Backwards(str):
    """Text that sorts the other way round."""

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)

    def __gt__(self, other: str) -> bool:
        return str.__lt__(self, other)


def _place(after: str, reverse: bool) -> tuple[Any, Any]:
    value, key = (*decode_cursor(after), None, None)[:2]
    if value is None:
        return (_Backwards("\uffff"), -(10**20)) if reverse else ("", -1)
    if not isinstance(key, int):
        raise GraphQLError("Invalid cursor for current pagination sort.")
    return (_Backwards(value), -key) if reverse else (value, key)
