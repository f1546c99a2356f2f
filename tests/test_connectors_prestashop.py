"""PrestaShop: numbers before records, zones that no time tells, empty lists, codes behind a status."""

import base64
import json
from datetime import UTC, datetime

import pytest
from tape import asked, env, fetched, how_asked, module, play, stream

from connectors.erasing import StandIns
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    MissingPermission,
    NotThere,
    PlatformDown,
    Reading,
    Since,
)

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC), {"": 2})
PARIS = {"time_zone": "Europe/Paris"}
STATES = {"PS_OS_CANCELED": "16", "PS_OS_REFUND": "17", "PS_OS_ERROR": "8"}
FACTS = (
    (
        "GET configurations",
        {"configurations": [{"name": name, "value": key} for name, key in STATES.items()]},
    ),
    ("GET currencies", {"currencies": [{"id": 2, "iso_code": "CHF"}]}),
    ("GET countries", {"countries": [{"id": 8, "iso_code": "FR"}]}),
    ("GET languages", {"languages": [{"id": 1, "iso_code": "fr"}]}),
)


def numbers(resource: str, *keys: int, called: str = "") -> tuple:
    return f"GET {resource}", {called or resource: [{"id": key} for key in keys]} if keys else []


def listed(resource: str, *rows: dict, called: str = "") -> tuple:
    return f"GET {resource}", {called or resource: list(rows)} if rows else []


def order(number: int, **more) -> dict:
    told = {"id": number, "reference": f"REF{number}", "id_customer": "3", "id_currency": "2", "valid": "1"}
    times = {"date_add": "2026-07-01 10:00:00", "date_upd": "2026-11-02 10:00:00"}
    return (
        told | times | {"current_state": "5", "id_address_invoice": "7", "secure_key": "open sesame"} | more
    )


def hangs_on(*, slips=(), states=(), payments=(), used=(), rules=None, whither=()) -> tuple:
    """What is asked for of a lot of orders, after the orders."""
    asks = [
        listed("order_slip", *slips, called="order_slips"),
        listed("order_histories", *states),
        listed("order_payments", *payments),
        listed("order_cart_rules", *used),
    ]
    return (*asks, *((listed("cart_rules", *rules),) if rules else ()), listed("addresses", *whither))


def read(name: str, client, since: Since = ALL):
    return fetched(stream("prestashop", name), client, "maison", since)


def test_times_are_the_shops_and_say_no_zone():
    client = play("prestashop", settings=PARIS)
    assert client.utc("2026-07-01 10:00:00") == "2026-07-01T08:00:00.000000Z"
    assert client.utc("2026-12-01 10:00:00") == "2026-12-01T09:00:00.000000Z"
    # Of the hour that comes twice, the first.
    assert client.utc("2026-10-25 02:30:00") == "2026-10-25T00:30:00.000000Z"
    assert [client.utc(odd) for odd in ("0000-00-00 00:00:00", "", None, 7)] == [None] * 4
    assert client.dated({"date_add": "2026-07-01 10:00:00", "date_upd": "0000-00-00 00:00:00"}) == {
        "date_add": "2026-07-01 10:00:00",
        "date_upd": "0000-00-00 00:00:00",
        "created_at_utc": "2026-07-01T08:00:00.000000Z",
        "changed_at_utc": "2026-07-01T08:00:00.000000Z",
    }


def test_the_zone_is_asked_for_where_configuration_says_none():
    told = {"configurations": [{"name": "PS_TIMEZONE", "value": "America/Montreal"}]}
    client = play("prestashop", ("GET configurations", told))
    assert client.utc("2026-12-01 10:00:00") == "2026-12-01T15:00:00.000000Z"
    with pytest.raises(BadAnswer, match="time_zone"):
        play("prestashop", ("GET configurations", [])).utc("2026-12-01 10:00:00")


def test_numbers_first_then_records_of_these_numbers_without_secrets():
    row = {
        "id": 4,
        "email": "a@b.example",
        "newsletter": "1",
        "id_lang": "1",
        "date_add": "2026-07-01 10:00:00",
        "newsletter_date_add": "2026-07-01 10:00:00",
    }
    client = play(
        "prestashop",
        numbers("customers", 4, 6),
        listed("customers", row | {"passwd": "hash", "secure_key": "x"}, {"id": 6}),
        *FACTS,
        settings=PARIS | {"newsletter_wording": "Write to me"},
    )
    rows, announced = read("customers", client)
    assert announced == {"": 2}
    assert rows[0]["newsletter_wording"] == "Write to me"
    assert (rows[0]["language"], rows[0]["newsletter_at_utc"]) == ("fr", "2026-07-01T08:00:00.000000Z")
    assert not {"passwd", "secure_key"} & set(rows[0])
    assert "passwd" not in asked(client, 1)["display"]
    assert asked(client, 1)["filter[id]"] == "[4|6]"
    assert asked(client, 0)["limit"] == "0,5000"


