"""Records as Square renders them: what is not known is left out, money is integers of the smallest unit, and
a customer is made to the millisecond and changed to the second."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from simulator.model import ConsentState, Refund, ShopCustomer, ShopOrder

Node = dict[str, Any]
# More places than one search may name; at the first of them it sells.
PLACES = tuple(f"L{number:02d}SIMULATED" for number in range(11))
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def name_of(kind: str, key: str) -> str:
    """26 capital letters and digits, the same each time."""
    digest = hashlib.blake2b(f"{kind} {key}".encode(), digest_size=26).digest()
    return "".join(LETTERS[byte % 32] for byte in digest)


def exactly(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def roughly(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def money(amount: Decimal, currency: str) -> Node:
    return {"amount": int(amount * 100), "currency": currency}


def known(**fields: Any) -> Node:
    """Fields that are null are not there."""
    return {name: value for name, value in fields.items() if value not in (None, "", {})}


def has_left(consents: Sequence[ConsentState], now: datetime) -> datetime | None:
    """Since when they get no mail, if they said so."""
    states = [one for one in consents if one.channel == "email" and one.at <= now]
    return states[-1].at if states and states[-1].state == "unsubscribed" else None


def address(record: ShopCustomer | ShopOrder) -> Node:
    return known(
        address_line_1=record.street,
        locality=record.city,
        postal_code=record.postcode,
        country=record.country,
    )


def customer(record: ShopCustomer, changed: datetime, now: datetime) -> Node:
    return known(
        id=name_of("customer", record.customer_id),
        created_at=exactly(record.created_at),
        updated_at=roughly(changed),
        given_name=record.first_name,
        family_name=record.last_name,
        email_address=record.email,
        phone_number=record.phone,
        address=address(record),
        preferences={"email_unsubscribed": has_left(record.consents, now) is not None},
        creation_source="ONLINE_STORE",
        segment_ids=["SIM.REACHABLE"],
        version=1,
    )


def merged(first: Node, second: Node, key: str, at: datetime) -> Node:
    """What two became: the first's words where both have some."""
    made = second | first | {"id": key, "created_at": exactly(at), "updated_at": roughly(at)}
    return made | {"creation_source": "MERGE", "version": 0}


def location(key: str) -> Node:
    return {
        "id": key, "name": f"Maison {key[:3]}", "timezone": "Europe/Paris", "status": "ACTIVE",
        "created_at": "2019-01-01T09:00:00Z", "merchant_id": "MSIMULATED", "country": "FR", "currency": "EUR",
        "language_code": "fr-FR", "type": "PHYSICAL",
    }  # fmt: skip


def payment_id(record: ShopOrder) -> str:
    return name_of("payment", record.order_id)


def order(record: ShopOrder, changed: datetime, is_cancelled: bool) -> Node:
    """Prices hold the tax. An order called off before anything was paid has no tender."""
    currency = record.currency
    whole = sum((price * count for _, _, count, price in record.lines), Decimal(0)) + record.shipping
    discount = max(Decimal(0), whole - record.total)
    key = name_of("order", record.order_id)
    tender = {
        "id": payment_id(record),
        "location_id": PLACES[0],
        "transaction_id": key,
        "created_at": roughly(record.created_at),
        "amount_money": money(record.total, currency),
        "type": "CARD",
        "card_details": {"status": "CAPTURED", "entry_method": "KEYED"},
        "payment_id": payment_id(record),
    }
    return known(
        id=key,
        location_id=PLACES[0],
        customer_id=name_of("customer", record.customer_id) if record.customer_id else None,
        line_items=list(_lines(record, discount)),
        created_at=exactly(record.created_at),
        updated_at=exactly(changed),
        closed_at=exactly(record.created_at),
        state="CANCELED" if is_cancelled else "COMPLETED",
        version=4,
        total_money=money(record.total, currency),
        total_tax_money=money(record.tax, currency),
        total_discount_money=money(discount, currency),
        total_tip_money=money(Decimal(0), currency),
        total_service_charge_money=money(record.shipping, currency),
        net_amounts={"total_money": money(record.total, currency)},
        reference_id=record.name,
        source={"name": "Square Online"},
        tenders=None if is_cancelled else [tender],
        fulfillments=[_sent(record)],
    )


def _lines(record: ShopOrder, discount: Decimal) -> Any:
    """The whole discount lies on the first line."""
    for number, (sku, title, count, price) in enumerate(record.lines):
        gross, off = price * count, discount if number == 0 else Decimal(0)
        yield {
            "uid": f"{number}-{sku}",
            "catalog_object_id": sku,
            "quantity": str(count),
            "name": title,
            "base_price_money": money(price, record.currency),
            "gross_sales_money": money(gross, record.currency),
            "total_discount_money": money(off, record.currency),
            "total_money": money(gross - off, record.currency),
            "item_type": "ITEM",
        }


def _sent(record: ShopOrder) -> Node:
    name = " ".join(part for part in (record.first_name, record.last_name) if part)
    recipient = known(
        display_name=name, email_address=record.email, phone_number=record.phone, address=address(record)
    )
    return {"type": "SHIPMENT", "state": "COMPLETED", "shipment_details": {"recipient": recipient}}


def refund(one: Refund, record: ShopOrder) -> Node:
    """A refund names the payment; its order is one of its own, of what came back."""
    return {
        "id": f"{payment_id(record)}_{name_of('refund', one.refund_id)}",
        "status": "COMPLETED",
        "amount_money": money(one.amount, record.currency),
        "payment_id": payment_id(record),
        "order_id": name_of("return", one.refund_id),
        "created_at": exactly(one.at),
        "updated_at": exactly(one.at),
        "location_id": PLACES[0],
        "destination_type": "CARD",
    }


def returned(one: Refund, record: ShopOrder) -> Node:
    """The order of what came back: nothing is sold by it."""
    zero = money(Decimal(0), record.currency)
    return {
        "id": name_of("return", one.refund_id),
        "location_id": PLACES[0],
        "created_at": exactly(one.at),
        "updated_at": exactly(one.at),
        "state": "COMPLETED",
        "total_money": zero,
        "total_tax_money": zero,
        "returns": [{"source_order_id": name_of("order", record.order_id)}],
        "version": 1,
    }
