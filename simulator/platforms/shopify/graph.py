"""The query root of the shop: lists by search, sort key and cursor, single things, the shop itself."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from graphql import GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, build_schema

from simulator.clock import Clock, Shown
from simulator.faults import Faults
from simulator.model import Company
from simulator.platforms.shopify import customers, orders, search
from simulator.platforms.shopify.customers import CustomerThen
from simulator.platforms.shopify.nodes import Node, check_first, connection, encode_cursor, gid, state_at
from simulator.platforms.shopify.orders import OrderThen
from simulator.platforms.shopify.stock import FILTERS, Ordered, Stock, orders_by_customer, take_stock

FROM_THE_START = encode_cursor([None, 0])
# Without level 2 of the protected customer data these are null, each with an error.
PROTECTED = {
    "Customer": {"firstName", "lastName", "email", "phone", "defaultEmailAddress", "defaultPhoneNumber",
                 "defaultAddress"},
    "Order": {"email", "phone", "billingAddress", "shippingAddress"},
}  # fmt: skip


@dataclass
class Context:
    """One request: what came up that belongs beside the data."""

    signature: str
    base: str = ""  # the shop's own address
    warnings: list[Node] = field(default_factory=list)
    returned: dict[str, int] = field(default_factory=dict)
    reached_end: list[str] = field(default_factory=list)


class Graph:
    """The executable schema of the shop."""

    def __init__(self, company: Company, clock: Clock, faults: Faults, settings: Any) -> None:
        self.company, self.clock, self.faults, self.settings = company, clock, faults, settings
        text = (Path(__file__).parent / "schema.graphql").read_text(encoding="utf-8")
        self.schema: GraphQLSchema = build_schema(text)
        orders_of = orders_by_customer(company)
        self.stock: Shown[Stock] = Shown(
            lambda: (clock.now, faults.epoch, settings.read_all_orders),
            lambda: take_stock(company, orders_of, clock, faults, settings.read_all_orders),
        )
        root = self.schema.query_type
        assert isinstance(root, GraphQLObjectType)  # noqa: S101
        for name, resolve in {
            "customers": partial(self._list, "customers"),
            "orders": partial(self._list, "orders"),
            "customersCount": self._count,
            "ordersCount": self._count,
            "customer": self._one_customer,
            "order": self._one_order,
            "node": self._one_node,
            "shop": self._shop,
            "currentAppInstallation": self._installation,
        }.items():
            root.fields[name].resolve = resolve
        changes = self.schema.mutation_type
        assert isinstance(changes, GraphQLObjectType)  # noqa: S101
        changes.fields["customerRequestDataErasure"].resolve = self._request_erasure
        self.erasures: set[str] = set()

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
        listed = self._search(info, query or "", sortKey or "ID")
        listed = listed.backwards() if reverse else listed
        start, end = listed.start(after, bool(reverse)), len(listed.records)
        if start < end and self.faults.strikes("empty_page", "shopify", context.signature):
            page = connection([], [], has_next=True, has_previous=start > 0)
            page["pageInfo"]["endCursor"] = after or FROM_THE_START
            return page
        stop = min(end, start + size)
        shown = self._nodes(things, listed.records[start:stop])
        page = connection(shown, [listed.cursor(i) for i in range(start, stop)], stop < end, start > 0)
        context.returned[info.path.key] = len(shown)
        if stop >= end:
            context.reached_end.append(things)
        elif len(shown) > 1 and self.faults.strikes("repeated", "shopify", context.signature):
            page["pageInfo"]["endCursor"] = listed.cursor(stop - 2)
        return page

    def _search(self, info: GraphQLResolveInfo, query: str, sort: str) -> Ordered:
        found = search.parse(query, FILTERS[info.field_name])
        if found.unknown:
            told = [
                {"field": name, "message": "Invalid search field for this query."} for name in found.unknown
            ]
            info.context.warnings.append({"path": [info.path.key], "query": query, "warnings": told})
        return self.stock().search(info.field_name, query, sort, found)

    def _count(
        self,
        _root: Any,
        info: GraphQLResolveInfo,
        query: str | None = None,
        limit: int | None = 10000,
    ) -> Node:
        count = len(self._search(info, query or "", "ID").records)
        is_cut = limit is not None and count > limit
        return {"count": limit if is_cut else count, "precision": "AT_LEAST" if is_cut else "EXACT"}

    # -- single things ----------------------------------------------------------------------------

    def _one_customer(self, _root: Any, info: GraphQLResolveInfo, id: str) -> Node | None:
        found = self.stock().customers.get(id.rpartition("/")[2].split("?")[0])
        return self._nodes("customers", [found])[0] if found else None

    def _request_erasure(self, _root: Any, info: GraphQLResolveInfo, customerId: str) -> Node:
        """Taken note of; the real one redacts after days, which no test waits for."""
        if self._one_customer(_root, info, customerId) is None:
            error = {"code": "DOES_NOT_EXIST", "field": ["customerId"], "message": "Customer does not exist"}
            return {"customerId": None, "userErrors": [error]}
        self.erasures.add(customerId.rpartition("/")[2])
        return {"customerId": customerId, "userErrors": []}

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

        def order_nodes() -> list[Node]:
            own = [stock.orders[one.order_id] for one in then.orders if one.order_id in stock.orders]
            return [self._order_node(one) for one in sorted(own, key=lambda one: one.record.created_at)]

        return customers.node(then, self.clock.now, order_nodes)

    def _order_node(self, then: OrderThen) -> Node:
        buyer = self.stock().everyone.get(then.record.customer_id or "")
        state = state_at(buyer.record.consents, "email", then.record.created_at) if buyer else None
        customer = (lambda info: self._customer_node(buyer)) if buyer else None
        return orders.node(then, customer, accepts_marketing=bool(state and state.state == "subscribed"))
