"""WooCommerce: customers, and orders with their refunds (REST v3, webhook, CSV export).

A key and a secret made in the shop's own settings; reading is enough but for erasing. Version 3 has been the
current one since WooCommerce 3.5, and no end of it is announced. Customers cannot be asked for by date: they
are read whole. A deleted customer is told by webhook alone, a deleted order also by the shop's bin.
"""

from datetime import timedelta

from connectors.erasing import Erasing
from connectors.stream import Promise, Stream, Webhook
from connectors.woocommerce.erase import erase_customer, ledger_row
from connectors.woocommerce.fetch import customers, orders
from connectors.woocommerce.read import CUSTOMERS_EXPORT, ORDERS_EXPORT
from connectors.woocommerce.receive import is_ping, receive, verify
from connectors.woocommerce.shop import client

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "client"]

NAME = "woocommerce"
SECRETS = ("WOOCOMMERCE_KEY", "WOOCOMMERCE_SECRET")
DECIMAL, CURRENCY = r"^-?\d+(\.\d+)?$", r"^[A-Z]{3}$"

STREAMS = (
    Stream(
        "customers",
        customers,
        changed_at="changed_at_utc",
        occurred_at="created_at_utc",
        poor_ways=frozenset({"file"}),
        volatile=("_links", "avatar_url"),
        erasing=Erasing(profiles=("customer",), ask=erase_customer),
        promises=(
            # A number; in the file, which tells none, made of the address.
            Promise("id"),
            Promise("created_at_utc", type="time"),
            Promise("email", type="text"),
            Promise("role", type="text"),
            Promise("billing", type="object"),
            Promise("boxes", required=False, type="list"),
        ),
    ),
    Stream(
        "orders",
        orders,
        counted="present",
        changed_at="changed_at_utc",
        occurred_at="created_at_utc",
        # An order is saved by the shop's own jobs too, and its date of change moves while they run.
        overlap=timedelta(minutes=10),
        poor_ways=frozenset({"file"}),
        volatile=("_links",),
        erasing=Erasing(profiles=("guest_order",), owner=("customers", "customer_id"), keep=ledger_row),
        promises=(
            Promise("id", type="number"),
            Promise("number", type="text"),
            Promise("created_at_utc", type="time"),
            Promise("changed_at_utc", type="time"),
            Promise("status", type="text"),
            Promise("customer_id", type="number"),
            Promise("currency", type="text", pattern=CURRENCY),
            Promise("total", type="text", pattern=DECIMAL),
            Promise("total_tax", type="text", pattern=DECIMAL),
            Promise("shipping_total", type="text", pattern=DECIMAL),
            Promise("billing", type="object"),
            Promise("line_items", type="list"),
            Promise("refunds", type="list"),
            Promise("boxes", required=False, type="list"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("WOOCOMMERCE_WEBHOOK_SECRET",), is_ping=is_ping)
EXPORTS = (CUSTOMERS_EXPORT, ORDERS_EXPORT)
