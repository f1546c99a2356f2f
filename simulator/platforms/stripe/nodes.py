"""Stripe's objects: times in seconds, money in the smallest unit, what is not there null."""

import zlib
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from simulator.model import Refund, ShopCustomer, ShopOrder

Node = dict[str, Any]
VERSION = "2026-10-28.endive"
MONTH = timedelta(days=30)
PRICE = 990


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def cents(amount: Decimal) -> int:
    return int(amount * 100)


def address(record: ShopCustomer | ShopOrder) -> Node:
    return {
        "city": record.city,
        "country": record.country,
        "line1": record.street,
        "line2": None,
        "postal_code": record.postcode,
        "state": None,
    }


def name(record: ShopCustomer | ShopOrder) -> str | None:
    return " ".join(part for part in (record.first_name, record.last_name) if part) or None


def customer_id(record_id: str | None) -> str | None:
    return f"cus_{record_id}" if record_id else None


def customer(record: ShopCustomer) -> Node:
    return {
        "id": customer_id(record.customer_id),
        "object": "customer",
        "address": address(record) if record.street else None,
        "balance": 0,
        "created": seconds(record.created_at),
        "currency": "eur",
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": record.email,
        "invoice_prefix": record.customer_id[-8:],
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": True,
        "metadata": {},
        "name": name(record),
        "next_invoice_sequence": 1,
        "phone": record.phone,
        "preferred_locales": [record.locale],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def refund(record: Refund, charge: str, currency: str) -> Node:
    return {
        "id": f"re_{record.refund_id}",
        "object": "refund",
        "amount": cents(record.amount),
        "balance_transaction": f"txn_{record.refund_id}",
        "charge": charge,
        "created": seconds(record.at),
        "currency": currency,
        "customer": None,
        "customer_account": None,
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": {},
        "payment_intent": charge.replace("ch_", "pi_"),
        "payment_method": None,
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def charge(
    key: str,
    at: datetime,
    amount: int,
    currency: str,
    customer: str | None,
    billing: Node,
    refunds: list[Node],
    *,
    status: str = "succeeded",
    is_live: bool = True,
    is_disputed: bool = False,
) -> Node:
    back = sum(one["amount"] for one in refunds)
    taken = amount if status == "succeeded" else 0
    return {
        "id": f"ch_{key}",
        "object": "charge",
        "amount": amount,
        "amount_captured": taken,
        "amount_refunded": back,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": f"txn_{key}" if taken else None,
        "billing_details": billing,
        "calculated_statement_descriptor": "MAISON EXEMPLE",
        "captured": bool(taken),
        "created": seconds(at),
        "currency": currency,
        "customer": customer,
        "description": None,
        "disputed": is_disputed,
        "failure_balance_transaction": None,
        "failure_code": None if taken else "card_declined",
        "failure_message": None if taken else "Your card was declined.",
        "fraud_details": {},
        "livemode": is_live,
        "metadata": {},
        "on_behalf_of": None,
        "outcome": {"type": "authorized" if taken else "issuer_declined"},
        "paid": bool(taken),
        "payment_intent": f"pi_{key}",
        "payment_method": f"pm_{key}",
        "payment_method_details": {"type": "card"},
        "receipt_email": billing["email"],
        "receipt_number": None,
        "receipt_url": f"https://pay.stripe.com/receipts/{key}?s=sim",
        "refunded": back == amount > 0,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": status,
        "transfer_data": None,
        "transfer_group": None,
    }


def billing(record: ShopCustomer | ShopOrder) -> Node:
    return {
        "address": address(record),
        "email": record.email,
        "name": name(record),
        "phone": record.phone,
        "tax_id": None,
    }


def subscription(record: ShopCustomer, begun: datetime, ended: datetime | None, now: datetime) -> Node:
    is_over = ended is not None and ended <= now
    paid_until = begun + MONTH * ((now - begun) // MONTH + 1)
    item = {
        "id": f"si_{record.customer_id}",
        "object": "subscription_item",
        "created": seconds(begun),
        "current_period_start": seconds(paid_until - MONTH),
        "current_period_end": seconds(paid_until),
        "metadata": {},
        "quantity": 1,
        "subscription": f"sub_{record.customer_id}",
        "price": {
            "id": "price_tea", "object": "price", "active": True, "currency": "eur", "type": "recurring",
            "unit_amount": PRICE, "recurring": {"interval": "month", "interval_count": 1},
        },
    }  # fmt: skip
    return {
        "id": f"sub_{record.customer_id}",
        "object": "subscription",
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": seconds(ended) if ended and is_over else None,
        "collection_method": "charge_automatically",
        "created": seconds(begun),
        "currency": "eur",
        "customer": customer_id(record.customer_id),
        "ended_at": seconds(ended) if ended and is_over else None,
        "items": {"object": "list", "data": [item], "has_more": False, "url": "/v1/subscription_items"},
        "latest_invoice": None,
        "livemode": True,
        "metadata": {},
        "start_date": seconds(begun),
        "status": "canceled" if is_over else "active",
        "trial_end": None,
        "trial_start": None,
    }


def invoice(record: ShopCustomer, number: int, at: datetime) -> Node:
    key = f"{record.customer_id}{number:03}"
    payment = {
        "id": f"inpay_{key}", "object": "invoice_payment", "amount_paid": PRICE, "amount_requested": PRICE,
        "created": seconds(at), "currency": "eur", "invoice": f"in_{key}", "is_default": True,
        "livemode": True,
        "payment": {"type": "payment_intent", "payment_intent": f"pi_{key}"}, "status": "paid",
        "status_transitions": {"canceled_at": None, "paid_at": seconds(at)},
    }  # fmt: skip
    return {
        "id": f"in_{key}",
        "object": "invoice",
        "amount_due": PRICE,
        "amount_paid": PRICE,
        "amount_remaining": 0,
        "attempt_count": 1,
        "attempted": True,
        "billing_reason": "subscription_cycle" if number else "subscription_create",
        "created": seconds(at),
        "currency": "eur",
        "customer": customer_id(record.customer_id),
        "customer_email": record.email,
        "customer_name": name(record),
        "livemode": True,
        "metadata": {},
        "number": f"{record.customer_id[-8:]}-{number + 1:04}",
        "parent": {
            "type": "subscription_details",
            "subscription_details": {"subscription": f"sub_{record.customer_id}", "metadata": {}},
            "quote_details": None,
        },
        "payments": {"object": "list", "data": [payment], "has_more": False, "url": "/v1/invoice_payments"},
        "status": "paid",
        "status_transitions": {
            "finalized_at": seconds(at),
            "marked_uncollectible_at": None,
            "paid_at": seconds(at),
            "voided_at": None,
        },
        "total": PRICE,
        "total_excluding_tax": PRICE,
    }


def session(record: ShopCustomer, has_agreed: bool) -> Node:
    key = record.customer_id
    return {
        "id": f"cs_live_{key}",
        "object": "checkout.session",
        "amount_subtotal": PRICE,
        "amount_total": PRICE,
        "client_reference_id": None,
        "consent": {"promotions": "opt_in" if has_agreed else "opt_out", "terms_of_service": None},
        "consent_collection": {
            "payment_method_reuse_agreement": None,
            "promotions": "auto",
            "terms_of_service": "none",
        },
        "created": seconds(record.created_at),
        "currency": "eur",
        "customer": customer_id(key),
        "customer_creation": "always",
        "customer_details": {
            "address": address(record),
            "email": record.email,
            "name": name(record),
            "phone": record.phone,
            "tax_exempt": "none",
            "tax_ids": [],
        },
        "customer_email": None,
        "livemode": True,
        "metadata": {},
        "mode": "subscription",
        "payment_intent": None,
        "payment_status": "paid",
        "status": "complete",
        "subscription": None,
        "url": None,
    }


def dispute(charge: Node, status: str) -> Node:
    return {
        "id": charge["id"].replace("ch_", "du_"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": charge["created"] + 864_000,
        "currency": charge["currency"],
        "is_charge_refundable": False,
        "livemode": True,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": "fraudulent",
        "status": status,
    }


def event(kind: str, at: datetime, node: Node) -> Node:
    """The object as it was, without what is only there when asked for."""
    number = zlib.crc32(f"{kind} {node['id']} {at}".encode())
    return {
        "id": f"evt_{number:010}",
        "object": "event",
        "api_version": VERSION,
        "created": seconds(at),
        "data": {"object": node},
        "livemode": True,
        "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
