"""WooCommerce: pages that shift, empty ones that are not the end, undated refunds, codes behind a 401."""

import json
from datetime import UTC, datetime

import pytest
from tape import asked, env, fetched, module, play, stream

from connectors.erasing import StandIns
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    MissingPermission,
    NotThere,
    Reading,
    RetiredVersion,
    Since,
)
from simulator.platforms.woocommerce.push import delivery

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC), {"": 99})
SECRETS = {"WOOCOMMERCE_WEBHOOK_SECRET": "sim-woocommerce-secret"}


def order(number: int, **more) -> dict:
    told = {"id": number, "date_created_gmt": "2026-11-01T10:00:00", "line_items": [], "refunds": []}
    return told | {"date_modified_gmt": "2026-11-02T10:00:00"} | more


def listed(path: str, *rows: dict, total: int | None = None) -> tuple:
    return f"GET {path}", list(rows), 200, {} if total is None else {"X-WP-Total": str(total)}


def read(name: str, client, since: Since = ALL):
    return fetched(stream("woocommerce", name), client, "maison", since)


def receive(body: bytes, *answers: tuple) -> list:
    return list(module("woocommerce").WEBHOOK.receive(body, play("woocommerce", *answers)))


def test_pages_overlap_and_go_on_for_as_long_as_they_are_full():
    full = [order(n) for n in range(100)]
    client = play(
        "woocommerce",
        listed("orders", total=150),
        listed("orders", *full, total=150),
        listed("orders", *full, total=150),
        listed("orders", order(200), total=191),
    )
    rows, announced = read("orders", client)
    assert (len(rows), announced) == (201, {"": 150})
    assert [asked(client, place)["offset"] for place in (1, 2, 3)] == [0, 95, 190]
    assert asked(client)["orderby"] == "id"


def test_an_empty_page_is_asked_again_while_more_is_promised():
    client = play(
        "woocommerce",
        listed("customers", total=1),
        listed("customers", total=1),
        listed("customers", {"id": 1}, total=1),
    )
    assert [row["id"] for row in read("customers", client)[0]] == [1]


def test_all_accounts_are_read_whatever_their_role():
    client = play("woocommerce", listed("customers", total=0), listed("customers", total=0))
    read("customers", client, LATELY)
    assert asked(client)["role"] == "all"


def test_changes_are_asked_for_in_gmt_and_the_bin_is_deletion():
    client = play(
        "woocommerce",
        listed("orders", total=3),
        listed("orders", order(7), total=1),
        listed("orders", order(8, status="trash"), total=1),
    )
    pages = list(stream("woocommerce", "orders").fetch(client, "maison", LATELY))
    assert [(page.op, [row["id"] for row in page.rows]) for page in pages[1:]] == [
        ("upsert", [7]),
        ("delete", [8]),
    ]
    assert asked(client, 1)["modified_after"] == "2026-11-18T23:59:59"
    assert asked(client, 1)["dates_are_gmt"] == "true"
    assert asked(client)["status"] == "trash"


def test_a_shop_that_holds_more_than_we_do_is_read_whole():
    client = play("woocommerce", listed("orders", total=100), *(listed("orders") for _ in range(3)))
    read("orders", client, LATELY)
    assert "modified_after" not in asked(client, 2)


def test_a_refund_gets_its_date():
    short = {"id": 5, "reason": "", "total": "-10.00"}
    client = play(
        "woocommerce",
        listed("orders", total=1),
        listed("orders", order(7, refunds=[short]), total=1),
        listed("orders/7/refunds", {"id": 5, "amount": "10.00", "date_created_gmt": "2026-11-03T08:00:00"}),
    )
    [row] = read("orders", client)[0]
    [refund] = row["refunds"]
    assert (refund["total"], refund["created_at_utc"]) == ("-10.00", "2026-11-03T08:00:00.000000Z")


def test_a_box_is_kept_with_its_words_and_other_notes_are_none():
    client = play("woocommerce", settings={"consent_boxes": {"_optin": "Write to me"}})
    notes = [{"key": "_optin", "value": "1"}, {"key": "_other", "value": "1"}, "odd", {"value": 1}]
    assert client.dated({"meta_data": notes})["boxes"] == [
        {"key": "_optin", "wording": "Write to me", "value": "1"}
    ]


@pytest.mark.parametrize(
    ("status", "code", "error", "said"),
    [
        (401, "woocommerce_rest_authentication_error", BrokenToken, "WOOCOMMERCE_KEY"),
        (401, "woocommerce_rest_cannot_view", MissingPermission, "manage the shop"),
        (404, "rest_no_route", RetiredVersion, "permalinks"),
        (404, "woocommerce_rest_invalid_id", NotThere, "invalid_id"),
        (404, None, BadAnswer, "site"),
        (403, None, MissingPermission, "firewall"),
        (400, "rest_invalid_param", BadAnswer, "400"),
    ],
)
def test_an_error_says_what_to_do(status, code, error, said):
    body = {"code": code, "message": "no"} if code else None
    client = play("woocommerce", ("GET customers", body, status))
    with pytest.raises(error, match=said):
        read("customers", client)


