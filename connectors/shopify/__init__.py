"""Shopify: customers with their consent states, orders with their refunds (Admin GraphQL).

Reference: the published introspection schema, 2026-07. Without the scope `read_all_orders` a shop shows
the last 60 days of orders only, and says nothing about it; we look and warn. Deletions and merges
are told by webhook alone.
"""

from datetime import timedelta

from connectors.erasing import Erasing
from connectors.shopify.erase import erase_customer, ledger_row
from connectors.shopify.fetch import customers, orders
from connectors.shopify.read import CUSTOMERS_EXPORT, ORDERS_EXPORT
from connectors.shopify.shop import client
from connectors.stream import Promise, Stream

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "client"]

NAME = "shopify"
# Either SHOPIFY_TOKEN or SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET: `client` says so.
SECRETS = ()

EMAIL_STATES = frozenset({"INVALID", "NOT_SUBSCRIBED", "PENDING", "SUBSCRIBED", "UNSUBSCRIBED"})
PHONE_STATES = frozenset({"NOT_SUBSCRIBED", "PENDING", "REDACTED", "SUBSCRIBED", "UNSUBSCRIBED"})
LEVELS = frozenset({"SINGLE_OPT_IN", "CONFIRMED_OPT_IN", "UNKNOWN"})
PAYMENTS = frozenset(
    {
        "AUTHORIZED",
        "EXPIRED",
        "PAID",
        "PARTIALLY_PAID",
        "PARTIALLY_REFUNDED",
        "PENDING",
        "REFUNDED",
        "VOIDED",
    }
)
DECIMAL, CURRENCY, DIGITS = r"^-?\d+(\.\d+)?$", r"^[A-Z]{3}$", r"^\d+$"
OVERLAP = timedelta(minutes=10)


def _money(path: str) -> tuple[Promise, ...]:
    return (
        Promise(f"{path}.shopMoney.amount", type="text", pattern=DECIMAL),
        Promise(f"{path}.shopMoney.currencyCode", type="text", pattern=CURRENCY),
    )


STREAMS = (
    Stream(
        "customers",
        customers,
        counted="present",
        key="legacyResourceId",
        changed_at="updatedAt",
        occurred_at="createdAt",
        overlap=OVERLAP,
        poor_ways=frozenset({"file"}),
        erasing=Erasing(profiles=("customer",), ask=erase_customer),
        promises=(
            Promise("legacyResourceId", type="text", pattern=DIGITS),
            Promise("createdAt", type="time"),
            Promise("updatedAt", type="time"),
            Promise("numberOfOrders", type="text", pattern=DIGITS),
            Promise("tags", type="list"),
            Promise("locale", type="text"),
            Promise("defaultEmailAddress", required=False, type="object"),
            Promise(
                "defaultEmailAddress.marketingState",
                required=False,
                type="text",
                values=EMAIL_STATES,
            ),
            Promise("defaultEmailAddress.marketingOptInLevel", required=False, type="text", values=LEVELS),
            Promise("defaultEmailAddress.marketingUpdatedAt", required=False, type="time"),
            Promise("defaultPhoneNumber", required=False, type="object"),
            Promise("defaultPhoneNumber.marketingState", required=False, type="text", values=PHONE_STATES),
            Promise("defaultPhoneNumber.marketingOptInLevel", required=False, type="text", values=LEVELS),
            Promise("defaultPhoneNumber.marketingUpdatedAt", required=False, type="time"),
            Promise("defaultAddress", required=False, type="object"),
        ),
    ),
    Stream(
        "orders",
        orders,
        counted="present",
        key="legacyResourceId",
        changed_at="updatedAt",
        occurred_at="createdAt",
        overlap=OVERLAP,
        poor_ways=frozenset({"file"}),
        erasing=Erasing(
            profiles=("guest_order",), owner=("customers", "customer.legacyResourceId"), keep=ledger_row
        ),
        promises=(
            Promise("legacyResourceId", type="text", pattern=DIGITS),
            Promise("name", type="text"),
            Promise("createdAt", type="time"),
            Promise("processedAt", type="time"),
            Promise("updatedAt", type="time"),
            Promise("cancelledAt", required=False, type="time"),
            Promise("test", type="boolean"),
            Promise("currencyCode", type="text", pattern=CURRENCY),
            Promise("displayFinancialStatus", required=False, type="text", values=PAYMENTS),
            *_money("totalPriceSet"),
            *_money("totalRefundedSet"),
            *_money("totalShippingPriceSet"),
            Promise("refunds", type="list"),
            Promise("customer", required=False, type="object"),
            Promise("customer.legacyResourceId", required=False, type="text", pattern=DIGITS),
            Promise("lineItems.nodes", type="list"),
        ),
    ),
)
EXPORTS = (CUSTOMERS_EXPORT, ORDERS_EXPORT)
