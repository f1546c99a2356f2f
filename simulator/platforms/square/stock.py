"""Square's records at the clock's moment, rendered once."""

from dataclasses import dataclass, field
from datetime import datetime

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.model import Company
from simulator.platforms.square import nodes
from simulator.platforms.square.nodes import Node

NAME = "square"


@dataclass
class Stock:
    customers: dict[str, Node] = field(default_factory=dict)
    orders: dict[str, Node] = field(default_factory=dict)
    refunds: dict[str, Node] = field(default_factory=dict)
    payments: dict[str, Node] = field(default_factory=dict)
    found: dict[str, list[Node]] = field(default_factory=dict)  # by what was searched for
    # By what is listed and the time it is sorted by: the rows, and their times.
    sorted: dict[tuple[str, str], tuple[list[Node], list[str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Merge:
    sources: tuple[str, str]
    key: str
    at: datetime


def look(company: Company, clock: Clock, faults: Faults, gone: set[str], merges: list[Merge]) -> Stock:
    """What Square shows; `gone` are profiles that were deleted."""
    now, stock = clock.now, Stock()
    for person in company.shop_customers:
        key = nodes.name_of("customer", person.customer_id)
        if person.visible_at > now or faults.hides(NAME, "customers", key):
            continue
        late = faults.came_late(NAME, "customers", key)
        moments = [
            person.created_at,
            person.visible_at,
            *(one.at for one in person.consents if one.at <= now),
        ]
        stock.customers[key] = nodes.customer(person, max([*moments, *((late,) if late else ())]), now)
    for merge in merges:
        first, second = (stock.customers.pop(key) for key in merge.sources)
        stock.customers[merge.key] = nodes.merged(first, second, merge.key, merge.at)
    for key in gone:
        stock.customers.pop(key, None)
    _show_orders(stock, company, now, faults)
    return stock


def _show_orders(stock: Stock, company: Company, now: datetime, faults: Faults) -> None:
    for record in company.shop_orders:
        key = nodes.name_of("order", record.order_id)
        if record.is_test or record.visible_at > now or faults.hides(NAME, "orders", key):
            continue  # what is tried is tried in the sandbox, which is another address
        # Square calls off what was not paid; what was paid is paid back.
        called_off = record.cancelled_at if record.cancelled_at and not record.refunds else None
        is_cancelled = called_off is not None and called_off <= now
        moments = [
            record.created_at,
            record.visible_at,
            *((called_off,) if called_off and is_cancelled else ()),
        ]
        late = faults.came_late(NAME, "orders", key)
        changed = max([*moments, *((late,) if late else ())])
        stock.orders[key] = nodes.order(record, changed, is_cancelled)
        if not is_cancelled:
            payment = nodes.payment_id(record)
            stock.payments[payment] = {"id": payment, "order_id": key, "status": "COMPLETED"}
        for one in record.refunds:
            if one.at <= now:
                row, back = nodes.refund(one, record), nodes.returned(one, record)
                stock.refunds[row["id"]] = row
                stock.orders[back["id"]] = back
