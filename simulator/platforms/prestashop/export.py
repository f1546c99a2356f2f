"""The files a shop lets somebody download: customers by the button of their list, and what the SQL Manager
gives to the queries of the documentation."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from simulator.clock import Clock
from simulator.export_files import text
from simulator.faults import Faults
from simulator.model import Company
from simulator.platforms.prestashop import nodes
from simulator.platforms.prestashop.stock import Stock, books, look
from simulator.timeline import end_of
from simulator.truth import MAIL_ACCOUNT

CUSTOMERS, ADDRESSES, ORDERS = "customer.csv", "request_sql_1.csv", "request_sql_2.csv"
CUSTOMER_COLUMNS = (
    "ID", "Social title", "First name", "Last name", "Email address", "Group", "Company", "Sales", "Enabled",
    "Newsletter", "Partner offers", "Registration", "Last visit",
)  # fmt: skip
ADDRESS = ("id_customer", "firstname", "lastname", "company", "address1", "postcode", "city", "phone")
MONEY = ("total_paid_tax_incl", "total_paid_tax_excl", "total_paid_real", "total_shipping_tax_incl")
ORDER = ("reference", "id_customer", "id_address_invoice", "current_state", "valid", *MONEY)


def files(company: Company, folder: Path) -> list[Path]:
    stock = shown(company)
    told = ((CUSTOMERS, customers(stock)), (ADDRESSES, addresses(stock)), (ORDERS, orders(stock)))
    return [text(folder / MAIL_ACCOUNT / name, "utf-8", ";", next(rows), rows) for name, rows in told]


def shown(company: Company) -> Stock:
    return look(company, books(company), Clock(end_of(company.until)), Faults(), set())


def customers(stock: Stock) -> Iterator[tuple]:
    yield CUSTOMER_COLUMNS
    for row in stock.tables["customers"].values():
        group = "Guest" if row["is_guest"] == "1" else "Customer"
        yield (
            row["id"], "", row["firstname"], row["lastname"], row["email"], group, "", "", row["active"],
            row["newsletter"], row["optin"], row["date_add"], "",
        )  # fmt: skip


def addresses(stock: Stock) -> Iterator[tuple]:
    yield "id_address", *ADDRESS, "country_code", "deleted", "date_add", "date_upd"
    codes = {key: code for code, key in nodes.COUNTRIES.items()}
    for row in stock.tables["addresses"].values():
        told = (row[name] for name in ADDRESS)
        yield row["id"], *told, codes[row["id_country"]], row["deleted"], row["date_add"], row["date_upd"]


def orders(stock: Stock) -> Iterator[tuple]:
    yield "id_order", *ORDER, "currency", "refunded_total", "date_add", "date_upd"
    back: dict[str, Decimal] = {}
    for row in stock.tables["order_slip"].values():
        given = Decimal(row["total_products_tax_incl"]) + Decimal(row["total_shipping_tax_incl"])
        back[row["id_order"]] = back.get(row["id_order"], Decimal(0)) + given
    for row in stock.tables["orders"].values():
        told, given = (row[name] for name in ORDER), back.get(str(row["id"]))
        yield (
            row["id"],
            *told,
            "EUR",
            "NULL" if given is None else f"{given:f}",
            row["date_add"],
            row["date_upd"],
        )
