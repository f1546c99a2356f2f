"""The files the dashboard lets somebody download: the directory of customers, and transactions.

No source documents their columns: they are read, and said to be assumed.
"""

from collections.abc import Mapping

from connectors.cells import money, when
from connectors.stream import Export, Reading, Row

CUSTOMER_COLUMNS: Mapping[str, str] = {
    theirs: ours
    for ours, names in {
        "id": "square_customer_id identifiant_client_square",
        "given_name": "first_name prenom",
        "family_name": "last_name nom_de_famille nom",
        "email_address": "email_address adresse_e_mail",
        "phone_number": "phone_number numero_de_telephone",
        "company_name": "company_name nom_de_l_entreprise",
        "address_line_1": "street_address_1 adresse_1",
        "locality": "city ville",
        "postal_code": "postal_code code_postal",
        "birthday": "birthday anniversaire",
        "reference_id": "reference_id identifiant_de_reference",
        "subscription": "email_subscription_status statut_d_abonnement_aux_e_mails",
    }.items()
    for theirs in names.split()
}
TRANSACTION_COLUMNS: Mapping[str, str] = {
    theirs: ours
    for ours, names in {
        "id": "transaction_id identifiant_de_la_transaction",
        "date": "date",
        "time": "time heure",
        "total": "total_collected total_percu",
        "tax": "tax taxe taxes",
        "kind": "event_type type_d_evenement",
        "customer_id": "customer_id identifiant_client",
    }.items()
    for theirs in names.split()
}
NAMES = ("given_name", "family_name", "email_address", "phone_number", "company_name", "reference_id")
ADDRESS = ("address_line_1", "locality", "postal_code")
LEFT = ("unsubscribed", "desabonne", "désabonné")


def customer(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A profile in the shape of the API. That somebody is subscribed is Square's word, and told by no API."""
    told = {reading.columns.get(name, name): cell for name, cell in cells.items()}
    row: Row = {name: told.get(name, "") for name in ("id", *NAMES, "birthday")}
    row["address"] = {name: told[name] for name in ADDRESS if told.get(name)}
    if told.get("subscription"):
        row["preferences"] = {"email_unsubscribed": told["subscription"].strip().lower() in LEFT}
    return {name: value for name, value in row.items() if value not in (None, "", {})}


def transaction(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A sale in the shape of the API, without its articles, amounts in whole units. What went back has a line
    of its own, which does not say of which sale: it is left out."""
    told = {reading.columns.get(name, name): cell for name, cell in cells.items()}
    if told.get("kind", "").strip().lower() in ("refund", "remboursement"):
        return None
    row: Row = {"id": told.get("id", ""), "state": "COMPLETED", "customer_id": told.get("customer_id", "")}
    for name, column in (("total_told", "total"), ("tax_told", "tax")):
        amount, currency = money(told.get(column, ""))
        row[name] = f"{amount:.2f}" if isinstance(amount, float) else amount
        row["currency_told"] = currency or row.get("currency_told")
    day = " ".join(part for part in (told.get("date"), told.get("time")) if part)
    row["created_at"] = when(day, reading) if day else ""
    return {name: value for name, value in row.items() if value not in (None, "")}


CUSTOMERS_EXPORT = Export(
    "customers",
    frozenset({"id", "given_name", "family_name", "email_address", "subscription"}),
    customer,
    known=CUSTOMER_COLUMNS,
    assumed=frozenset(CUSTOMER_COLUMNS),
)
TRANSACTIONS_EXPORT = Export(
    "orders",
    frozenset({"id", "date", "time", "total", "kind", "customer_id"}),
    transaction,
    known=TRANSACTION_COLUMNS,
    assumed=frozenset(TRANSACTION_COLUMNS),
)
