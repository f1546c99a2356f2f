"""The files a shop lets somebody download: customers by the button of their list, orders and addresses by the
shop's SQL Manager, with the queries of docs/platforms/prestashop.md.

The list of orders has a button too, but its file tells no customer's number, and writes amounts as people do.
"""

from collections.abc import Mapping

from connectors.cells import when
from connectors.stream import Export, Reading, Row

CUSTOMER_COLUMNS: Mapping[str, str] = {
    theirs: ours
    for ours, names in {
        "id": "id",
        "firstname": "first_name prenom",
        "lastname": "last_name nom",
        "email": "email_address adresse_e_mail adresse_email e_mail",
        "company": "company entreprise societe",
        "active": "enabled active actif",
        "newsletter": "newsletter lettre_d_information lettre_d_informations",
        "optin": "partner_offers offres_partenaires offres_des_partenaires",
        "registered": "registration inscription date_d_inscription",
    }.items()
    for theirs in names.split()
}
ENGLISH = frozenset(
    {"id", "first_name", "last_name", "email_address", "company", "enabled", "newsletter", "partner_offers",
     "registration"}
)  # fmt: skip
ADDRESS = (
    "firstname", "lastname", "company", "address1", "address2", "postcode", "city", "phone", "phone_mobile",
    "country_code", "deleted",
)  # fmt: skip
AMOUNTS = ("total_paid_tax_incl", "total_paid_tax_excl", "total_paid_real", "total_shipping_tax_incl")
TIMES = (("date_add", "created_at_utc"), ("date_upd", "changed_at_utc"))


def customer(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """An account or a guest in the shape of the API."""
    told = {reading.columns.get(name, name): cell for name, cell in cells.items()}
    names = ("firstname", "lastname", "email", "company", "active", "newsletter", "optin")
    row: Row = {"id": _number(told.get("id", ""))} | {name: told.get(name, "") for name in names}
    if told.get("registered"):
        row["created_at_utc"] = when(told["registered"], reading)
    return _filled(row)


def address(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """An address in the shape of the API."""
    row: Row = {"id": _number(cells.get("id_address", "")), "id_customer": cells.get("id_customer", "")}
    return _filled(row | {name: cells.get(name, "") for name in ADDRESS} | _times(cells, reading))


def order(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """An order in the shape of the API, without its articles; how much was given back, and not when."""
    row: Row = {"id": _number(cells.get("id_order", ""))}
    row |= {name: cells.get(name, "") for name in ("reference", "id_customer", "id_address_invoice")}
    row |= {name: cells.get(name, "") for name in ("current_state", "valid", "currency", *AMOUNTS)}
    row |= {"refunded_total": _none(cells.get("refunded_total", ""))} | _times(cells, reading)
    return _filled(row)


def _times(cells: Mapping[str, str], reading: Reading) -> Row:
    return {ours: when(cells[theirs], reading) for theirs, ours in TIMES if cells.get(theirs)}


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def _none(text: str) -> str:
    """What the SQL Manager writes of a sum over nothing is no amount."""
    return "" if text.upper() == "NULL" else text


def _filled(row: Row) -> Row:
    return {name: value for name, value in row.items() if value not in (None, "")}


CUSTOMERS_EXPORT = Export(
    "customers",
    frozenset({"id", "firstname", "lastname", "email", "newsletter", "optin", "registered"}),
    customer,
    known=CUSTOMER_COLUMNS,
    # The shop's own French of its headers is in no source we could read.
    assumed=frozenset(CUSTOMER_COLUMNS) - ENGLISH,
)
ADDRESSES_EXPORT = Export(
    "addresses", frozenset({"id_address", "id_customer", "address1", "postcode", "country_code"}), address
)
ORDERS_EXPORT = Export(
    "orders",
    frozenset({"id_order", "id_customer", "total_paid_tax_incl", "current_state", "currency"}),
    order,
)
