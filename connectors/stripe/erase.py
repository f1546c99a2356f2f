"""What stays of a charge whose payer was erased: amounts and days; and having Stripe delete the customer."""

from connectors.declared import deletion
from connectors.erasing import Row, StandIns
from connectors.landing import at

FACTS = (
    "object", "amount", "amount_captured", "amount_refunded", "currency", "status", "captured", "paid",
    "refunded", "disputed", "livemode",
)  # fmt: skip


# Gone at once, its subscriptions with it. Charges stay, as the law wants; what they hold of the payer goes by
# Stripe's own redaction, for which the API has no call.
erase_customer = deletion(lambda stripe, key, row: stripe.http.delete(f"v1/customers/{key}"))


def ledger_row(charge: Row, key: str, stand_ins: StandIns) -> Row:
    """The charge as bookkeeping needs it. Times are days: a second finds a person."""
    row: Row = {name: charge[name] for name in FACTS if charge.get(name) is not None}
    row |= {"id": key, "erased": True, "customer": None}
    if day := stand_ins.day(charge.get("created")):
        row["created"] = day
    refunds = at(charge, "refunds.data")
    row["refunds"] = {"data": [_refund(one, stand_ins) for one in refunds or () if isinstance(one, dict)]}
    disputes = charge.get("disputes")
    row["disputes"] = [{"status": one.get("status")} for one in disputes or () if isinstance(one, dict)]
    return row


def _refund(refund: Row, stand_ins: StandIns) -> Row:
    row: Row = {"id": stand_ins.number(f"refund {refund.get('id')}")}
    row |= {name: refund[name] for name in ("amount", "currency", "status") if name in refund}
    if day := stand_ins.day(refund.get("created")):
        row["created"] = day
    return row
