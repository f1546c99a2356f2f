"""What stays of an order whose buyer was erased: amounts, day, country and goods; nobody.

And having the shop delete the buyer as well.
"""

from connectors.declared import deletion
from connectors.erasing import Row, StandIns
from connectors.landing import objects_at

FACTS = (
    "current_state", "end", "valid", "currency", "country_code", "conversion_rate", "total_paid_tax_incl",
    "total_paid_tax_excl", "total_paid_real", "total_products", "total_products_wt",
    "total_shipping_tax_incl", "total_shipping_tax_excl", "total_discounts_tax_incl",
)  # fmt: skip
LINE = (
    "product_reference",
    "product_quantity",
    "product_price",
    "unit_price_tax_incl",
    "unit_price_tax_excl",
)
AMOUNTS = (
    "amount", "shipping_cost_amount", "total_products_tax_incl", "total_shipping_tax_incl", "conversion_rate",
)  # fmt: skip
TIMES = ("created_at_utc", "changed_at_utc")


# The account goes. An address that an order was sent to stays in the shop, marked as deleted, until its own
# GDPR module is run: the webservice has no call for that.
erase_customer = deletion(lambda shop, key, row: shop.delete("customers", key))


def ledger_row(order: Row, key: str, stand_ins: StandIns) -> Row:
    """The order as bookkeeping needs it, in the shape of the API. Times are days: a second finds a person."""
    row: Row = {name: order[name] for name in FACTS if order.get(name) is not None}
    row |= {"id": int(key), "reference": "erased", "erased": True, "id_customer": "0", "coupons": []}
    lines = objects_at(order, "associations.order_rows")
    row["associations"] = {"order_rows": [{n: line[n] for n in LINE if n in line} for line in lines]}
    row["refunds"] = [_refund(one, stand_ins) for one in objects_at(order, "refunds")]
    row["states"] = [
        {"state": one.get("state"), "end": one.get("end"), "at_utc": stand_ins.day(one.get("at_utc"))}
        for one in objects_at(order, "states")
    ]
    row["payments"] = [
        {"amount": one.get("amount"), "at_utc": stand_ins.day(one.get("at_utc"))}
        for one in objects_at(order, "payments")
    ]
    for name in TIMES:
        if day := stand_ins.day(order.get(name)):
            row[name] = day
    return row


def _refund(refund: Row, stand_ins: StandIns) -> Row:
    row: Row = {"id": int(stand_ins.number(f"refund {refund.get('id')}"))}
    row |= {name: refund[name] for name in AMOUNTS if name in refund}
    for name in TIMES:
        if day := stand_ins.day(refund.get(name)):
            row[name] = day
    return row
