"""Customers and orders as a shop renders them: local times and beside them UTC without saying so, money as
text but for the price of a line, a refund negative in its order and positive by itself."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from simulator.baskets import CENT
from simulator.marketing import PARIS
from simulator.model import ConsentState, Refund, ShopCustomer, ShopOrder

Node = dict[str, Any]
HOME = "https://maison-exemple.example/wp-json/wc/v3"
# A plugin's box at the checkout: its key, and what stands beside it.
BOX = "_newsletter_optin"
WORDING = "Je souhaite recevoir la lettre de Maison Exemple par e-mail"


def times(name: str, moment: datetime | None) -> Node:
    """A time twice: the shop's own and GMT, neither with an offset."""
    if moment is None:
        return {name: None, f"{name}_gmt": None}
    local = moment.astimezone(PARIS).replace(tzinfo=None, microsecond=0)
    return {name: local.isoformat(), f"{name}_gmt": f"{moment:%Y-%m-%dT%H:%M:%S}"}


def money(amount: Decimal) -> str:
    return f"{amount.quantize(CENT, ROUND_HALF_UP):.2f}"


def address(record: ShopCustomer | ShopOrder, is_billing: bool) -> Node:
    made = {
        "first_name": record.first_name or "",
        "last_name": record.last_name or "",
        "company": "",
        "address_1": record.street or "",
        "address_2": "",
        "city": record.city or "",
        "state": "",
        "postcode": record.postcode or "",
        "country": record.country or "",
    }
    return made | ({"email": record.email or ""} if is_billing else {}) | {"phone": record.phone or ""}


def links(kind: str, key: int) -> Node:
    return {"self": [{"href": f"{HOME}/{kind}/{key}"}], "collection": [{"href": f"{HOME}/{kind}"}]}


def is_subscribed(consents: Sequence[ConsentState], now: datetime) -> bool:
    states = [one.state for one in consents if one.channel == "email" and one.at <= now]
    return bool(states) and states[-1] == "subscribed"


def customer(record: ShopCustomer, changed: datetime, now: datetime, is_paying: bool) -> Node:
    key = int(record.customer_id)
    ticked = [{"id": key * 10, "key": BOX, "value": "1"}] if is_subscribed(record.consents, now) else []
    return {
        "id": key,
        **times("date_created", record.created_at),
        **times("date_modified", changed),
        "email": record.email or "",
        "first_name": record.first_name or "",
        "last_name": record.last_name or "",
        "role": "customer",
        "username": (record.email or str(key)).partition("@")[0],
        "billing": address(record, is_billing=True),
        "shipping": address(record, is_billing=False),
        "is_paying_customer": is_paying,
        "avatar_url": "https://secure.gravatar.com/avatar/0?s=96",
        "meta_data": [*ticked, {"id": key * 10 + 1, "key": "wc_last_active", "value": "1778800000"}],
        "_links": links("customers", key),
    }


def status(record: ShopOrder, refunds: Sequence[Refund], cancelled_at: datetime | None) -> str:
    if sum((refund.amount for refund in refunds), Decimal(0)) >= record.total > 0:
        return "refunded"
    return "cancelled" if cancelled_at else "completed"


def order(
    record: ShopOrder, refunds: Sequence[Refund], cancelled_at: datetime | None, changed: datetime
) -> Node:
    key = int(record.order_id)
    rate = record.tax / (record.total - record.tax) if record.total > record.tax else Decimal(0)
    shipping = (record.shipping / (1 + rate)).quantize(CENT, ROUND_HALF_UP)
    paid_at = None if cancelled_at else record.created_at
    goods = sum((price * count for _, _, count, price in record.lines), Decimal(0))
    discount = max(Decimal(0), goods + record.shipping - record.total)
    return {
        "id": key,
        "parent_id": 0,
        "status": status(record, refunds, cancelled_at),
        "currency": record.currency,
        "version": "10.7.0",
        "prices_include_tax": True,
        **times("date_created", record.created_at),
        **times("date_modified", changed),
        "discount_total": money(discount),
        "discount_tax": "0.00",
        "shipping_total": money(shipping),
        "shipping_tax": money(record.shipping - shipping),
        "cart_tax": money(record.tax - (record.shipping - shipping)),
        "total": money(record.total),
        "total_tax": money(record.tax),
        "customer_id": int(record.customer_id or 0),
        "order_key": f"wc_order_{key % 10**8}",
        "billing": address(record, is_billing=True),
        "shipping": address(record, is_billing=False),
        "payment_method": "woocommerce_payments",
        "payment_method_title": "Carte bancaire",
        "transaction_id": f"pi_{key}",
        "customer_ip_address": "",
        "customer_user_agent": "",
        "created_via": "checkout",
        "customer_note": "",
        **times("date_completed", paid_at),
        **times("date_paid", paid_at),
        "cart_hash": "",
        "number": record.name.lstrip("#"),
        "meta_data": list(_notes(record, key)),
        "line_items": [_line(line, key * 100 + n, rate) for n, line in enumerate(record.lines)],
        "tax_lines": [],
        "shipping_lines": [],
        "fee_lines": [],
        "coupon_lines": _coupons(record, key, discount),
        "refunds": [
            {"id": int(refund.refund_id), "reason": "", "total": f"-{money(refund.amount)}"}
            for refund in refunds
        ],
        "payment_url": f"https://maison-exemple.example/checkout/order-pay/{key}",
        "is_editable": False,
        "needs_payment": False,
        "needs_processing": False,
        "currency_symbol": "€",
        "_links": links("orders", key),
    }


def _notes(record: ShopOrder, key: int) -> Any:
    found = {f"_wc_order_attribution_{name}": value for name, value in record.utm.items()}
    if record.referrer_url:
        found["_wc_order_attribution_referrer"] = record.referrer_url
    found["_wcpay_mode"] = "test" if record.is_test else "prod"
    for number, (name, value) in enumerate(found.items()):
        yield {"id": key * 10 + number, "key": name, "value": value}


def _coupons(record: ShopOrder, key: int, discount: Decimal) -> list[Node]:
    if not record.discount_code:
        return []
    # Codes are kept in small letters, however they were typed.
    code = record.discount_code.lower()
    return [
        {"id": key * 10, "code": code, "discount": money(discount), "discount_tax": "0.00", "meta_data": []}
    ]


def _line(line: tuple[str, str, int, Decimal], key: int, rate: Decimal) -> Node:
    sku, title, count, price = line
    whole = price * count
    net = (whole / (1 + rate)).quantize(CENT, ROUND_HALF_UP)
    amounts = {"subtotal": money(net), "subtotal_tax": money(whole - net)}
    return {
        "id": key,
        "name": title,
        "product_id": key % 1000,
        "variation_id": 0,
        "quantity": count,
        "tax_class": "",
        **amounts,
        **{name.removeprefix("sub"): value for name, value in amounts.items()},
        "taxes": [],
        "meta_data": [],
        "sku": sku,
        # A number, whatever the documentation says.
        "price": float(price),
        "image": {"id": "", "src": ""},
        "parent_name": None,
    }


def refund(record: Refund, order_id: int) -> Node:
    """A refund by itself: its amount positive."""
    key = int(record.refund_id)
    return {
        "id": key,
        "parent_id": order_id,
        **times("date_created", record.at),
        "amount": money(record.amount),
        "reason": "",
        "refunded_by": 1,
        "refunded_payment": True,
        "meta_data": [],
        "line_items": [],
        "shipping_lines": [],
        "tax_lines": [],
        "fee_lines": [],
        "_links": {"up": [{"href": f"{HOME}/orders/{order_id}"}]},
    }
