"""The query root: lists found by sort key and cursor, and the shop at the clock's moment."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, build_schema

from simulator.clock import Clock, Shown
from simulator.faults import Faults
from simulator.model import Company, ShopOrder
from simulator.platforms.shopify import customers, orders, search
from simulator.platforms.shopify.customers import CustomerThen
from simulator.platforms.shopify.nodes import (
    Node,
    check_first,
    connection,
    decode_cursor,
    encode_cursor,
    gid,
    stamp,
    state_at,
)
from simulator.platforms.shopify.orders import OrderThen

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
# Without level 2 of the protected customer data these are null, each with an error.
PROTECTED = {
    "Customer": {"firstName", "lastName", "email", "phone", "defaultEmailAddress", "defaultPhoneNumber",
                 "defaultAddress"},
    "Order": {"email", "phone", "billingAddress", "shippingAddress"},
}  # fmt: skip


@dataclass
class Ordered:
    """A list in one order, with the place of each record for its cursor."""

    records: list[Any]
    places: list[tuple[Any, int]]


@dataclass
class Stock:
    """Customers and orders at one moment, and the searches already done on them."""

    customers: dict[str, CustomerThen] = field(default_factory=dict)
    orders: dict[str, OrderThen] = field(default_factory=dict)
    everyone: dict[str, CustomerThen] = field(default_factory=dict)  # also those not listed yet
    ordered: dict[tuple[str, str, str], Ordered] = field(default_factory=dict)


@dataclass
class Context:
    """One request: what came up that belongs beside the data."""

    signature: str
    warnings: list[Node] = field(default_factory=list)
    returned: dict[str, int] = field(default_factory=dict)
    reached_end: list[str] = field(default_factory=list)


class Graph:
    """The executable schema of the shop."""

    def __init__(self, company: Company, clock: Clock, faults: Faults, settings: Any) -> None:
        self.company, self.clock, self.faults, self.settings = company, clock, faults, settings
        text = (Path(__file__).parent / "schema.graphql").read_text(encoding="utf-8")
        self.schema: GraphQLSchema = build_schema(text)
        self._orders_of: dict[str, list[ShopOrder]] = defaultdict(list)
        for order in company.shop_orders:
            if order.customer_id:
                self._orders_of[order.customer_id].append(order)
        stamp_of = lambda: (clock.now, faults.epoch, settings.read_all_orders)  # noqa: E731
        self.stock: Shown[Stock] = Shown(stamp_of, self._make_stock)
        root = self.schema.query_type
        assert isinstance(root, GraphQLObjectType)  # noqa: S101
        for name, resolve in {
            "customers": partial(self._list, "customers"),
            "orders": partial(self._list, "orders"),
            "customersCount": partial(self._count, "customers"),
            "ordersCount": partial(self._count, "orders"),
            "customer": self._one_customer,
            "order": self._one_order,
            "node": self._one_node,
            "shop": self._shop,
            "currentAppInstallation": self._installation,
        }.items():
            root.fields[name].resolve = resolve

    # -- lists ------------------------------------------------------------------------------------

    def _list(
        self,
        things: str,
        _root: Any,
        info: GraphQLResolveInfo,
        first: int | None = None,
        after: str | None = None,
        query: str | None = None,
        sortKey: str | None = None,
        reverse: bool | None = False,
    ) -> Node:
        size, context = check_first(first), info.context
        listed = self._ordered(things, query or "", sortKey or "ID", info)
        places, records = listed.places, listed.records
        if reverse:
            places = [(_Backwards(value), -key) for value, key in reversed(places)]
            records = records[::-1]
        start = bisect_right(places, _place(after, bool(reverse))) if after else 0
        if self.faults.strikes("empty_page", "shopify", context.signature) and start < len(records):
            here = after or encode_cursor([None, 0])
            page = connection([], [], has_next=True, has_previous=start > 0)
            page["pageInfo"]["endCursor"] = here
            return page
        stop = min(len(records), start + size)
        shown = records[start:stop]
        cursors = [encode_cursor(_plain(place)) for place in places[start:stop]]
        context.returned[info.path.key] = len(shown)
        if stop >= len(records):
            context.reached_end.append(things)
        page = connection(self._nodes(things, shown), cursors, stop < len(records), start > 0)
        is_whole = stop >= len(records) or len(shown) < 2
        if not is_whole and self.faults.strikes("repeated", "shopify", context.signature):
            page["pageInfo"]["endCursor"] = cursors[-2]
        return page

    def _ordered(self, things: str, query: str, sort: str, info: GraphQLResolveInfo) -> Ordered:
        stock, key = self.stock(), (info.field_name, query, sort)
        found = search.parse(query, FILTERS[info.field_name])
        if found.unknown:
            warnings = [
                {"field": name, "message": "Invalid search field for this query."} for name in found.unknown
            ]
            info.context.warnings.append({"path": [info.path.key], "query": query, "warnings": warnings})
        if key not in stock.ordered:
            if len(stock.ordered) >= KEPT_SEARCHES:
                stock.ordered.pop(next(iter(stock.ordered)))
            value = SORTS.get(sort, lambda one: None)
            everything = (stock.customers if things == "customers" else stock.orders).values()
            records = [one for one in everything if found.keeps(one)]
            records.sort(key=lambda one: (value(one) or "", one.key))
            stock.ordered[key] = Ordered(records, [(value(one) or "", one.key) for one in records])
        return stock.ordered[key]

    def _count(
        self,
        things: str,
        _root: Any,
        info: GraphQLResolveInfo,
        query: str | None = None,
        limit: int | None = 10000,
    ) -> Node:
        count = len(self._ordered(things, query or "", "ID", info).records)
        is_cut = limit is not None and count > limit
        return {"count": limit if is_cut else count, "precision": "AT_LEAST" if is_cut else "EXACT"}

    # -- single things ----------------------------------------------------------------------------

    def _one_customer(self, _root: Any, info: GraphQLResolveInfo, id: str) -> Node | None:
        found = self.stock().customers.get(id.rpartition("/")[2].split("?")[0])
        return self._nodes("customers", [found])[0] if found else None

    def _one_order(self, _root: Any, info: GraphQLResolveInfo, id: str) -> Node | None:
        found = self.stock().orders.get(id.rpartition("/")[2].split("?")[0])
        return self._nodes("orders", [found])[0] if found else None

    def _one_node(self, _root: Any, info: GraphQLResolveInfo, id: str) -> Node | None:
        finders = {"Customer": self._one_customer, "Order": self._one_order}
        kind = id.removeprefix("gid://shopify/").partition("/")[0]
        return finders[kind](_root, info, id) if kind in finders else None

    def _shop(self, _root: Any, info: GraphQLResolveInfo) -> Node:
        return {
            "id": gid("Shop", "70000000001"),
            "name": self.company.name,
            "email": "equipe@maison-exemple.example",
            "myshopifyDomain": "maison-exemple.myshopify.com",
            "url": "https://maison-exemple.example",
            "currencyCode": customers.SHOP_CURRENCY,
            "ianaTimezone": "Europe/Paris",
            "plan": {"publicDisplayName": "Plus", "partnerDevelopment": False, "shopifyPlus": True},
        }

    def _installation(self, _root: Any, info: GraphQLResolveInfo) -> Node:
        handles = ["read_customers", "read_orders"]
        handles += ["read_all_orders"] if self.settings.read_all_orders else []
        scopes = [{"handle": handle, "description": handle.replace("_", " ")} for handle in handles]
        return {"id": gid("AppInstallation", "1"), "accessScopes": scopes}

    # -- nodes ------------------------------------------------------------------------------------

    def _nodes(self, things: str, records: list[Any]) -> list[Node]:
        return [
            self._customer_node(one) if things == "customers" else self._order_node(one) for one in records
        ]

    def _customer_node(self, then: CustomerThen) -> Node:
        stock = self.stock()

        def order_nodes(records: list[ShopOrder]) -> list[Node]:
            shown = [stock.orders[one.order_id] for one in records if one.order_id in stock.orders]
            return [self._order_node(one) for one in shown] or [{}]

        return customers.node(then, self.clock.now, order_nodes)

    def _order_node(self, then: OrderThen) -> Node:
        buyer = self.stock().everyone.get(then.record.customer_id or "")
        state = state_at(buyer.record.consents, "email", then.record.created_at) if buyer else None
        customer = (lambda info: self._customer_node(buyer)) if buyer else None
        return orders.node(then, customer, accepts_marketing=bool(state and state.state == "subscribed"))

    # -- the moment -------------------------------------------------------------------------------

    def _make_stock(self) -> Stock:
        now, stock = self.clock.now, Stock()
        for order in self.company.shop_orders:
            is_old = not self.settings.read_all_orders and order.created_at < now - WINDOW
            if (
                order.visible_at <= now
                and not is_old
                and not self.faults.hides("shopify", "orders", order.order_id)
            ):
                late = self.faults.came_late("shopify", "orders", order.order_id)
                stock.orders[order.order_id] = orders.then(order, now, late)
        for record in self.company.shop_customers:
            own = [order for order in self._orders_of[record.customer_id] if order.visible_at <= now]
            late = self.faults.came_late("shopify", "customers", record.customer_id)
            changed = max(customers.changed_at(record, own, now), late or record.created_at)
            then = CustomerThen(record, own, changed)
            stock.everyone[record.customer_id] = then
            if record.visible_at <= now and not self.faults.hides("shopify", "customers", record.customer_id):
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


def _plain(place: tuple[Any, int]) -> tuple[str, int]:
    return str(place[0]), abs(place[1])
