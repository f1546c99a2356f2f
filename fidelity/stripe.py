"""Stripe by its own SDK: its version, its paging, its errors, its check of a webhook's signature."""

import sys
import time
from typing import Any

import stripe

from fidelity.report import Report, must
from simulator.platforms.stripe.push import SECRET, delivery

KEY = "rk_live_sim"
# What the SDK's own types say is never missing, of what we read.
NEEDED = {
    "customer": ("id", "created", "email", "livemode", "name", "phone", "address", "metadata"),
    "charge": (
        "id", "amount", "amount_captured", "amount_refunded", "billing_details", "captured", "created",
        "currency", "customer", "disputed", "livemode", "paid", "payment_intent", "refunded", "status",
    ),
    "subscription": ("id", "cancel_at_period_end", "canceled_at", "created", "customer", "ended_at", "items",
                     "livemode", "status", "start_date"),
    "invoice": ("id", "amount_paid", "attempted", "billing_reason", "created", "currency", "customer",
                "livemode", "parent", "status", "status_transitions", "total"),
    "checkout.session": ("id", "consent", "consent_collection", "created", "customer", "customer_details",
                         "livemode", "payment_status", "status"),
}  # fmt: skip


def main(base_url: str) -> int:
    report = Report(base_url, "stripe", f"stripe {stripe.VERSION}")
    client = stripe.StripeClient(KEY, base_addresses={"api": f"{base_url}/stripe"}, max_network_retries=0)
    lists = {
        "customers": client.v1.customers, "charges": client.v1.charges,
        "subscriptions": client.v1.subscriptions, "invoices": client.v1.invoices,
        "checkout sessions": client.v1.checkout.sessions,
    }  # fmt: skip
    found: dict[str, list[Any]] = {}
    for name, service in lists.items():
        with report.check(f"{name} paged by 10, newest first") as notes:
            params: dict[str, Any] = {"limit": 10} | ({"status": "all"} if name == "subscriptions" else {})
            rows = list(service.list(params).auto_paging_iter())
            must(rows and len({row.id for row in rows}) == len(rows), "none, or twice")
            times = [row.created for row in rows]
            must(times == sorted(times, reverse=True), "another order")
            lacks = {key for row in rows for key in NEEDED[row.object] if key not in row}
            must(not lacks, f"without {lacks}")
            found[name] = rows
            notes.append(f"{len(rows)}")
    with report.check("refunds only where asked for, and the payments of an invoice") as notes:
        told = client.v1.charges.list({"limit": 100, "expand": ["data.refunds"]}).data
        must(all("refunds" not in row for row in found["charges"]), "refunds nobody asked for")
        back = [(one.amount, row.id) for row in told for one in row.refunds.data]
        must(
            back and all(one.charge == row.id for row in told for one in row.refunds.data),
            "of another charge",
        )
        sums = {row.id: sum(one.amount for one in row.refunds.data) for row in told}
        must(all(row.amount_refunded == sums[row.id] for row in told), "other sums")
        paid = client.v1.invoices.list({"limit": 1, "expand": ["data.payments"]}).data[0]
        must(paid.payments.data[0].payment.payment_intent.startswith("pi_"), "no payment")
        notes.append(f"{len(back)} refunds")
    with report.check("events of the last 30 days, by type and time") as notes:
        events = list(client.v1.events.list({"limit": 100}).auto_paging_iter())
        oldest = min(event.created for event in events)
        some = client.v1.events.list({"limit": 100, "types": ["charge.succeeded"]}).data
        must({event.type for event in some} == {"charge.succeeded"}, "others")
        later = client.v1.events.list({"limit": 100, "created": {"gt": oldest}}).data
        must(all(event.created > oldest for event in later), "older ones")
        notes.append(f"{len(events)} events")
    with report.check("a lost dispute of a charge"):
        disputed = next(row for row in found["charges"] if row.disputed)
        [lost] = client.v1.disputes.list({"charge": disputed.id}).data
        must(lost.status == "lost" and lost.charge == disputed.id, "another")
    with report.check("the SDK believes our webhook, and no changed one"):
        headers, body = delivery(events[0].to_dict(), int(time.time()))
        told = client.construct_event(body, headers["Stripe-Signature"], SECRET)
        must(told.id == events[0].id, "another event")
        try:
            client.construct_event(body + b" ", headers["Stripe-Signature"], SECRET)
        except stripe.SignatureVerificationError:
            pass
        else:
            must(False, "believed")
    _errors(report, client, base_url)
    # Last, for it changes what is asked.
    with report.check("a deleted customer answers 200 and is in no list"):
        key = found["customers"][0].id
        must(client.v1.customers.delete(key).deleted, "refused")
        must(client.v1.customers.retrieve(key).deleted is True, "still there")
        must(key not in {row.id for row in client.v1.customers.list({"limit": 100}).data}, "still listed")
    return int(report.has_failed)


def _errors(report: Report, client: stripe.StripeClient, base_url: str) -> None:
    wrong = stripe.StripeClient("sk_wrong", base_addresses={"api": f"{base_url}/stripe"})
    cases = (
        (
            "a charge that is not there",
            stripe.InvalidRequestError,
            lambda: client.v1.charges.retrieve("ch_no"),
        ),
        ("a page too large", stripe.InvalidRequestError, lambda: client.v1.charges.list({"limit": 101})),
        ("a wrong key", stripe.AuthenticationError, lambda: wrong.v1.charges.list()),
    )
    for what, kind, call in cases:
        with report.check(f"the SDK understands {what}"):
            try:
                call()
            except kind:
                pass
            else:
                must(False, "no error")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
