"""PrestaShop by a client nobody here wrote, and by what a shop of its makers' was seen to answer."""

import sys
from importlib.metadata import version
from typing import Any

from prestashop.client import Client
from prestashop.exceptions import UnauthorizedError, WrongFormatInputError

from fidelity.report import Report, must

KEY = "SIMPRESTASHOPKEYOF32LETTERS00000"
# Names that a sandbox answered with, all of them text but for `id`.
CUSTOMER = (
    "id id_default_group id_lang newsletter_date_add ip_registration_newsletter last_passwd_gen "
    "secure_key deleted passwd lastname firstname email id_gender birthday newsletter optin website "
    "company siret ape outstanding_allow_amount show_public_prices id_risk max_payment_days active note "
    "is_guest id_shop id_shop_group date_add date_upd reset_password_token reset_password_validity "
    "associations"
)
ORDER = (
    "id id_address_delivery id_address_invoice id_cart id_currency id_lang id_customer id_carrier "
    "current_state module invoice_number invoice_date delivery_number delivery_date valid date_add "
    "date_upd shipping_number note id_shop_group id_shop secure_key payment recyclable gift gift_message "
    "mobile_theme total_discounts total_discounts_tax_incl total_discounts_tax_excl total_paid "
    "total_paid_tax_incl total_paid_tax_excl total_paid_real total_products total_products_wt "
    "total_shipping total_shipping_tax_incl total_shipping_tax_excl carrier_tax_rate total_wrapping "
    "total_wrapping_tax_incl total_wrapping_tax_excl round_mode round_type conversion_rate reference "
    "associations"
)
SLIP = (
    "id id_customer id_order conversion_rate total_products_tax_excl total_products_tax_incl "
    "total_shipping_tax_excl total_shipping_tax_incl amount shipping_cost shipping_cost_amount partial "
    "date_add date_upd order_slip_type associations"
)
ADDRESS = (
    "id id_customer id_manufacturer id_supplier id_warehouse id_country id_state alias company lastname "
    "firstname vat_number address1 address2 postcode city other phone phone_mobile dni deleted date_add "
    "date_upd"
)
PAYMENT = (
    "id order_reference id_currency amount payment_method conversion_rate transaction_id card_number "
    "card_brand card_expiration card_holder date_add"
)
HISTORY = "id id_employee id_order_state id_order date_add"
LINE = (
    "id product_id product_attribute_id product_quantity product_name product_reference product_ean13 "
    "product_isbn product_upc product_price id_customization unit_price_tax_incl unit_price_tax_excl"
)
SEEN = {"customers": CUSTOMER, "addresses": ADDRESS, "orders": ORDER, "order_slip": SLIP,
        "order_payments": PAYMENT, "order_histories": HISTORY}  # fmt: skip
CALLED = {"order_slip": "order_slips"}


def main(base_url: str) -> int:
    report = Report(base_url, "prestashop", f"prestashop-python {version('prestashop-python')}; a sandbox")
    client = Client(KEY, f"{base_url}/prestashop")
    found: dict[str, list[dict]] = {}
    for resource, names in SEEN.items():
        with report.check(f"{resource} paged by 40, named and typed as a sandbox shows them") as notes:
            found[resource] = _all(client, resource)
            # Nobody, whom a shop has for the erased, is seen with fewer.
            rows = [row for row in found[resource] if row.get("email") != "anonymous@psgdpr.com"]
            must(all(set(row) == set(names.split()) for row in rows), "other names")
            must(all(_is_seen(row) for row in rows), "another type")
            notes.append(f"{len(rows)} records")
    with report.check("the lines of orders, too"):
        lines = [line for row in found["orders"] for line in row["associations"]["order_rows"]]
        must(lines and all(set(line) == set(LINE.split()) for line in lines), "other names")
    with report.check("only what changed after a time, by a filter that wants date=1"):
        times = sorted(row["date_upd"] for row in found["orders"])
        middle = times[len(times) // 2]
        told = client.list_service("orders", "date_upd", ">", middle, is_date_filter=True, limit=1000)
        got = {row["date_upd"] for row in told["orders"]}
        must(got == {time for time in times if time > middle}, "others")
        refused = client.list_service("orders", "date_upd", ">", middle, limit=1000)
        must(isinstance(refused, WrongFormatInputError), "taken without date=1")
    with report.check("sorted as asked, and nothing is an empty list without a name"):
        told = client.list_service("customers", sort_field="id", sort_order="DESC", limit="0,5")["customers"]
        must([row["id"] for row in told] == sorted((row["id"] for row in told), reverse=True), "unsorted")
        must(client.list_service("orders", "id", "", "99999999") == [], "something")
    with report.check("a refused key is told as one"):
        try:
            Client("W" * 32, f"{base_url}/prestashop")
        except UnauthorizedError as error:
            must(error.args[0]["errors"][0]["code"] == 20, "another code")
        else:
            must(False, "taken")
    # Last, for it changes what is asked.
    with report.check("a customer deleted, and not there any more"):
        key = max(row["id"] for row in found["customers"])
        client.delete(f"customers/{key}")
        must(client.list_service("customers", "id", "", str(key)) == [], "still there")
    return int(report.has_failed)


def _all(client: Client, resource: str) -> list[dict]:
    rows: list[dict] = []
    while True:
        told: Any = client.list_service(resource, sort_field="id", limit=f"{len(rows)},40")
        page = told[CALLED.get(resource, resource)] if told else []
        rows += page
        if len(page) < 40:
            break
    must(rows and len({row["id"] for row in rows}) == len(rows), "nothing, or twice")
    return rows


def _is_seen(row: dict) -> bool:
    """A number as `id`, and text; what hangs on a record is a list."""
    rest = {name: value for name, value in row.items() if name not in ("id", "associations")}
    return isinstance(row["id"], int) and all(isinstance(value, str) for value in rest.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
