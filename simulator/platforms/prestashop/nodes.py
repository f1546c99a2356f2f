"""Records as a shop renders them: a number as `id`, all else as text; money with six decimals, times in the
shop's own zone without saying so, zeros where there is none."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from simulator.baskets import CENT, TAX_RATE
from simulator.marketing import PARIS
from simulator.model import ConsentState, Refund, ShopCustomer, ShopOrder

Node = dict[str, Any]
NEVER = "0000-00-00 00:00:00"
# What the shop calls the ends of an order; the numbers are those of a fresh shop.
PAID, DELIVERED, CANCELLED, REFUNDED, AWAITING = "2", "5", "6", "7", "10"
COUNTRIES = {code: str(number) for number, code in enumerate(TAX_RATE, 1)}
LANGUAGES = {"fr": "1", "en": "2"}
# What stands beside the box when an account is made.
WORDING = "Recevoir notre lettre par e-mail"
# The visitor's address, which the shop notes where a visitor signed up and not where staff did.
VISITOR = "203.0.113.7"


@dataclass(frozen=True)
class Buyer:
    """A customer row: an account, or a guest of one order."""

    number: int
    record: ShopCustomer | ShopOrder

    @property
    def is_guest(self) -> bool:
        return isinstance(self.record, ShopOrder)


def local(moment: datetime | None) -> str:
    return f"{moment.astimezone(PARIS):%Y-%m-%d %H:%M:%S}" if moment else NEVER


def money(amount: Decimal) -> str:
    return f"{amount:.6f}"


def reference(order_id: str) -> str:
    """Nine capital letters, as the shop makes them up; what a buyer knows the order by."""
    digest = hashlib.blake2b(f"order {order_id}".encode(), digest_size=9).digest()
    return "".join(chr(65 + byte % 26) for byte in digest)


def newsletter(consents: Sequence[ConsentState], now: datetime) -> tuple[bool, datetime | None]:
    """Whether they get it, and since when they last did."""
    states = [one for one in consents if one.channel == "email" and one.at <= now]
    yes = [one.at for one in states if one.state == "subscribed"]
    return bool(states) and states[-1].state == "subscribed", yes[-1] if yes else None


def customer(buyer: Buyer, changed: datetime, now: datetime) -> Node:
    record = buyer.record
    consents = () if isinstance(record, ShopOrder) else record.consents
    is_in, since = newsletter(consents, now)
    language = "fr" if isinstance(record, ShopOrder) else record.locale
    return {
        "id": buyer.number,
        "id_default_group": "2" if buyer.is_guest else "3",
        "id_lang": LANGUAGES.get(language[:2], "1"),
        "newsletter_date_add": local(since),
        # Every fifth was put there by staff.
        "ip_registration_newsletter": VISITOR if since and buyer.number % 5 else "",
        "last_passwd_gen": local(record.created_at),
        "secure_key": hashlib.md5(f"{buyer.number}".encode(), usedforsecurity=False).hexdigest(),
        "deleted": "0",
        "passwd": f"$2y$10$made-up-{buyer.number}",
        "lastname": record.last_name or "",
        "firstname": record.first_name or "",
        "email": record.email or "",
        "id_gender": "0",
        "birthday": "0000-00-00",
        "newsletter": "1" if is_in else "0",
        "optin": "0",
        "website": "",
        "company": "",
        "siret": "",
        "ape": "",
        "outstanding_allow_amount": money(Decimal(0)),
        "show_public_prices": "0",
        "id_risk": "0",
        "max_payment_days": "0",
        "active": "1",
        "note": "",
        "is_guest": "1" if buyer.is_guest else "0",
        "id_shop": "1",
        "id_shop_group": "1",
        "date_add": local(record.created_at),
        "date_upd": local(changed),
        "reset_password_token": "",
        "reset_password_validity": NEVER,
        "associations": {"groups": [{"id": "2" if buyer.is_guest else "3"}]},
    }


def nobody(at: datetime) -> Node:
    """Whom the shop's GDPR module gives the orders of everybody who was erased."""
    row = {"id": 1, "firstname": "Anonymous", "lastname": "Anonymous", "email": "anonymous@psgdpr.com"}
    flags = {"newsletter": "0", "optin": "1", "deleted": "0", "active": "0", "is_guest": "0", "id_lang": "1"}
    kept = {"id_shop": "1", "id_shop_group": "1", "id_default_group": "3", "id_gender": "1", "company": ""}
    empty = {"birthday": "0000-00-00", "siret": "", "website": "", "ip_registration_newsletter": ""}
    times = {"newsletter_date_add": NEVER, "date_add": local(at), "date_upd": local(at)}
    return row | flags | kept | empty | times | {"passwd": "prestashop", "secure_key": "0" * 32}


def address(key: int, buyer: int, record: ShopCustomer | ShopOrder, at: datetime) -> Node:
    return {
        "id": key,
        "id_customer": str(buyer),
        "id_manufacturer": "0",
        "id_supplier": "0",
        "id_warehouse": "0",
        "id_country": COUNTRIES.get(record.country or "FR", "1"),
        "id_state": "0",
        "alias": "Mon adresse",
        "company": "",
        "lastname": record.last_name or "",
        "firstname": record.first_name or "",
        "vat_number": "",
        "address1": record.street or "",
        "address2": "",
        "postcode": record.postcode or "",
        "city": record.city or "",
        "other": "",
        "phone": record.phone or "",
        "phone_mobile": "",
        "dni": "",
        "deleted": "0",
        "date_add": local(at),
        "date_upd": local(at),
    }


