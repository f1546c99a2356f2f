"""What stays of an order whose buyer was erased: amounts, day, country, goods and campaign; nobody.

And having the shop erase the buyer as well.
"""

from typing import Any

from connectors.erasing import Outcome, Row, StandIns
from connectors.landing import at, objects_at
from connectors.shopify.queries import CUSTOMER_ERASURE
from connectors.shopify.shop import Shopify
from connectors.stream import BadAnswer

MONEY = ("totalPriceSet", "totalTaxSet", "totalShippingPriceSet", "totalRefundedSet")
VISITS = ("firstVisit", "lastVisit")
FACTS = ("test", "currencyCode", "displayFinancialStatus", *MONEY)
# A shop's promise to name every order is kept by a word that names none.
NO_NAME = "erased"


def erase_customer(shop: Shopify, key: str, row: Row) -> Outcome:
    """The shop notes it and redacts the customer and their orders after its own delay."""
    data, _ = shop.ask(CUSTOMER_ERASURE, {"id": f"gid://shopify/Customer/{key}"})
    errors = at(data, "customerRequestDataErasure.userErrors") or []
    if any(error.get("code") == "DOES_NOT_EXIST" for error in errors):
        return "not_there"
    if errors:
        raise BadAnswer(f"shopify: the erasure was refused ({errors[0].get('code')})")
    return "requested"


def ledger_row(order: Row, key: str, stand_ins: StandIns) -> Row:
    """The order as bookkeeping needs it, in the shape of the API. Times are days: a second finds a person."""
    row: Row = {name: order[name] for name in FACTS if order.get(name) is not None}
    row |= {"legacyResourceId": key, "name": NO_NAME, "erased": True, "customer": None}
    row["lineItems"] = {"nodes": [_line(line) for line in objects_at(order, "lineItems.nodes")]}
    row["refunds"] = [_refund(refund, stand_ins) for refund in objects_at(order, "refunds")]
    row["disputes"] = [{"status": one.get("status")} for one in objects_at(order, "disputes")]
    for name in ("createdAt", "processedAt", "updatedAt", "cancelledAt"):
        if day := stand_ins.day(order.get(name)):
            row[name] = day
    country = at(order, "billingAddress.countryCodeV2") or at(order, "shippingAddress.countryCodeV2")
    if country:
        row["billingAddress"] = {"countryCodeV2": country}
    visits = {name: _visit(at(order, f"customerJourneySummary.{name}")) for name in VISITS}
    if any(visits.values()):
        row["customerJourneySummary"] = {name: visit for name, visit in visits.items() if visit}
    return row


def _line(line: Row) -> Row:
    return {name: line[name] for name in ("sku", "quantity", "originalUnitPriceSet") if name in line}


def _refund(refund: Row, stand_ins: StandIns) -> Row:
    key = refund.get("legacyResourceId") or refund.get("id")
    row: Row = {"legacyResourceId": stand_ins.number(f"refund {key}")}
    for name in ("createdAt", "processedAt"):
        if day := stand_ins.day(refund.get(name)):
            row[name] = day
    return row | {"totalRefundedSet": refund.get("totalRefundedSet")}


def _visit(visit: Any) -> Row:
    """Where from, without the address of the page, which may carry anything."""
    if not isinstance(visit, dict):
        return {}
    return {name: visit[name] for name in ("source", "utmParameters") if visit.get(name)}
