"""The dashboard's exports of customers and payments. Columns are chosen on exporting, and no page of the
vendor lists them all, hence `assumed`; times are in UTC, amounts in whole units, with comma or point.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.cells import truth, when
from connectors.stream import Export, Reading, Row

CUSTOMER_COLUMNS = frozenset(
    {"id", "name", "email", "phone", "description", "created_utc", "address_line1", "address_city",
     "address_postal_code", "address_country"}
)  # fmt: skip
CHARGE_COLUMNS = frozenset(
    {"id", "created_date_utc", "created_utc", "amount", "amount_refunded", "currency", "status", "mode",
     "captured", "customer_id", "customer_email", "paymentintent_id"}
)  # fmt: skip
ADDRESS = ("line1", "city", "postal_code", "country")
# Digits behind the point that the API counts in, where they are not two.
NO_DECIMALS = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"}
)
THREE_DECIMALS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})


def customer(cells: Mapping[str, str], reading: Reading) -> Row | None:
    told = {reading.columns.get(name, name): cell for name, cell in cells.items()}
    address = {ours: told[f"address_{ours}"] for ours in ADDRESS if told.get(f"address_{ours}")}
    row: Row = {
        "id": told.get("id"),
        "name": told.get("name"),
        "email": told.get("email"),
        "phone": told.get("phone"),
        "description": told.get("description"),
        "address": address or None,
        "created": _created(told, reading),
        "livemode": True,
    }
    return {name: value for name, value in row.items() if value not in (None, "")}


def charge(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A payment in the shape of the API. One that failed or was not captured took no money."""
    told = {reading.columns.get(name, name): cell for name, cell in cells.items()}
    currency = told.get("currency", "").lower()
    amount = minor(told.get("amount", ""), currency)
    status = told.get("status", "").lower()
    is_paid = status in {"paid", "succeeded", "refunded", "partial refund", "partially refunded", "disputed"}
    is_captured = truth(told.get("captured", "true")) is True
    row: Row = {
        "id": told.get("id"),
        "amount": amount,
        "amount_captured": amount if is_paid and is_captured else 0,
        "amount_refunded": minor(told.get("amount_refunded", "0"), currency),
        "currency": currency,
        "status": "succeeded" if is_paid else status,
        "customer": told.get("customer_id"),
        "payment_intent": told.get("paymentintent_id"),
        "billing_details": {"email": told["customer_email"]} if told.get("customer_email") else None,
        "created": _created(told, reading),
        "livemode": told.get("mode", "live").lower() != "test",
    }
    return {name: value for name, value in row.items() if value not in (None, "")}


def _created(told: Mapping[str, str], reading: Reading) -> str | None:
    text = told.get("created_utc") or told.get("created_date_utc")
    return when(text, replace(reading, zone=UTC)) if text else None


def minor(text: str, currency: str) -> Any:
    """`1,234.50` or `1 234,50` in the unit the API counts in; what is no amount stays text, to be refused."""
    plain = "".join(text.split()).replace("\N{NARROW NO-BREAK SPACE}", "")
    if "," in plain:
        plain = plain.replace(",", "") if "." in plain else plain.replace(",", ".")
    exponent = 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2
    try:
        return int((Decimal(plain) * 10**exponent).to_integral_value())
    except (InvalidOperation, ValueError, OverflowError):
        return text


CUSTOMERS_EXPORT = Export(
    "customers", frozenset({"id", "email", "delinquent"}), customer, assumed=CUSTOMER_COLUMNS
)
CHARGES_EXPORT = Export(
    "charges",
    frozenset({"id", "amount", "amount_refunded", "currency", "status"}),
    charge,
    assumed=CHARGE_COLUMNS,
)