def end(record: ShopOrder, refunds: Sequence[Refund], cancelled_at: datetime | None) -> str:
    if cancelled_at:
        return CANCELLED
    if sum((one.amount for one in refunds), Decimal(0)) >= record.total > 0:
        return REFUNDED
    return DELIVERED


def is_paid(record: ShopOrder) -> bool:
    """What was called off and not paid back was never paid."""
    return not record.cancelled_at or bool(record.refunds)


def order(key: int, buyer: int, addressed: int, record: ShopOrder, state: str, changed: datetime) -> Node:
    rate = record.tax / (record.total - record.tax) if record.total > record.tax else Decimal(0)
    net = record.total - record.tax
    shipping = (record.shipping / (1 + rate)).quantize(CENT, ROUND_HALF_UP)
    goods = sum((price * count for _, _, count, price in record.lines), Decimal(0))
    off = max(Decimal(0), goods + record.shipping - record.total)
    paid = record.total if is_paid(record) else Decimal(0)
    return {
        "id": key,
        "id_address_delivery": str(addressed),
        "id_address_invoice": str(addressed),
        "id_cart": str(key),
        "id_currency": "1",
        "id_lang": "1",
        "id_customer": str(buyer),
        "id_carrier": "2",
        "current_state": state,
        "module": "ps_checkout",
        "invoice_number": str(key) if paid else "0",
        "invoice_date": local(record.created_at) if paid else NEVER,
        "delivery_number": "0",
        "delivery_date": NEVER,
        "valid": "1" if state == DELIVERED else "0",
        "date_add": local(record.created_at),
        "date_upd": local(changed),
        "shipping_number": "",
        "note": "",
        "id_shop_group": "1",
        "id_shop": "1",
        "secure_key": hashlib.md5(f"{buyer}".encode(), usedforsecurity=False).hexdigest(),
        "payment": "Carte bancaire",
        "recyclable": "0",
        "gift": "0",
        "gift_message": "",
        "mobile_theme": "0",
        "total_discounts": money(off),
        "total_discounts_tax_incl": money(off),
        "total_discounts_tax_excl": money((off / (1 + rate)).quantize(CENT, ROUND_HALF_UP)),
        "total_paid": money(record.total),
        "total_paid_tax_incl": money(record.total),
        "total_paid_tax_excl": money(net),
        "total_paid_real": money(paid),
        "total_products": money((goods / (1 + rate)).quantize(CENT, ROUND_HALF_UP)),
        "total_products_wt": money(goods),
        "total_shipping": money(record.shipping),
        "total_shipping_tax_incl": money(record.shipping),
        "total_shipping_tax_excl": money(shipping),
        "carrier_tax_rate": "0.000",
        "total_wrapping": money(Decimal(0)),
        "total_wrapping_tax_incl": money(Decimal(0)),
        "total_wrapping_tax_excl": money(Decimal(0)),
        "round_mode": "2",
        "round_type": "2",
        "conversion_rate": "1.000000",
        "reference": reference(record.order_id),
        "associations": {
            "order_rows": [_line(line, key * 10 + n, rate) for n, line in enumerate(record.lines)]
        },
    }


def _line(line: tuple[str, str, int, Decimal], key: int, rate: Decimal) -> Node:
    sku, title, count, price = line
    net = money((price / (1 + rate)).quantize(CENT, ROUND_HALF_UP))
    return {
        "id": str(key),
        "product_id": str(key % 1000),
        "product_attribute_id": "0",
        "product_quantity": str(count),
        "product_name": title,
        "product_reference": sku,
        "product_ean13": "",
        "product_isbn": "",
        "product_upc": "",
        "product_price": net,
        "id_customization": "0",
        "unit_price_tax_incl": money(price),
        "unit_price_tax_excl": net,
    }


def slip(refund: Refund, key: int, order_id: int, buyer: int) -> Node:
    """A refund as a credit slip; `amount` is what was typed in, or else the goods without tax."""
    amount = money(refund.amount)
    return {
        "id": key,
        "id_customer": str(buyer),
        "id_order": str(order_id),
        "conversion_rate": "1.000000",
        "total_products_tax_excl": money((refund.amount / Decimal("1.2")).quantize(CENT, ROUND_HALF_UP)),
        "total_products_tax_incl": amount,
        "total_shipping_tax_excl": money(Decimal(0)),
        "total_shipping_tax_incl": money(Decimal(0)),
        "amount": money((refund.amount / Decimal("1.2")).quantize(CENT, ROUND_HALF_UP)),
        "shipping_cost": "0",
        "shipping_cost_amount": money(Decimal(0)),
        "partial": "0",
        "date_add": local(refund.at),
        "date_upd": local(refund.at),
        "order_slip_type": "0",
        "associations": {"order_slip_details": []},
    }
