"""The account at the clock's moment: every object newest first, and the events of the last 30 days."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.clock import Clock, end_of
from simulator.model import Company, ShopCustomer
from simulator.platforms.stripe import nodes
from simulator.platforms.stripe.nodes import Node

EVENTS_KEPT = timedelta(days=30)
SUBSCRIBER = 6  # one customer in so many
LONGEST = timedelta(days=420)


@dataclass
class Stock:
    """Path of a list -> its objects, newest first."""

    lists: dict[str, list[Node]] = field(default_factory=dict)
    by_id: dict[str, Node] = field(default_factory=dict)
    refunds: dict[str, list[Node]] = field(default_factory=dict)  # by charge
    disputes: dict[str, list[Node]] = field(default_factory=dict)


def look(company: Company, clock: Clock, gone: dict[str, datetime]) -> Stock:
    now, stock = clock.now, Stock()
    found: dict[str, list[Node]] = {path: [] for path in PATHS}
    events: list[Node] = []

    def add(path: str, node: Node, kind: str, at: datetime) -> None:
        found[path].append(node)
        events.append(nodes.event(kind, at, node))

    for person in company.shop_customers:
        if person.visible_at <= now:
            add("customers", nodes.customer(person), "customer.created", person.visible_at)
            if is_subscriber(person):
                _subscribe(person, now, add)
    for order in company.shop_orders:
        if order.visible_at > now or order.total == 0:
            continue
        key = f"ch_{order.order_id}"
        back = [nodes.refund(one, key, "eur") for one in order.refunds if one.at <= now]
        # Somebody whose order was called off before it was paid was not charged.
        status = "failed" if order.cancelled_at and not order.refunds else "succeeded"
        node = nodes.charge(
            order.order_id, order.created_at, nodes.cents(order.total), "eur",
            nodes.customer_id(order.customer_id), nodes.billing(order), back, status=status,
            is_live=not order.is_test,
        )  # fmt: skip
        add("charges", node, f"charge.{status}", order.visible_at)
        stock.refunds[key] = back[::-1]
        events += [nodes.event("charge.refunded", one.at, node) for one in order.refunds if one.at <= now]
    for currency, amount, is_lost in ODD_CHARGES:
        at = end_of(company.until) - timedelta(days=100, hours=ord(currency[0]))
        billing = {"address": None, "email": f"{currency}@courriel.example", "name": None, "phone": None,
                   "tax_id": None}  # fmt: skip
        node = nodes.charge(f"odd{currency}", at, amount, currency, None, billing, [], is_disputed=is_lost)
        add("charges", node, "charge.succeeded", at)
        stock.refunds[node["id"]] = []
        stock.disputes[node["id"]] = [nodes.dispute(node, "lost")] if is_lost else []
    for key, at in gone.items():
        events.append(nodes.event("customer.deleted", at, {"id": key, "object": "customer"}))
        found["customers"] = [one for one in found["customers"] if one["id"] != key]
    found["events"] = [one for one in events if one["created"] >= nodes.seconds(now - EVENTS_KEPT)]
    stock.lists = {path: _newest_first(rows) for path, rows in found.items()}
    stock.by_id = {row["id"]: row for rows in stock.lists.values() for row in rows}
    return stock


PATHS = ("customers", "charges", "subscriptions", "invoices", "checkout/sessions")
# A currency without decimals, one with three, and a payment whose dispute was lost.
ODD_CHARGES = (("jpy", 4900, False), ("kwd", 12340, False), ("usd", 2500, True))


def _newest_first(rows: list[Node]) -> list[Node]:
    return sorted(rows, key=lambda row: (row["created"], row["id"]), reverse=True)


def is_subscriber(person: ShopCustomer) -> bool:
    return int(person.customer_id) % SUBSCRIBER == 0


def has_agreed(person: ShopCustomer) -> bool:
    return int(person.customer_id) % 4 == 0


def ends(person: ShopCustomer) -> datetime | None:
    """One in three gives up after some months."""
    key = int(person.customer_id) // SUBSCRIBER
    return person.created_at + nodes.MONTH * (2 + key % 9) if key % 3 == 0 else None


def _subscribe(person: ShopCustomer, now: datetime, add: Callable[[str, Node, str, datetime], None]) -> None:
    begun, ended = person.created_at, ends(person)
    node = nodes.subscription(person, begun, ended, now)
    is_over = ended is not None and ended <= now
    kind = "customer.subscription.deleted" if is_over else "customer.subscription.created"
    add("subscriptions", node, kind, ended if is_over and ended else begun)
    session = nodes.session(person, has_agreed(person))
    add("checkout/sessions", session, "checkout.session.completed", begun)
    at, number = begun, 0
    while at <= now and not (ended and at >= ended) and at - begun < LONGEST:
        add("invoices", nodes.invoice(person, number, at), "invoice.paid", at)
        key = f"{person.customer_id}{number:03}"
        paid = nodes.charge(
            key, at, nodes.PRICE, "eur", nodes.customer_id(person.customer_id), nodes.billing(person), []
        )
        add("charges", paid, "charge.succeeded", at)
        at, number = at + nodes.MONTH, number + 1
