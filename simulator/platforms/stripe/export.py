"""The dashboard's two exports: customers and payments, times in UTC, amounts in whole units."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from simulator.clock import Clock
from simulator.export_files import text
from simulator.model import Company
from simulator.platforms.stripe.stock import Stock, look
from simulator.timeline import end_of
from simulator.truth import MAIL_ACCOUNT

CUSTOMERS, PAYMENTS = "customers.csv", "unified_payments.csv"
DIGITS = {"jpy": 0, "kwd": 3}


def files(company: Company, folder: Path) -> list[Path]:
    stock = look(company, Clock(end_of(company.until)), {})
    told = ((CUSTOMERS, customers(stock)), (PAYMENTS, payments(stock)))
    return [text(folder / MAIL_ACCOUNT / name, "utf-8", ",", next(rows), rows) for name, rows in told]


def stamp(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"


def amount(minor: int, currency: str) -> str:
    digits = DIGITS.get(currency, 2)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def customers(stock: Stock) -> Iterator[tuple]:
    yield ("id", "Description", "Email", "Name", "Created (UTC)", "Delinquent", "Phone", "Address Line1",
           "Address City", "Address Postal Code", "Address Country")  # fmt: skip
    for row in stock.lists["customers"]:
        home = row["address"] or {}
        yield (
            row["id"], "", row["email"], row["name"], stamp(row["created"]), "false", row["phone"],
            home.get("line1"), home.get("city"), home.get("postal_code"), home.get("country"),
        )  # fmt: skip


def payments(stock: Stock) -> Iterator[tuple]:
    yield ("id", "Description", "Seller Message", "Created date (UTC)", "Amount", "Amount Refunded",
           "Currency", "Status", "Mode", "Customer ID", "Customer Email", "Captured",
           "PaymentIntent ID")  # fmt: skip
    for row in stock.lists["charges"]:
        back, currency = row["amount_refunded"], row["currency"]
        paid = "Refunded" if row["refunded"] else "Paid"
        yield (
            row["id"], "", "Payment complete.", stamp(row["created"]), amount(row["amount"], currency),
            amount(back, currency), currency, paid if row["paid"] else "Failed",
            "Live" if row["livemode"] else "Test", row["customer"], row["billing_details"]["email"],
            "true" if row["captured"] else "false", row["payment_intent"],
        )  # fmt: skip
