"""What is read from a shop: numbers first, then the records of those numbers, lots of them side by side.

The shop counts nothing, but lists bare numbers cheaply. Asked for by number, a page is moved by nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from connectors.catching_up import catch_up
from connectors.offsets import walk
from connectors.prestashop.shop import PrestaShop, in_lots, text, texts
from connectors.side_by_side import in_order
from connectors.stream import Announced, BadAnswer, Page, Row, Since

NUMBERS = 5000  # numbers a page
LOT = 50  # records a page: the shop makes each of them out of several queries
# Named, so that what hashes a password or opens an account never leaves the shop.
CUSTOMER = (
    "id,id_shop,id_default_group,id_lang,id_gender,firstname,lastname,email,company,siret,birthday,website,newsletter,"
    "newsletter_date_add,ip_registration_newsletter,optin,active,is_guest,deleted,date_add,date_upd"
)
KEYS = frozenset({"secure_key", "passwd"})


def customers(shop: PrestaShop, account: str, since: Since) -> Iterator[Page | Announced]:
    """Accounts and guests changed since. Who is deleted is not told: numbers that are missing are theirs."""
    numbers = _numbers(shop, "customers")
    yield Announced("", len(numbers))
    lacking = yield from _caught_up(shop, "customers", since, numbers, partial(_customers, shop))
    if lacking < 0:
        there = set(numbers)
        gone = [str(n) for n in range(1, max(map(int, numbers), default=0)) if str(n) not in there]
        for lot in in_lots(gone, NUMBERS):
            yield Page([{"id": key} for key in lot], "delete")


def addresses(shop: PrestaShop, account: str, since: Since) -> Iterator[Page | Announced]:
    """Addresses changed since; one that an order was sent to stays in the shop, marked as deleted."""
    numbers = _numbers(shop, "addresses")
    yield Announced("", len(numbers))
    yield from _caught_up(shop, "addresses", since, numbers, partial(_addresses, shop))


def orders(shop: PrestaShop, account: str, since: Since) -> Iterator[Page | Announced]:
    """Orders changed since, or with a refund since: that moves no date of the order."""
    numbers = _numbers(shop, "orders")
    yield Announced("", len(numbers))

    def given_back(begin: datetime) -> list[str]:
        return texts(shop.ask("order_slip", **_window(shop, begin), display="[id,id_order]"), "id_order")

    yield from _caught_up(shop, "orders", since, numbers, partial(_orders, shop), given_back)


# -- numbers ------------------------------------------------------------------------------------------


def _numbers(shop: PrestaShop, resource: str, **params: str) -> list[str]:
    """The numbers of all records there are. An empty list is asked for again before it is believed."""

    def ask(offset: int) -> tuple[list[Any], int | None]:
        again = {"sort": "[id_ASC]", "limit": f"{offset},{NUMBERS}"} | params
        return (shop.ask if offset else shop.ask_for_some)(resource, **again), None

    rows = [row for page in walk(ask, NUMBERS) for row in page.rows]
    found = texts(rows, "id")
    if rows and not all(one.isascii() and one.isdigit() for one in found):
        raise BadAnswer(f"prestashop {resource}: numbers that are none")
    return found


def _window(shop: PrestaShop, begin: datetime) -> dict[str, str]:
    """Both ends are within. The second lies well ahead: clocks of shops are seldom right."""
    ends = (shop.local(begin), shop.local(begin + timedelta(days=36500)))
    return {"date": "1", "filter[date_upd]": f"[{','.join(ends)}]"}


# -- records ------------------------------------------------------------------------------------------


def _caught_up(
    shop: PrestaShop,
    resource: str,
    since: Since,
    numbers: list[str],
    read: Callable[[list[str]], list[Row]],
    more: Callable[[datetime], list[str]] = lambda begin: [],
) -> Generator[Page, None, int]:
    """The records that changed since, and of `more` numbers; all where the shop has more than we hold."""

    def changed(begin: datetime) -> Iterator[Page]:
        found = [*_numbers(shop, resource, **_window(shop, begin)), *more(begin)]
        return _records(shop, list(dict.fromkeys(found)), read)

    everything = partial(_records, shop, numbers, read)
    return catch_up(since, len(numbers), changed, everything, created="created_at_utc")


def _records(
    shop: PrestaShop, numbers: Sequence[str], read: Callable[[list[str]], list[Row]]
) -> Iterator[Page]:
    for rows in in_order((partial(read, lot) for lot in in_lots(numbers, LOT)), shop.at_once):
        if rows:
            yield Page(rows)


def _of(shop: PrestaShop, resource: str, numbers: list[str], display: str) -> list[Any]:
    told = {"filter[id]": f"[{'|'.join(numbers)}]", "display": display, "sort": "[id_ASC]"}
    return shop.ask_for_some(resource, **told)


def _customers(shop: PrestaShop, numbers: list[str]) -> list[Any]:
    found = _of(shop, "customers", numbers, f"[{CUSTOMER}]")
    return [_customer(shop, row) if isinstance(row, dict) else row for row in found]


def _customer(shop: PrestaShop, row: Row) -> Row:
    more = {
        "newsletter_at_utc": shop.utc(row.get("newsletter_date_add")),
        "newsletter_wording": shop.newsletter_wording if text(row.get("newsletter")) == "1" else None,
        "language": shop.facts.languages.get(text(row.get("id_lang"))),
    }
    kept = {name: value for name, value in row.items() if name not in KEYS}
    return shop.dated(kept) | {name: value for name, value in more.items() if value}


def _addresses(shop: PrestaShop, numbers: list[str]) -> list[Any]:
    found = _of(shop, "addresses", numbers, "full")
    return [_address(shop, row) if isinstance(row, dict) else row for row in found]


def _address(shop: PrestaShop, row: Row) -> Row:
    country = shop.facts.countries.get(text(row.get("id_country")))
    return shop.dated(row) | ({"country_code": country} if country else {})


def _orders(shop: PrestaShop, numbers: list[str]) -> list[Any]:
    """Each order with what the shop keeps of it elsewhere, asked for all of them together."""
    found = _of(shop, "orders", numbers, "full")
    keys, names = texts(found, "id"), texts(found, "reference")
    slips = _by(shop.ask_of("order_slip", "id_order", keys, display="full"), "id_order")
    history = "[id_order,id_order_state,date_add]"
    states = _by(shop.ask_of("order_histories", "id_order", keys, display=history), "id_order")
    paid = "[order_reference,amount,payment_method,transaction_id,date_add]"
    payments = _by(shop.ask_of("order_payments", "order_reference", names, display=paid), "order_reference")
    coupons = _coupons(shop, keys)
    whither = shop.ask_of("addresses", "id", texts(found, "id_address_invoice"), display="[id,id_country]")
    lands = {text(row.get("id")): shop.facts.countries.get(text(row.get("id_country"))) for row in whither}
    return [
        _order(
            shop,
            row,
            slips=slips[text(row.get("id"))],
            states=states[text(row.get("id"))],
            payments=payments[text(row.get("reference"))],
            coupons=coupons[text(row.get("id"))],
            country=lands.get(text(row.get("id_address_invoice"))),
        )
        if isinstance(row, dict)
        else row
        for row in found
    ]


def _by(rows: list[Row], field: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[text(row.get(field))].append(row)
    return found


def _coupons(shop: PrestaShop, orders: list[str]) -> dict[str, list[str]]:
    """The codes typed in, by order; one may take off nothing, and a rule that nobody types has none."""
    which = "[id_order,id_cart_rule]"
    used = shop.ask_of("order_cart_rules", "id_order", orders, display=which)
    rules = shop.ask_of("cart_rules", "id", texts(used, "id_cart_rule"), display="[id,code]")
    codes = {text(row.get("id")): text(row.get("code")) for row in rules}
    found: dict[str, list[str]] = defaultdict(list)
    for row in used:
        if code := codes.get(text(row.get("id_cart_rule"))):
            found[text(row.get("id_order"))].append(code)
    return found


def _order(shop: PrestaShop, row: Row, *, slips: list[Row], states: list[Row], payments: list[Row],
           coupons: list[str], country: str | None) -> Row:  # fmt: skip
    ends = shop.facts.ends
    refunds = [shop.dated(one) for one in slips]
    made = shop.dated({name: value for name, value in row.items() if name not in KEYS})
    moments = [one["changed_at_utc"] for one in (made, *refunds) if "changed_at_utc" in one]
    more: Row = {
        "currency": shop.facts.currencies.get(text(row.get("id_currency"))),
        "country_code": country,
        "end": ends.get(text(row.get("current_state"))),
        "refunds": refunds,
        "states": [
            {"state": text(one.get("id_order_state")), "end": ends.get(text(one.get("id_order_state"))),
             "at_utc": shop.utc(one.get("date_add"))}
            for one in states
        ],
        "payments": [one | {"at_utc": shop.utc(one.get("date_add"))} for one in payments],
        "coupons": coupons,
        # A refund changes the order and not its date.
        "changed_at_utc": max(moments, default=None),
    }  # fmt: skip
    return made | {name: value for name, value in more.items() if value is not None}
