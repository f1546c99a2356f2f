"""The shop's tables at the clock's moment, rendered once, each in the order of its numbers."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.model import Company, ShopCustomer, ShopOrder
from simulator.platforms.prestashop import nodes
from simulator.platforms.prestashop.nodes import Buyer, Node

NAME = "prestashop"
SETTINGS = {
    "PS_TIMEZONE": "Europe/Paris",
    "PS_OS_CANCELED": nodes.CANCELLED,
    "PS_OS_REFUND": nodes.REFUNDED,
    "PS_OS_ERROR": "8",
}


@dataclass
class Stock:
    """Rows by number, by the name of the resource."""

    tables: dict[str, dict[int, Node]] = field(default_factory=dict)
    asked: dict[str, list[Node]] = field(default_factory=dict)  # by what was asked for
    by_value: dict[tuple[str, str], dict[str, list[Node]]] = field(default_factory=dict)

    def having(self, kind: str, name: str, values: list[str]) -> list[Node]:
        """The rows whose field is one of these; looked through once, whatever is asked for."""
        if (kind, name) not in self.by_value:
            found = self.by_value[kind, name] = defaultdict(list)
            for row in self.tables[kind].values():
                found[str(row[name])].append(row)
        return [row for value in dict.fromkeys(values) for row in self.by_value[kind, name].get(value, ())]


@dataclass
class Addressed:
    """An address that orders were sent to, never changed: the next order that says otherwise gets another."""

    number: int
    buyer: Buyer
    first: ShopOrder
    until: ShopOrder | None = None

    def is_same(self, order: ShopOrder) -> bool:
        return _said(self.first) == _said(order)


@dataclass(frozen=True)
class Books:
    """The numbers the shop gave, one after the other, as things came."""

    accounts: dict[str, Buyer]  # by the company's number of the customer
    guests: dict[str, Buyer]  # by that of the order
    orders: list[tuple[int, ShopOrder]]
    addresses: list[Addressed]
    addressed: dict[str, int]  # order -> address
    rules: dict[str, int]  # code -> rule

    def buyer(self, order: ShopOrder) -> Buyer:
        return self.accounts[order.customer_id] if order.customer_id else self.guests[order.order_id]


def books(company: Company) -> Books:
    # The shop marks no order as a test: only its buyer's name can tell.
    told = [replace(one, last_name="Test") if one.is_test else one for one in company.shop_orders]
    orders = sorted(told, key=lambda one: (one.created_at, one.order_id))
    came: list[ShopCustomer | ShopOrder] = [*company.shop_customers]
    came += [one for one in orders if not one.customer_id]
    came.sort(key=lambda one: (one.created_at, isinstance(one, ShopOrder)))
    # The first is nobody: see `nodes.nobody`.
    buyers = [Buyer(number, record) for number, record in enumerate(came, 2)]
    accounts = {one.record.customer_id: one for one in buyers if isinstance(one.record, ShopCustomer)}
    guests = {one.record.order_id: one for one in buyers if isinstance(one.record, ShopOrder)}
    codes = sorted({one.discount_code for one in orders if one.discount_code})
    rules = {code: number for number, code in enumerate(codes, 1)}
    made = Books(accounts, guests, list(enumerate(orders, 1)), [], {}, rules)
    last: dict[int, Addressed] = {}
    for order in orders:
        buyer = made.buyer(order)
        found = last.get(buyer.number)
        if found is None or not found.is_same(order):
            if found:
                found.until = order
            found = last[buyer.number] = Addressed(len(made.addresses) + 1, buyer, order)
            made.addresses.append(found)
        made.addressed[order.order_id] = found.number
    return made


def _said(order: ShopOrder) -> tuple[str | None, ...]:
    return order.first_name, order.last_name, order.street, order.city, order.phone


def look(company: Company, kept: Books, clock: Clock, faults: Faults, gone: set[int]) -> Stock:
    """What the shop shows; `gone` are customers that were deleted."""
    tables: dict[str, dict[int, Node]] = {name: {} for name in FIELDS}
    for number, (name, value) in enumerate(SETTINGS.items(), 1):
        tables["configurations"][number] = {"id": number, "name": name, "value": value}
    tables["currencies"][1] = {"id": 1, "iso_code": "EUR", "conversion_rate": "1.000000"}
    for name, codes in (("countries", nodes.COUNTRIES), ("languages", nodes.LANGUAGES)):
        tables[name] = {int(key): {"id": int(key), "iso_code": code} for code, key in codes.items()}
    tables["cart_rules"] = {key: {"id": key, "code": code} for code, key in kept.rules.items()}
    if company.people:
        tables["customers"][1] = nodes.nobody(min(one.record.created_at for one in _buyers(kept)))
    for buyer in _buyers(kept):
        _show_customer(tables, buyer, clock.now, faults, gone)
    for addressed in kept.addresses:
        _show_address(tables, addressed, clock.now, gone)
    _show_orders(tables, kept, clock.now, faults)
    return Stock({name: dict(sorted(rows.items())) for name, rows in tables.items()})


def _buyers(kept: Books) -> Iterator[Buyer]:
    yield from kept.accounts.values()
    yield from kept.guests.values()


def _show_customer(
    tables: dict[str, dict[int, Node]], buyer: Buyer, now: datetime, faults: Faults, gone: set[int]
) -> None:
    record, key = buyer.record, buyer.number
    is_hidden = record.visible_at > now or faults.hides(NAME, "customers", str(key))
    if is_hidden or key in gone:
        return
    moments = [record.created_at, record.visible_at]
    if isinstance(record, ShopCustomer):
        moments += [one.at for one in record.consents if one.at <= now]
    late = faults.came_late(NAME, "customers", str(key))
    changed = max([*moments, *((late,) if late else ())])
    tables["customers"][key] = nodes.customer(buyer, changed, now)


def _show_address(tables: dict[str, dict[int, Node]], one: Addressed, now: datetime, gone: set[int]) -> None:
    if one.first.visible_at > now:
        return
    row = nodes.address(one.number, one.buyer.number, one.first, one.first.created_at)
    if one.buyer.number in gone or (one.until and one.until.visible_at <= now):
        row |= {"deleted": "1", "date_upd": nodes.local(one.until.visible_at if one.until else now)}
    tables["addresses"][one.number] = row


def _show_orders(tables: dict[str, dict[int, Node]], kept: Books, now: datetime, faults: Faults) -> None:
    """Orders with what hangs on them."""
    slips = 0
    for key, record in kept.orders:
        slips += len(record.refunds)
        if record.visible_at > now or faults.hides(NAME, "orders", str(key)):
            continue
        buyer, addressed = kept.buyer(record).number, kept.addressed[record.order_id]
        back = [one for one in record.refunds if one.at <= now]
        cancelled = record.cancelled_at if record.cancelled_at and record.cancelled_at <= now else None
        state = nodes.end(record, back, cancelled)
        # A part given back moves no date of the order.
        moments = [record.created_at, record.visible_at, *((cancelled,) if cancelled else ())]
        moments += [one.at for one in back] if state == nodes.REFUNDED else []
        ended = max(moments)
        moments += [one for one in (faults.came_late(NAME, "orders", str(key)),) if one]
        tables["orders"][key] = nodes.order(key, buyer, addressed, record, state, max(moments))
        for place, refund in enumerate(back):
            number = slips - len(record.refunds) + place + 1
            tables["order_slip"][number] = nodes.slip(refund, number, key, buyer)
        _show_history(tables, key, record, state, ended)
        if record.discount_code:
            tables["order_cart_rules"][key] = {
                "id": key, "id_order": str(key), "id_cart_rule": str(kept.rules[record.discount_code]),
                "name": record.discount_code.title(), "value": "1.000000",
            }  # fmt: skip


def _show_history(
    tables: dict[str, dict[int, Node]], key: int, record: ShopOrder, state: str, changed: datetime
) -> None:
    first = nodes.PAID if nodes.is_paid(record) else nodes.AWAITING
    passed = [(first, record.created_at), (state, changed if state != nodes.DELIVERED else record.created_at)]
    for place, (one, at) in enumerate(passed):
        number = key * 2 + place
        tables["order_histories"][number] = {
            "id": number, "id_employee": "0", "id_order_state": one, "id_order": str(key),
            "date_add": nodes.local(at),
        }  # fmt: skip
    if nodes.is_paid(record):
        tables["order_payments"][key] = {
            "id": key, "order_reference": nodes.reference(record.order_id), "id_currency": "1",
            "amount": nodes.money(record.total), "payment_method": "Carte bancaire",
            "conversion_rate": "1.000000", "transaction_id": f"pi_{record.order_id}", "card_number": "",
            "card_brand": "", "card_expiration": "", "card_holder": "",
            "date_add": nodes.local(record.created_at),
        }  # fmt: skip


# What the shop has, and what each list is called in an answer.
FIELDS = {
    "customers": "customers", "addresses": "addresses", "orders": "orders", "order_slip": "order_slips",
    "order_histories": "order_histories", "order_payments": "order_payments",
    "order_cart_rules": "order_cart_rules", "cart_rules": "cart_rules", "configurations": "configurations",
    "currencies": "currencies", "countries": "countries", "languages": "languages",
}  # fmt: skip
