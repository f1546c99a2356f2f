"""What stays of an order whose buyer was erased: amounts, day, country, goods and campaign; nobody.

And having the shop erase the buyer's account as well.
"""

from connectors.declared import deletion
from connectors.erasing import Row, StandIns
from connectors.landing import at, objects_at

FACTS = ("status", "currency", "total", "total_tax", "shipping_total", "shipping_tax", "prices_include_tax")
# Where from, and whether it was a try: nothing else of an order's notes is free of people.
MODES = ("_wcpay_mode", "_ppcp_paypal_payment_mode", "_mollie_payment_mode")
KEPT_NOTES = ("_wc_order_attribution_utm_", *MODES)
LINE = ("sku", "quantity", "subtotal", "subtotal_tax", "total", "total_tax")
TIMES = ("date_created_gmt", "date_paid_gmt", "created_at_utc", "changed_at_utc")


# The account goes at once. Orders keep their address there until the shop's own eraser (WordPress, Tools,
# Erase Personal Data) is run: the API has no call for it.
erase_customer = deletion(lambda shop, key, row: shop.delete(f"customers/{key}", {"force": "true"}))


def ledger_row(order: Row, key: str, stand_ins: StandIns) -> Row:
    """The order as bookkeeping needs it, in the shape of the API. Times are days: a second finds a person."""
    row: Row = {name: order[name] for name in FACTS if order.get(name) is not None}
    row |= {"id": int(key), "number": "erased", "erased": True, "customer_id": 0}
    row["line_items"] = [
        {name: line[name] for name in LINE if name in line} for line in objects_at(order, "line_items")
    ]
    row["refunds"] = [_refund(refund, stand_ins) for refund in objects_at(order, "refunds")]
    row["meta_data"] = [
        {"key": note["key"], "value": note.get("value")}
        for note in objects_at(order, "meta_data")
        if str(note.get("key")).startswith(KEPT_NOTES)
    ]
    for name in TIMES:
        told = order.get(name)
        if day := stand_ins.day(f"{told}Z" if isinstance(told, str) and name.endswith("_gmt") else told):
            row[name] = day
    row["billing"] = {"country": country} if (country := at(order, "billing.country")) else {}
    return row


def _refund(refund: Row, stand_ins: StandIns) -> Row:
    row: Row = {"id": int(stand_ins.number(f"refund {refund.get('id')}"))}
    row |= {name: refund[name] for name in ("total", "amount") if name in refund}
    if day := stand_ins.day(refund.get("created_at_utc")):
        row["created_at_utc"] = day
    return row
