"""The files a shop lets somebody download: customers by WooCommerce's own Analytics, orders by an extension's
export, whose columns the vendor documents (Import Export Suite; Order Export has the same).

The customers' file holds no numbers, and guests too: its lines are known by their address.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from connectors.cells import when
from connectors.stream import Export, Reading, Row

CUSTOMER_COLUMNS: Mapping[str, str] = {
    theirs: ours
    for ours, names in {
        "id": "customer_id id user_id",
        "name": "name nom",
        "username": "username nom_d_utilisateur identifiant",
        "registered": "sign_up date_registered inscription date_d_inscription",
        "email": "email e_mail adresse_e_mail adresse_de_messagerie",
        "city": "city ville",
        "postcode": "postal_code code_postal",
        "country": "country_region pays_region",
        "last_active": "last_active derniere_activite",
        "orders_count": "orders commandes",
        "total_spend": "total_spend depense_totale total_des_depenses",
    }.items()
    for theirs in names.split()
}
BILLING = (
    "first_name", "last_name", "company", "email", "phone", "address_1", "address_2", "city", "state",
    "postcode", "country",
)  # fmt: skip


def customer(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """An account or a guest in the shape of the API."""
    told = {reading.columns.get(name, name): cell for name, cell in cells.items()}
    email = told.get("email", "")
    first, _, last = told.get("name", "").strip().partition(" ")
    address = {ours: told[ours] for ours in ("city", "postcode", "country") if told.get(ours)}
    row: Row = {
        "id": _number(told.get("id")) or (f"address-{_digest(email)}" if email else ""),
        "email": email,
        "first_name": first,
        "last_name": last,
        "username": told.get("username"),
        "billing": address or None,
    }
    if told.get("registered"):
        row["created_at_utc"] = when(told["registered"], reading)
    return {name: value for name, value in row.items() if value not in (None, "")}


def order(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """An order in the shape of the API, without its articles: their cells differ from version to version."""
    told = {reading.columns.get(name, name): cell for name, cell in cells.items()}
    billing = {name: told[f"billing_{name}"] for name in BILLING if told.get(f"billing_{name}")}
    if told.get("customer_email"):
        billing.setdefault("email", told["customer_email"])
    back = told.get("refunded_total", "").lstrip("-")
    row: Row = {
        "id": _number(told.get("order_id")),
        "number": told.get("order_number"),
        "status": told.get("status", "").lower().removeprefix("wc-").replace(" ", "-"),
        "currency": told.get("order_currency"),
        "total": told.get("order_total"),
        "total_tax": told.get("tax_total"),
        "shipping_total": told.get("shipping_total"),
        "shipping_tax": told.get("shipping_tax_total"),
        "customer_id": _number(told.get("customer_id") or told.get("customer_user") or "0"),
        "payment_method": told.get("payment_method"),
        "transaction_id": told.get("transaction_id"),
        "billing": billing or None,
        "refunded_total": back or None,
        "coupon_lines": _coupons(told.get("coupon_items", "")),
    }
    for column, name in (("order_date", "created_at_utc"), ("paid_date", "date_paid_gmt")):
        if told.get(column):
            row[name] = when(told[column], reading)
    return {name: value for name, value in row.items() if value not in (None, "", [])}


def _number(text: str | None) -> int | str | None:
    return int(text) if text and text.isascii() and text.isdigit() else text


def _digest(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:20]


def _coupons(cell: str) -> list[dict[str, Any]]:
    """`code:SPRING|amount:5.00;code:…`"""
    parts = [part.partition("code:")[2].partition("|")[0].strip() for part in cell.split(";")]
    return [{"code": code} for code in parts if code]


CUSTOMERS_EXPORT = Export(
    "customers",
    frozenset({"email", "last_active", "orders_count", "total_spend"}),
    customer,
    known=CUSTOMER_COLUMNS,
    assumed=frozenset(CUSTOMER_COLUMNS) - {"email"},
)
ORDERS_EXPORT = Export(
    "orders", frozenset({"order_id", "order_number", "order_total", "status", "billing_email"}), order
)
