"""PrestaShop: customers, their addresses, and orders with their refunds (webservice as JSON, and files).

A key made in the back office; reading is enough but for erasing. The classic webservice is in every version
from 1.6 to 9, and no end of it is announced; the Admin API of version 9 does not read all of this. The shop
pushes nothing without a module, and says of nothing that it was deleted.
"""

from datetime import timedelta

from connectors.erasing import Erasing
from connectors.prestashop.erase import erase_customer, ledger_row
from connectors.prestashop.fetch import addresses, customers, orders
from connectors.prestashop.read import ADDRESSES_EXPORT, CUSTOMERS_EXPORT, ORDERS_EXPORT
from connectors.prestashop.shop import client
from connectors.stream import Promise, Stream

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "client"]

NAME = "prestashop"
SECRETS = ("PRESTASHOP_KEY",)
DECIMAL, CURRENCY = r"^-?\d+(\.\d+)?$", r"^[A-Z]{3}$"
# Times come without a zone: when clocks are put back, an hour comes twice.
OVERLAP = timedelta(minutes=70)

# Numbers and flags are text or numbers as the server's PHP pleases: of them only that they are there.
STREAMS = (
    Stream(
        "customers",
        customers,
        counted="present",
        changed_at="changed_at_utc",
        occurred_at="created_at_utc",
        overlap=OVERLAP,
        poor_ways=frozenset({"file"}),
        erasing=Erasing(profiles=("customer",), ask=erase_customer),
        promises=(
            Promise("id"),
            Promise("created_at_utc", type="time"),
            Promise("email", type="text"),
            Promise("newsletter"),
            Promise("deleted"),
            Promise("is_guest"),
        ),
    ),
    Stream(
        "addresses",
        addresses,
        counted="present",
        changed_at="changed_at_utc",
        occurred_at="created_at_utc",
        overlap=OVERLAP,
        poor_ways=frozenset({"file"}),
        erasing=Erasing(owner=("customers", "id_customer")),
        promises=(Promise("id"), Promise("id_customer"), Promise("deleted")),
    ),
    Stream(
        "orders",
        orders,
        counted="present",
        changed_at="changed_at_utc",
        occurred_at="created_at_utc",
        overlap=OVERLAP,
        poor_ways=frozenset({"file"}),
        erasing=Erasing(owner=("customers", "id_customer"), keep=ledger_row),
        promises=(
            Promise("id"),
            Promise("reference", type="text"),
            Promise("created_at_utc", type="time"),
            Promise("changed_at_utc", type="time"),
            Promise("id_customer"),
            Promise("current_state"),
            Promise("currency", type="text", pattern=CURRENCY),
            Promise("total_paid_tax_incl", type="text", pattern=DECIMAL),
            Promise("refunds", type="list"),
            Promise("states", type="list"),
            Promise("payments", type="list"),
        ),
    ),
)
EXPORTS = (CUSTOMERS_EXPORT, ADDRESSES_EXPORT, ORDERS_EXPORT)
