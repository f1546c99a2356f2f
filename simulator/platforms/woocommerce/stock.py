"""Customers and orders of the shop at the clock's moment, rendered once, in the order of their numbers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.model import Company, ShopOrder
from simulator.platforms.woocommerce.nodes import Node, customer, order, refund

NAME = "woocommerce"


@dataclass
class Stock:
    customers: dict[int, Node] = field(default_factory=dict)
    orders: dict[int, Node] = field(default_factory=dict)
    refunds: dict[int, list[Node]] = field(default_factory=dict)  # by order
    lists: dict[str, list[Node]] = field(default_factory=dict)  # by what was asked for, pages aside


def look(
    company: Company, clock: Clock, faults: Faults, gone: set[tuple[str, int]], binned: dict[int, datetime]
) -> Stock:
    """What the shop shows; a binned order is there for those who ask for the bin."""
    now, stock = clock.now, Stock()
    bought: dict[str, list[ShopOrder]] = defaultdict(list)
    for record in sorted(company.shop_orders, key=lambda one: int(one.order_id)):
        if record.visible_at > now:
            continue
        bought[record.customer_id or ""].append(record)
        key = int(record.order_id)
        if ("orders", key) in gone or faults.hides(NAME, "orders", record.order_id):
            continue
        back = [one for one in record.refunds if one.at <= now]
        cancelled = record.cancelled_at if record.cancelled_at and record.cancelled_at <= now else None
        moments = [record.created_at, record.visible_at, *(one.at for one in back)]
        moments += [one for one in (cancelled, faults.came_late(NAME, "orders", record.order_id)) if one]
        moments += [binned[key]] if key in binned else []
        stock.orders[key] = order(record, back, cancelled, max(moments))
        if key in binned:
            stock.orders[key]["status"] = "trash"
        stock.refunds[key] = [refund(one, key) for one in back]
    for person in sorted(company.shop_customers, key=lambda one: int(one.customer_id)):
        key = int(person.customer_id)
        is_hidden = person.visible_at > now or faults.hides(NAME, "customers", person.customer_id)
        if not is_hidden and ("customers", key) not in gone:
            own = bought[person.customer_id]
            stock.customers[key] = customer(person, _changed(person.created_at, own, now), now, bool(own))
    return stock


def _changed(created: datetime, own: list[ShopOrder], now: datetime) -> datetime:
    """An order saves its buyer's address; a tick taken back by a plugin does not touch the date."""
    return max([created, *(one.created_at for one in own if one.created_at <= now)])