def test_what_changed_since_is_asked_for_in_the_shops_time_and_both_ends_count():
    client = play(
        "prestashop",
        numbers("addresses", 7, 9),
        numbers("addresses", 9),
        listed("addresses", {"id": 9, "id_country": 8, "date_upd": "2026-11-19 02:00:00"}),
        *FACTS,
        settings=PARIS,
    )
    rows, _ = read("addresses", client, LATELY)
    assert [row["country_code"] for row in rows] == ["FR"]
    begin = asked(client, 1)["filter[date_upd]"].split(",")[0]
    assert (begin, asked(client, 1)["date"]) == ("[2026-11-19 01:00:00", "1")


def test_a_shop_that_holds_more_than_we_do_is_read_whole():
    client = play(
        "prestashop",
        numbers("addresses", 7, 8, 9),
        *[numbers("addresses")] * 3,  # nothing changed: asked until it is believed
        listed("addresses", {"id": 7}, {"id": 8}, {"id": 9}),
        *FACTS,
        settings=PARIS,
    )
    assert len(read("addresses", client, LATELY)[0]) == 3


def test_nothing_is_believed_when_it_is_said_again():
    client = play(
        "prestashop",
        numbers("customers"),
        numbers("customers"),
        numbers("customers", 4),
        *[listed("customers")] * 2,
        listed("customers", {"id": 4}),
        *FACTS,
        settings=PARIS,
    )
    assert [row["id"] for row in read("customers", client)[0]] == [4]
    empty = play("prestashop", *[numbers("customers")] * 3, settings=PARIS)
    assert read("customers", empty) == ([], {"": 0})


def test_a_number_that_is_missing_is_a_customer_deleted():
    """The next to come has another number, so a gap is never filled."""
    client = play("prestashop", numbers("customers", 1, 2, 5), *[numbers("customers")] * 3, settings=PARIS)
    since = Since(LATELY.moment, {"": 5})
    pages = list(stream("prestashop", "customers").fetch(client, "maison", since))
    assert [(page.op, page.rows) for page in pages[1:]] == [("delete", [{"id": "3"}, {"id": "4"}])]


def test_an_order_comes_with_all_that_hangs_on_it():
    client = play(
        "prestashop",
        numbers("orders", 7),
        listed("orders", order(7, current_state="16")),
        *hangs_on(
            slips=[{"id": 5, "id_order": "7", "amount": "4.0", "date_add": "2026-11-03 09:00:00"}],
            states=[{"id_order": 7, "id_order_state": 16, "date_add": "2026-11-04 09:00:00"}],
            payments=[{"order_reference": "REF7", "transaction_id": "pi_1", "amount": "10.000000"}],
            used=[{"id_order": "7", "id_cart_rule": "2"}],
            rules=[{"id": 2, "code": "SPRING"}],
            whither=[{"id": 7, "id_country": "8"}],
        ),
        *FACTS,
        settings=PARIS,
    )
    [row] = read("orders", client)[0]
    assert (row["currency"], row["country_code"], row["end"]) == ("CHF", "FR", "cancelled")
    assert row["refunds"][0]["created_at_utc"] == "2026-11-03T08:00:00.000000Z"
    # A refund moves no date of the order in the shop.
    assert row["changed_at_utc"] == "2026-11-03T08:00:00.000000Z"
    assert row["states"] == [{"state": "16", "end": "cancelled", "at_utc": "2026-11-04T08:00:00.000000Z"}]
    assert (row["payments"][0]["transaction_id"], row["coupons"]) == ("pi_1", ["SPRING"])
    assert "secure_key" not in row


def test_an_order_with_a_refund_since_is_read_though_it_says_nothing_of_it():
    client = play(
        "prestashop",
        numbers("orders", 7, 8),
        *[numbers("orders")] * 3,
        listed("order_slip", {"id": 1, "id_order": "8"}, called="order_slips"),
        listed("orders", order(8)),
        *hangs_on(),
        *FACTS,
        settings=PARIS,
    )
    assert [row["id"] for row in read("orders", client, LATELY)[0]] == [8]
    assert asked(client, 5)["filter[id]"] == "[8]"


