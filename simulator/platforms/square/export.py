"""The two files of Square's dashboard: the directory of customers, and transactions, in the seller's zone."""

from collections.abc import Iterator
from pathlib import Path

from simulator.clock import Clock, end_of, read_moment
from simulator.export_files import text
from simulator.faults import Faults
from simulator.marketing import PARIS
from simulator.model import Company
from simulator.platforms.square.stock import Stock, look
from simulator.truth import MAIL_ACCOUNT

CUSTOMERS, TRANSACTIONS = "customers.csv", "transactions.csv"
CUSTOMER_COLUMNS = (
    "Reference ID", "First Name", "Last Name", "Email Address", "Phone Number", "Nickname", "Company Name",
    "Street Address 1", "Street Address 2", "City", "State", "Postal Code", "Birthday", "Memo",
    "Square Customer ID", "Creation Source", "First Visit", "Last Visit", "Transaction Count",
    "Lifetime Spend", "Email Subscription Status", "Instant Profile",
)  # fmt: skip
TRANSACTION_COLUMNS = (
    "Date", "Time", "Time Zone", "Gross Sales", "Discounts", "Net Sales", "Tax", "Tip", "Total Collected",
    "Source", "Transaction ID", "Payment ID", "Event Type", "Location", "Customer ID", "Customer Name",
)  # fmt: skip


def files(company: Company, folder: Path) -> list[Path]:
    stock = look(company, Clock(end_of(company.until)), Faults(), set(), [])
    told = ((CUSTOMERS, customers(stock)), (TRANSACTIONS, transactions(stock)))
    return [text(folder / MAIL_ACCOUNT / name, "utf-8-sig", ",", next(rows), rows) for name, rows in told]


def customers(stock: Stock) -> Iterator[tuple]:
    yield CUSTOMER_COLUMNS
    for row in stock.customers.values():
        where = row.get("address", {})
        has_left = row["preferences"]["email_unsubscribed"]
        yield (
            "", row.get("given_name", ""), row.get("family_name", ""), row.get("email_address", ""),
            row.get("phone_number", ""), "", "", where.get("address_line_1", ""), "",
            where.get("locality", ""), "", where.get("postal_code", ""), "", "", row["id"], "Online Store",
            "", "", "", "", "unsubscribed" if has_left else "subscribed", "No",
        )  # fmt: skip


def transactions(stock: Stock) -> Iterator[tuple]:
    yield TRANSACTION_COLUMNS
    back = {row["order_id"]: row for row in stock.refunds.values()}
    for row in reversed(stock.orders.values()):
        at = read_moment(row["created_at"]).astimezone(PARIS)
        amount, tax, kind = row["total_money"]["amount"], row["total_tax_money"]["amount"], "Payment"
        if row["id"] in back:
            amount, kind = -back[row["id"]]["amount_money"]["amount"], "Refund"
        elif "tenders" not in row:
            continue
        yield (
            f"{at:%d/%m/%Y}", f"{at:%H:%M:%S}", "Europe/Paris", "", "", "", _euros(tax), _euros(0),
            _euros(amount), "Square Online", row["id"], "", kind, row["location_id"],
            row.get("customer_id", ""), "",
        )  # fmt: skip


def _euros(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}€{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