def test_a_key_may_travel_in_the_address():
    client = play("woocommerce", listed("customers"), settings={"key_in": "address"})
    client.ask("customers")
    assert asked(client)["consumer_key"] == "made-up-woocommerce_key"
    assert client.http.headers == {}
    plain = module("woocommerce").client(env())
    assert plain.http.headers["Authorization"].startswith("Basic ")


def test_a_pushed_record_is_the_one_of_the_api():
    [hook] = receive(json.dumps(order(7)).encode())
    assert (hook.stream, hook.op, hook.rows[0]["created_at_utc"]) == (
        "orders",
        "upsert",
        "2026-11-01T10:00:00.000000Z",
    )
    [hook] = receive(b'{"id": 3, "is_paying_customer": true, "date_created_gmt": "2026-11-01T10:00:00"}')
    assert (hook.stream, hook.rows[0]["id"]) == ("customers", 3)
    assert receive(b'{"id": 3, "sku": "VASE"}') == []


def test_of_a_deleted_record_the_shop_is_asked_what_it_was():
    gone = {"code": "woocommerce_rest_invalid_id"}
    hooks = receive(b'{"id": 7}', ("GET orders/7", order(7)), ("GET customers/7", gone, 404))
    assert [(hook.stream, hook.op, hook.rows) for hook in hooks] == [("customers", "delete", [{"id": 7}])]
    hooks = receive(b'{"id": 7}', ("GET orders/7", order(7, status="trash")), ("GET customers/7", {"id": 7}))
    assert [(hook.stream, hook.op) for hook in hooks] == [("orders", "delete")]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"7", b'{"id": "7"}', b'{"id": true}', b"\xff"])
def test_a_body_of_another_shape_is_named(body):
    with pytest.raises(BadAnswer, match="webhook"):
        receive(body)


def test_only_signed_bodies_and_the_bare_ping_are_taken():
    hook = module("woocommerce").WEBHOOK
    headers, body = delivery("order", "updated", order(7))
    told = {name.lower(): value for name, value in headers.items()}
    assert hook.verify(told, body, SECRETS)
    assert not hook.verify(told, body[:-1], SECRETS)
    assert not hook.verify(told, body, {})
    assert hook.is_ping(b"webhook_id=12")
    assert not any(map(hook.is_ping, (b"webhook_id=12&x=1", b"webhook_id=", b"", body)))


def test_the_files_say_what_the_api_says():
    customers, orders = module("woocommerce").EXPORTS
    cells = {
        "order_id": "7", "order_number": "1044", "order_date": "2026-11-01 10:00", "status": "wc-completed",
        "order_total": "54.80", "order_currency": "EUR", "customer_id": "0", "billing_email": "a@b.example",
        "billing_city": "Lyon", "refunded_total": "-4.80", "coupon_items": "code:spring|amount:1.00",
    }  # fmt: skip
    row = orders.to_row(cells, Reading())
    assert (row["id"], row["customer_id"], row["status"]) == (7, 0, "completed")
    assert row["billing"] == {"email": "a@b.example", "city": "Lyon"}
    assert (row["refunded_total"], row["coupon_lines"]) == ("4.80", [{"code": "spring"}])
    known = customers.known
    cells = {
        "nom": "Ana Roux",
        "e_mail": "Ana@b.example",
        "ville": "Lyon",
        "date_d_inscription": "2026-01-02",
    }
    row = customers.to_row(cells, Reading(known))
    again = customers.to_row({"email": "ana@B.example "}, Reading(known))
    assert (row["first_name"], row["last_name"], row["billing"]) == ("Ana", "Roux", {"city": "Lyon"})
    assert row["id"] == again["id"], "an address is an address, however it is written"


def test_of_an_erased_buyer_the_sums_stay_and_nobody():
    stand_ins = StandIns(lambda text: "1234567890123456789", lambda told: "2026-11-01" if told else None)
    buyer = {"first_name": "Ana", "email": "ana@b.example", "country": "FR"}
    notes = [{"key": "_wcpay_mode", "value": "test"}, {"key": "_billing_note", "value": "Ana"}]
    told = order(7, status="completed", total="10.00", customer_id=3, billing=buyer, meta_data=notes,
                 refunds=[{"id": 5, "total": "-1.00", "reason": "Ana"}])  # fmt: skip
    row = stream("woocommerce", "orders").erasing.keep(told, "99", stand_ins)
    assert "ana" not in json.dumps(row).lower()
    assert (row["id"], row["total"], row["billing"], row["erased"]) == (99, "10.00", {"country": "FR"}, True)
    assert (row["refunds"][0]["total"], row["date_created_gmt"]) == ("-1.00", "2026-11-01")


def test_the_shop_erases_an_account():
    ask = stream("woocommerce", "customers").erasing.ask
    gone = {"code": "woocommerce_rest_invalid_id"}
    client = play("woocommerce", ("DELETE customers/3", {"id": 3}), ("DELETE customers/4", gone, 404))
    assert [ask(client, key, {}) for key in ("3", "4")] == ["erased", "not_there"]
    assert asked(client)["force"] == "true"
