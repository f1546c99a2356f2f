"""The shop's two admin exports. Columns as shops see them in 2026; no page of the vendor lists them.

An order takes one line per article; its own columns stand on the first line only. Test orders are not
exported. Ids and phones carry an apostrophe, which keeps spreadsheets from making numbers of them.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from simulator.marketing import PARIS
from simulator.model import Company, ShopCustomer, ShopOrder
from simulator.stages import returned
from simulator.truth import SHOP


def _columns(text: str) -> list[str]:
    return text.split(",")


CUSTOMER_COLUMNS = _columns(
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,"
    "Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,"
    "Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,"
    "Total Spent,Total Orders,Note,Tax Exempt,Tags"
)
ORDER_COLUMNS = _columns(
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,"
    "Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,"
    "Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,"
    "Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,"
    "Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,"
    "Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,"
    "Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,"
    "Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,"
    "Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,"
    "Duties,Billing Province Name,Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,"
    "Payment References"
)


def files(company: Company, folder: Path) -> list[Path]:
    folder = folder / SHOP
    folder.mkdir(parents=True, exist_ok=True)
    spent: dict[str, Decimal] = defaultdict(Decimal)
    count: Counter[str] = Counter()
    for order in company.shop_orders:
        if order.customer_id and not order.is_test:
            count[order.customer_id] += 1
            spent[order.customer_id] += Decimal(0) if order.cancelled_at else order.total - returned(order)
    customers = (
        _customer(row, spent[row.customer_id], count[row.customer_id]) for row in company.shop_customers
    )
    accepts = {row.customer_id for row in company.shop_customers if _accepts(row, "email")}
    orders = (
        line
        for order in reversed(company.shop_orders)
        if not order.is_test
        for line in _order(order, order.customer_id in accepts)
    )
    return [
        _csv(folder / "customers_export.csv", CUSTOMER_COLUMNS, customers),
        _csv(folder / "orders_export_1.csv", ORDER_COLUMNS, orders),
    ]


def _accepts(row: ShopCustomer, channel: str) -> bool:
    states = [consent.state for consent in row.consents if consent.channel == channel]
    return bool(states) and states[-1] == "subscribed"


def _customer(row: ShopCustomer, spent: Decimal, count: int) -> dict[str, object]:
    phone = f"'{row.phone}" if row.phone else None
    return {
        "Customer ID": f"'{row.customer_id}",
        "First Name": row.first_name,
        "Last Name": row.last_name,
        "Email": row.email,
        "Accepts Email Marketing": "yes" if _accepts(row, "email") else "no",
        "Default Address Address1": row.street,
        "Default Address City": row.city,
        "Default Address Country Code": row.country,
        "Default Address Zip": f"'{row.postcode}" if row.postcode else None,
        "Default Address Phone": phone if row.street else None,
        "Phone": phone,
        "Accepts SMS Marketing": "yes" if _accepts(row, "sms") else "no",
        "Total Spent": f"{spent:.2f}",
        "Total Orders": count,
        "Tax Exempt": "no",
        "Tags": ", ".join(row.tags),
    }


def _order(row: ShopOrder, accepts: bool) -> Iterator[dict[str, object]]:
    back, goods = returned(row), sum((price * n for _, _, n, price in row.lines), Decimal(0))
    first = {
        "Financial Status": _status(row, back),
        "Paid at": _stamp(row.created_at),
        "Fulfillment Status": "unfulfilled" if row.cancelled_at else "fulfilled",
        "Accepts Marketing": "yes" if accepts else "no",
        "Currency": row.currency,
        "Subtotal": f"{row.total - row.shipping:.2f}",
        "Shipping": f"{row.shipping:.2f}",
        "Taxes": f"{row.tax:.2f}",
        "Total": f"{row.total:.2f}",
        "Discount Code": row.discount_code,
        "Discount Amount": f"{goods + row.shipping - row.total:.2f}",
        "Cancelled at": _stamp(row.cancelled_at),
        "Payment Method": "Shopify Payments",
        "Refunded Amount": f"{back:.2f}",
        "Outstanding Balance": "0.00",
        "Id": row.order_id,
        "Risk Level": "Low",
        "Source": "web",
        "Phone": f"'{row.phone}" if row.phone and row.phone.startswith("+") else row.phone,
        **_address("Billing", row),
        **_address("Shipping", row),
    }
    for i, (sku, title, quantity, price) in enumerate(row.lines):
        yield {
            **(first if i == 0 else {}),
            "Name": row.name,
            "Email": row.email,
            "Created at": _stamp(row.created_at),
            "Lineitem quantity": quantity,
            "Lineitem name": title,
            "Lineitem price": f"{price:.2f}",
            "Lineitem sku": sku,
            "Lineitem requires shipping": "true",
            "Lineitem taxable": "true",
            "Lineitem fulfillment status": "pending" if row.cancelled_at else "fulfilled",
        }


def _status(row: ShopOrder, back: Decimal) -> str:
    if back >= row.total > 0:
        return "refunded"
    if back:
        return "partially_refunded"
    return "voided" if row.cancelled_at else "paid"


def _address(kind: str, row: ShopOrder) -> dict[str, object]:
    return {
        f"{kind} Name": " ".join(part for part in (row.first_name, row.last_name) if part),
        f"{kind} Street": row.street,
        f"{kind} Address1": row.street,
        f"{kind} City": row.city,
        f"{kind} Zip": f"'{row.postcode}" if row.postcode else None,
        f"{kind} Country": row.country,
    }


def _stamp(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(PARIS):%Y-%m-%d %H:%M:%S %z}" if moment else None


def _csv(path: Path, columns: list[str], rows: Iterable[dict[str, object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
