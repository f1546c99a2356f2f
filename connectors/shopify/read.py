"""The CSV exports of a shop's admin: customers, and orders with one line per article.

No page of the vendor lists the columns; those here are what shops have seen for years, hence `assumed`.
An order's further lines carry only their article, which the export way leaves to the API.
"""

from collections.abc import Mapping
from typing import Any

from connectors.cells import truth, when
from connectors.stream import Export, Reading, Row

CUSTOMER_COLUMNS = (
    "customer_id first_name last_name email accepts_email_marketing phone accepts_sms_marketing tags "
    "default_address_company default_address_address1 default_address_address2 default_address_city "
    "default_address_zip default_address_country_code total_orders"
)
ORDER_COLUMNS = (
    "id name email phone financial_status paid_at created_at cancelled_at currency subtotal shipping taxes "
    "total refunded_amount discount_code accepts_marketing billing_name billing_street billing_city "
    "billing_zip billing_country billing_company source"
)


def customer(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A customer in the shape of the API; the export tells no dates."""
    cells = _mapped(cells, reading)
    row: Row = {
        "legacyResourceId": cells.get("customer_id", "").rpartition("/")[2],
        "firstName": cells.get("first_name"),
        "lastName": cells.get("last_name"),
        "numberOfOrders": cells.get("total_orders"),
        "tags": [tag.strip() for tag in cells.get("tags", "").split(",") if tag.strip()],
        "defaultAddress": _nested(
            cells,
            {
                "default_address_address1": "address1",
                "default_address_address2": "address2",
                "default_address_city": "city",
                "default_address_zip": "zip",
                "default_address_country_code": "countryCodeV2",
                "default_address_company": "company",
                "default_address_phone": "phone",
            },
        ),
        "defaultEmailAddress": _contact(cells, "email", "emailAddress", "accepts_email_marketing"),
        "defaultPhoneNumber": _contact(cells, "phone", "phoneNumber", "accepts_sms_marketing"),
    }
    return {name: value for name, value in row.items() if value not in (None, {}, [])}


def order(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """An order in the shape of the API, from its first line; None for its further lines."""
    cells = _mapped(cells, reading)
    if "total" not in cells and "financial_status" not in cells:
        return None
    currency = cells.get("currency", "")

    def money(column: str) -> Row:
        return {"shopMoney": {"amount": cells.get(column, "0.00"), "currencyCode": currency}}

    row: Row = {
        "legacyResourceId": cells.get("id", "").rpartition("/")[2],
        "name": cells.get("name"),
        "email": cells.get("email"),
        "phone": cells.get("phone"),
        "currencyCode": currency,
        "displayFinancialStatus": cells.get("financial_status", "").upper() or None,
        "sourceName": cells.get("source"),
        "discountCodes": [code for code in [cells.get("discount_code")] if code],
        "totalPriceSet": money("total"),
        "totalTaxSet": money("taxes"),
        "totalShippingPriceSet": money("shipping"),
        "totalRefundedSet": money("refunded_amount"),
        "billingAddress": _nested(
            cells,
            {
                "billing_name": "name",
                "billing_street": "address1",
                "billing_city": "city",
                "billing_zip": "zip",
                "billing_country": "countryCodeV2",
                "billing_company": "company",
            },
        ),
        "test": False,  # test orders are not exported
    }
    for column, name in (
        ("created_at", "createdAt"),
        ("paid_at", "processedAt"),
        ("cancelled_at", "cancelledAt"),
    ):
        if column in cells:
            row[name] = when(cells[column], reading)
    return {name: value for name, value in row.items() if value not in (None, {}, [])}


def _mapped(cells: Mapping[str, str], reading: Reading) -> dict[str, str]:
    return {reading.columns.get(name, name): cell for name, cell in cells.items()}


def _nested(cells: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    return {ours: cells[theirs] for theirs, ours in names.items() if theirs in cells}


def _contact(cells: Mapping[str, str], column: str, name: str, ticked: str) -> dict[str, Any]:
    if column not in cells:
        return {}
    accepts = truth(cells[ticked]) if ticked in cells else None
    # "no" may be never or no longer: the export does not tell, and neither do we.
    state = {"marketingState": "SUBSCRIBED"} if accepts is True else {}
    return {name: cells[column], **state}


CUSTOMERS_EXPORT = Export(
    "customers", frozenset({"customer_id", "email"}), customer, assumed=frozenset(CUSTOMER_COLUMNS.split())
)
ORDERS_EXPORT = Export(
    "orders",
    frozenset({"id", "name", "financial_status", "total"}),
    order,
    assumed=frozenset(ORDER_COLUMNS.split()),
)
