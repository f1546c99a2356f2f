"""The two files a shop lets somebody download: WooCommerce's own report of customers, guests in it, and the
orders of an export extension, its times in the shop's zone."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from simulator.export_files import text
from simulator.marketing import PARIS
from simulator.model import Company, ShopOrder
from simulator.platforms.woocommerce.nodes import money, status
from simulator.stages import is_sale, returned
from simulator.truth import MAIL_ACCOUNT

CUSTOMERS, ORDERS = "customers-report.csv", "order_export.csv"
CUSTOMER_COLUMNS = (
    "Name", "Username", "Last Active", "Sign Up", "Email", "Orders", "Total Spend", "AOV", "Country / Region",
    "City", "Region", "Postal Code",
)  # fmt: skip
BILLING = ("first_name", "last_name", "email", "phone", "address_1", "city", "postcode", "country")
ORDER_COLUMNS = (
    "order_id", "order_number", "order_date", "paid_date", "status", "shipping_total", "shipping_tax_total",
    "tax_total", "order_total", "order_currency", "payment_method", "transaction_id", "customer_id",
    *(f"billing_{name}" for name in BILLING), "coupon_items", "refunded_total",
)  # fmt: skip


def files(company: Company, folder: Path) -> list[Path]:
    told = ((CUSTOMERS, "utf-8", customers(company)), (ORDERS, "utf-8-sig", orders(company)))
    return [text(folder / MAIL_ACCOUNT / name, codec, ",", next(rows), rows) for name, codec, rows in told]


def customers(company: Company) -> Iterator[tuple]:
    """The headers, then accounts, then guests by their address."""
    yield CUSTOMER_COLUMNS
    own: dict[str, list[ShopOrder]] = defaultdict(list)
    for order in company.shop_orders:
        own[order.customer_id or f"guest {(order.email or '').strip().lower()}"].append(order)
    for row in company.shop_customers:
        name = " ".join(part for part in (row.first_name, row.last_name) if part)
        told = (
            name,
            (row.email or "").partition("@")[0],
            "",
            f"{row.created_at.astimezone(PARIS):%Y-%m-%d %H:%M:%S}",
        )
        yield (
            *told,
            row.email,
            *_sums(own.get(row.customer_id, [])),
            row.country,
            row.city,
            "",
            row.postcode,
        )
    for key, orders in own.items():
        one = orders[0]
        if key.startswith("guest ") and one.email and not one.is_test:
            name = " ".join(part for part in (one.first_name, one.last_name) if part)
            yield name, "", "", "", one.email, *_sums(orders), one.country, one.city, "", one.postcode


def _sums(orders: list[ShopOrder]) -> tuple[int, str, str]:
    kept = [order.total - returned(order) for order in orders if is_sale(order)]
    spent = sum(kept, Decimal(0))
    return len(kept), money(spent), money(spent / len(kept)) if kept else "0"


def orders(company: Company) -> Iterator[tuple]:
    yield ORDER_COLUMNS
    for row in reversed(company.shop_orders):
        if row.is_test:
            continue
        at = f"{row.created_at.astimezone(PARIS):%Y-%m-%d %H:%M:%S}"
        billing = (getattr(row, name) for name in ("first_name", "last_name", "email", "phone", "street"))
        coupon = f"code:{row.discount_code.lower()}|amount:1.00" if row.discount_code else ""
        yield (
            row.order_id, row.name.lstrip("#"), at, "" if row.cancelled_at else at,
            status(row, row.refunds, row.cancelled_at), money(row.shipping), "0.00", money(row.tax),
            money(row.total), row.currency, "woocommerce_payments", f"pi_{row.order_id}",
            row.customer_id or 0, *billing, row.city, row.postcode, row.country, coupon, money(returned(row)),
        )  # fmt: skip
