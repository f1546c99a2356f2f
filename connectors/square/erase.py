"""What stays of an order whose buyer was erased: amounts, day, place and goods; nobody.

And having Square delete the profile as well.
"""

from connectors.declared import deletion
from connectors.erasing import Row, StandIns
from connectors.landing import objects_at

FACTS = (
    "location_id", "state", "total_money", "total_tax_money", "total_discount_money", "total_tip_money",
    "total_service_charge_money", "net_amounts",
)  # fmt: skip
LINE = ("catalog_object_id", "quantity", "total_money", "total_discount_money", "gross_sales_money")
TIMES = ("created_at", "updated_at", "closed_at")

# The profile goes at once. What Square itself must keep of payments, no call of the API takes away.
erase_customer = deletion(lambda square, key, row: square.http.delete(f"customers/{key}"))


def ledger_row(order: Row, key: str, stand_ins: StandIns) -> Row:
    """The order as bookkeeping needs it, in the shape of the API. Times are days: a second finds a person."""
    row: Row = {name: order[name] for name in FACTS if order.get(name) is not None}
    row |= {"id": key, "erased": True}
    row["line_items"] = [
        {name: line[name] for name in LINE if name in line} for line in objects_at(order, "line_items")
    ]
    row["tenders"] = [
        {"amount_money": one.get("amount_money"), "type": one.get("type")}
        for one in objects_at(order, "tenders")
    ]
    row["refunds"] = [_refund(one, stand_ins) for one in objects_at(order, "refunds")]
    for name in TIMES:
        if day := stand_ins.day(order.get(name)):
            row[name] = day
    return row


def _refund(refund: Row, stand_ins: StandIns) -> Row:
    row: Row = {"id": stand_ins.number(f"refund {refund.get('id')}")}
    row |= {name: refund[name] for name in ("status", "amount_money") if name in refund}
    if day := stand_ins.day(refund.get("created_at")):
        row["created_at"] = day
    return row
