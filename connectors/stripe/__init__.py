"""Stripe: customers, charges with refunds and disputes, subscriptions, invoices, checkout sessions (REST).

A restricted key with read rights is enough but for erasing. What changed is told by Stripe's events, for 30
days; before that, and after a longer absence, lists are read whole. The version is sent with every call: no
setting of the account changes an answer's shape. Stripe announces no end of old versions.
"""

from connectors.erasing import Erasing
from connectors.stream import Promise, Stream, Webhook
from connectors.stripe.api import client
from connectors.stripe.erase import erase_customer, ledger_row
from connectors.stripe.fetch import KINDS, fetcher
from connectors.stripe.read import CHARGES_EXPORT, CUSTOMERS_EXPORT
from connectors.stripe.receive import receive, verify

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "client"]

NAME = "stripe"
SECRETS = ("STRIPE_KEY",)
CURRENCY = r"^[a-z]{3}$"
OF_CUSTOMER = ("customers", "customer")

PROMISES: dict[str, tuple[Promise, ...]] = {
    "customers": (Promise("email", required=False, type="text"),),
    "charges": (
        Promise("amount", type="number"),
        Promise("amount_captured", type="number"),
        Promise("amount_refunded", type="number"),
        Promise("currency", type="text", pattern=CURRENCY),
        Promise("status", type="text"),
        Promise("customer", required=False, type="text"),
        Promise("billing_details", required=False, type="object"),
    ),
    "subscriptions": (
        Promise("customer", type="text"),
        Promise("status", type="text"),
        Promise("items", type="object"),
    ),
    "invoices": (
        Promise("customer", required=False, type="text"),
        Promise("total", type="number"),
        Promise("amount_paid", type="number"),
        Promise("currency", type="text", pattern=CURRENCY),
        Promise("status_transitions", type="object"),
    ),
    "checkout_sessions": (Promise("customer", required=False, type="text"),),
}
ERASING = {
    "customers": Erasing(profiles=("customer",), ask=erase_customer),
    "charges": Erasing(profiles=("guest_order",), owner=OF_CUSTOMER, keep=ledger_row),
    "checkout_sessions": Erasing(profiles=("guest_session",), owner=OF_CUSTOMER),
}

STREAMS = tuple(
    Stream(
        name,
        fetcher(kind),
        # No object says when it changed: what was read last is what is.
        occurred_at="created",
        poor_ways=frozenset({"file"}),
        volatile=kind.volatile,
        erasing=ERASING.get(name, Erasing(owner=OF_CUSTOMER)),
        promises=(
            Promise("id", type="text"),
            Promise("created", type="time"),
            Promise("livemode", type="boolean"),
            *PROMISES[name],
        ),
    )
    for name, kind in KINDS.items()
)
WEBHOOK = Webhook(verify, receive, secrets=("STRIPE_WEBHOOK_SECRET",))
EXPORTS = (CUSTOMERS_EXPORT, CHARGES_EXPORT)
