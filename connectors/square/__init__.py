"""Square: customers of the directory, and orders with their refunds (REST, webhook, files of the dashboard).

An access token of an application of one's own; reading is enough but for erasing. Money is integers of the
smallest unit. A merge makes a third profile of two, and is told by webhook alone, as deletions are. The
version is sent with every call; Square announces no end of old versions.
"""

from datetime import timedelta

from connectors.erasing import Erasing
from connectors.square.api import client
from connectors.square.erase import erase_customer, ledger_row
from connectors.square.fetch import customers, orders
from connectors.square.read import CUSTOMERS_EXPORT, TRANSACTIONS_EXPORT
from connectors.square.receive import receive, verify
from connectors.stream import Promise, Stream, Webhook

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "client"]

NAME = "square"
SECRETS = ("SQUARE_TOKEN",)
CURRENCY = r"^[A-Z]{3}$"

STREAMS = (
    Stream(
        "customers",
        customers,
        counted="present",
        changed_at="updated_at",
        occurred_at="created_at",
        # A change may take a minute to be found.
        overlap=timedelta(minutes=10),
        poor_ways=frozenset({"file"}),
        # Which groups a profile falls into moves with what others do.
        volatile=("segment_ids",),
        erasing=Erasing(profiles=("customer",), ask=erase_customer),
        promises=(
            Promise("id", type="text"),
            Promise("created_at", type="time"),
            Promise("updated_at", type="time"),
            Promise("preferences", required=False, type="object"),
            Promise("preferences.email_unsubscribed", required=False, type="boolean"),
            Promise("address", required=False, type="object"),
            Promise("merged_from", required=False, type="list"),
        ),
    ),
    Stream(
        "orders",
        orders,
        changed_at="updated_at",
        occurred_at="created_at",
        # What was sold without a line comes up to three days late, dated by when it came.
        overlap=timedelta(minutes=10),
        poor_ways=frozenset({"file"}),
        erasing=Erasing(profiles=("guest_order",), owner=("customers", "customer_id"), keep=ledger_row),
        promises=(
            Promise("id", type="text"),
            Promise("location_id", type="text"),
            Promise("created_at", type="time"),
            Promise("updated_at", type="time"),
            Promise("state", type="text"),
            Promise("total_money", type="object"),
            Promise("total_money.amount", type="number"),
            Promise("total_money.currency", type="text", pattern=CURRENCY),
            Promise("line_items", required=False, type="list"),
            Promise("tenders", required=False, type="list"),
            Promise("refunds", type="list"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("SQUARE_WEBHOOK_KEY", "SQUARE_WEBHOOK_URL"))
EXPORTS = (CUSTOMERS_EXPORT, TRANSACTIONS_EXPORT)