@pytest.mark.parametrize(
    ("status", "code", "message", "error", "said"),
    [
        (401, 20, "Authentification key is not active", BrokenToken, "PRESTASHOP_KEY"),
        (401, 26, 'Resource of type "orders" is not allowed with this authentication key', MissingPermission,
         "orders"),
        (405, 25, "Method GET is not allowed for the resource customers with this authentication key",
         MissingPermission, "customers"),
        (503, 22, "The PrestaShop webservice is disabled.", MissingPermission, "switched off"),
        (503, None, "", PlatformDown, "attempts"),
        (400, 32, "This filter does not exist", BadAnswer, "code 32"),
        (404, None, "", BadAnswer, "site"),
        (404, 87, "Id(s) not exists: 4", NotThere, "no such"),
        (403, None, "", MissingPermission, "firewall"),
        (403, 132, "No permission for this key on this shop", MissingPermission, "Webservice"),
    ],
)  # fmt: skip
def test_an_error_says_what_to_do(status, code, message, error, said):
    body = {"errors": [{"code": code, "message": message}]} if code else None
    client = play("prestashop", *[("GET customers", body, status)] * 9)
    with pytest.raises(error, match=said):
        read("customers", client)


@pytest.mark.parametrize("body", [None, {}, {"customers": {}}, {"customers": [{"id": "x"}]}, 7, "text"])
def test_an_answer_of_another_shape_is_named(body):
    with pytest.raises((BadAnswer, PlatformDown)):
        read("customers", play("prestashop", *[("GET customers", body)] * 9, settings=PARIS))


def test_a_key_is_a_name_without_a_password_or_travels_in_the_address():
    plain = module("prestashop").client(env(secrets={"PRESTASHOP_KEY": "K" * 32}))
    told = plain.http.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(told).decode() == f"{'K' * 32}:"
    client = play("prestashop", *[numbers("customers")] * 3, settings=PARIS | {"key_in": "address"})
    read("customers", client)
    assert asked(client)["ws_key"] == "made-up-prestashop_key"
    assert "Authorization" not in how_asked(client)["headers"]


def test_the_files_say_what_the_api_says():
    customers, addresses, orders = module("prestashop").EXPORTS
    cells = {"id": "4", "prenom": "Ana", "nom": "Roux", "adresse_e_mail": "a@b.example", "newsletter": "1",
             "offres_partenaires": "0", "inscription": "2026-07-01 10:00:00"}  # fmt: skip
    row = customers.to_row(cells, Reading(customers.known))
    assert row == {
        "id": 4,
        "firstname": "Ana",
        "lastname": "Roux",
        "email": "a@b.example",
        "newsletter": "1",
        "optin": "0",
        "created_at_utc": "2026-07-01T10:00:00+00:00",
    }
    cells = {"id_order": "7", "reference": "REF7", "id_customer": "4", "total_paid_tax_incl": "10.000000",
             "current_state": "6", "currency": "EUR", "refunded_total": "NULL",
             "date_upd": "2026-07-01 10:00:00"}  # fmt: skip
    row = orders.to_row(cells, Reading())
    assert (row["id"], row["changed_at_utc"]) == (7, "2026-07-01T10:00:00+00:00")
    assert "refunded_total" not in row
    assert orders.to_row(cells | {"refunded_total": "4.5"}, Reading())["refunded_total"] == "4.5"
    row = addresses.to_row(
        {"id_address": "9", "id_customer": "4", "country_code": "FR", "city": "Lyon"}, Reading()
    )
    assert row == {"id": 9, "id_customer": "4", "country_code": "FR", "city": "Lyon"}


def test_of_an_erased_buyer_the_sums_stay_and_nobody():
    stand_ins = StandIns(lambda text: "1234567890123456789", lambda told: "2026-11-01" if told else None)
    lines = [{"product_reference": "VASE", "product_quantity": "1", "product_name": "For Ana"}]
    told = order(
        7, total_paid_tax_incl="10.000000", note="Ana", country_code="FR", currency="CHF",
        associations={"order_rows": lines}, refunds=[{"id": 5, "amount": "1.0", "created_at_utc": "x"}],
        payments=[{"amount": "10.0", "card_holder": "Ana", "transaction_id": "pi_ana", "at_utc": "x"}],
        states=[{"state": "16", "end": "cancelled", "at_utc": "x"}], created_at_utc="x", coupons=["ANA-10"],
    )  # fmt: skip
    row = stream("prestashop", "orders").erasing.keep(told, "99", stand_ins)
    assert "ana" not in json.dumps(row).lower()
    assert (row["id"], row["total_paid_tax_incl"], row["country_code"]) == (99, "10.000000", "FR")
    assert (row["refunds"][0]["amount"], row["created_at_utc"]) == ("1.0", "2026-11-01")
    assert row["associations"]["order_rows"] == [{"product_reference": "VASE", "product_quantity": "1"}]


def test_the_shop_deletes_an_account():
    ask = stream("prestashop", "customers").erasing.ask
    gone = {"errors": [{"code": 87, "message": "Id(s) not exists: 4"}]}
    client = play("prestashop", ("DELETE customers/3", None), ("DELETE customers/4", gone, 404))
    assert [ask(client, key, {}) for key in ("3", "4")] == ["erased", "not_there"]
