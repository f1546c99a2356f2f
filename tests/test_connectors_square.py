"""Square: pages that end without a cursor, refunds that name payments, merges, an address that is signed."""

import json
from datetime import UTC, datetime

import pytest
from tape import fetched, how_asked, module, play, stream

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
from simulator.platforms.square.push import ADDRESS, KEY, delivery, event, merge

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC), {"": 2})
SECRETS = {"SQUARE_WEBHOOK_KEY": KEY, "SQUARE_WEBHOOK_URL": ADDRESS}
FOUND = "POST customers/search"


def order(key: str, **more) -> dict:
    made = {"id": key, "created_at": "2026-11-01T10:00:00.000Z", "updated_at": "2026-11-02T10:00:00.000Z"}
    return made | {"tenders": [{"id": f"P{key}", "payment_id": f"P{key}"}]} | more


def refund(key: str, payment: str) -> dict:
    return {"id": key, "payment_id": payment, "amount_money": {"amount": 100, "currency": "EUR"}}


def places(*keys: str) -> tuple:
    return "GET locations", {"locations": [{"id": key} for key in keys]}


def read(name: str, client, since: Since = ALL):
    return fetched(stream("square", name), client, "maison", since)


def question(client, place: int) -> dict:
    return how_asked(client, place)["json"]


def receive(body: bytes, *answers: tuple) -> list:
    return list(module("square").WEBHOOK.receive(body, play("square", *answers)))


def test_a_page_may_be_empty_without_being_the_last():
    row = {"id": "A", "created_at": "2026-11-01T10:00:00Z"}
    client = play(
        "square",
        (FOUND, {"count": 1, "customers": [row], "cursor": "x"}),
        (FOUND, {"cursor": "y"}),
        (FOUND, {"customers": [row]}),
    )
    rows, announced = read("customers", client)
    assert ([one["id"] for one in rows], announced) == (["A"], {"": 1})
    assert question(client, 2)["cursor"] == "y"
    assert question(client, 1)["query"]["sort"] == {"field": "CREATED_AT", "order": "DESC"}


def test_nothing_found_has_no_name():
    client = play("square", (FOUND, {"count": 2}), (FOUND, {}))
    assert read("customers", client, LATELY) == ([], {"": 2})
    asked = question(client, 1)["query"]
    assert asked["filter"] == {"updated_at": {"start_at": "2026-11-19T00:00:00Z"}}


def test_a_seller_who_has_more_than_we_do_is_read_whole():
    client = play("square", (FOUND, {"count": 9}), (FOUND, {}), (FOUND, {}))
    read("customers", client, LATELY)
    assert "created_at" in question(client, 2)["query"]["filter"]


def test_one_search_names_ten_places_at_most():
    keys = [f"L{n}" for n in range(11)]
    client = play("square", places(*keys), *[("POST orders/search", {})] * 2, ("GET refunds", {}))
    read("orders", client, LATELY)
    assert [len(question(client, place)["location_ids"]) for place in (1, 2)] == [10, 1]
    asked = question(client, 1)["query"]
    assert asked["sort"] == {"sort_field": "UPDATED_AT", "sort_order": "ASC"}
    assert "updated_at" in asked["filter"]["date_time_filter"]


def test_an_order_gets_the_refunds_of_its_payments():
    client = play(
        "square",
        places("L"),
        ("GET refunds", {"refunds": [refund("R1", "PA")], "cursor": "x"}),
        ("GET refunds", {"refunds": [refund("R2", "PA"), refund("R3", "PB")]}),
        ("POST orders/search", {"orders": [order("A"), order("C", tenders=None)]}),
    )
    rows, _ = read("orders", client)
    assert [[one["id"] for one in row["refunds"]] for row in rows] == [["R1", "R2"], []]


def test_an_order_with_a_refund_since_is_read_though_it_did_not_change():
    client = play(
        "square",
        places("L"),
        ("POST orders/search", {"orders": [order("A")]}),
        ("GET refunds", {}),
        ("GET refunds", {"refunds": [refund("R", "PB"), refund("S", "PB"), refund("T", "gone")]}),
        ("GET payments/PB", {"payment": {"order_id": "B"}}),
        ("GET orders/B", {"order": order("B")}),
        ("GET refunds", {"refunds": [refund("R", "PB"), refund("S", "PB")]}),
        ("GET payments/gone", {"errors": [{"code": "NOT_FOUND"}]}, 404),
    )
    rows, _ = read("orders", client, LATELY)
    assert [(row["id"], len(row["refunds"])) for row in rows] == [("A", 0), ("B", 2)]


@pytest.mark.parametrize(
    ("status", "code", "error", "said"),
    [
        (401, "UNAUTHORIZED", BrokenToken, "SQUARE_TOKEN"),
        (403, "INSUFFICIENT_SCOPES", MissingPermission, "CUSTOMERS_READ"),
        (404, "NOT_FOUND", NotThere, "no such"),
        (400, "VALUE_TOO_HIGH", BadAnswer, "VALUE_TOO_HIGH"),
        (400, "INVALID_SQUARE_VERSION_FORMAT", RetiredVersion, "version"),
    ],
)
def test_an_error_says_what_to_do(status, code, error, said):
    body = {"errors": [{"category": "X", "code": code, "detail": "no"}]}
    with pytest.raises(error, match=said):
        read("customers", play("square", (FOUND, body, status)))


@pytest.mark.parametrize("body", [[], {"customers": {}}, {"customers": [], "cursor": 7}, 7])
def test_an_answer_of_another_shape_is_named(body):
    with pytest.raises(BadAnswer):
        read("customers", play("square", *[(FOUND, body)] * 2), LATELY)


def test_only_what_is_signed_with_the_right_address_is_taken():
    verify = module("square").WEBHOOK.verify
    headers, body = delivery(event("customer.deleted", "A", {}))
    told = {name.lower(): value for name, value in headers.items()}
    assert verify(told, body, SECRETS)
    assert not verify(told, body + b" ", SECRETS)
    assert not verify(told, body, SECRETS | {"SQUARE_WEBHOOK_URL": ADDRESS + "/"})
    assert not any(verify(told, body, SECRETS | {name: ""}) for name in SECRETS)


def test_an_event_is_a_hint_but_a_merge_is_told_nowhere_else():
    row = {"id": "C", "given_name": "Ana"}
    [hook] = receive(delivery(merge(("A", "B"), {"id": "C"}))[1], ("GET customers/C", {"customer": row}))
    assert (hook.stream, hook.op, hook.rows) == ("customers", "upsert", [row | {"merged_from": ["A", "B"]}])
    # Merged once more meanwhile: what the event says of it is all there is.
    gone = ("GET customers/C", {"errors": [{"code": "NOT_FOUND"}]}, 404)
    [hook] = receive(delivery(merge(("A", "B"), {"id": "C"}))[1], gone)
    assert hook.rows == [{"id": "C", "merged_from": ["A", "B"]}]
    [hook] = receive(delivery(event("customer.deleted", "A", {}))[1])
    assert (hook.op, hook.rows) == ("delete", [{"id": "A"}])


def test_of_orders_and_refunds_the_order_is_read():
    answers = ("GET orders/A", {"order": order("A")}), ("GET refunds", {"refunds": [refund("R", "PA")]})
    [hook] = receive(delivery(event("order.updated", "A", {"order_updated": {}}))[1], *answers)
    assert (hook.stream, hook.rows[0]["refunds"][0]["id"]) == ("orders", "R")
    told = {"refund": refund("R", "PA")}
    payment = ("GET payments/PA", {"payment": {"order_id": "A"}})
    [again] = receive(delivery(event("refund.created", "R", told))[1], payment, *answers)
    assert again.rows == hook.rows
    assert receive(delivery(event("labor.shift.created", "x", {}))[1]) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"7", b'{"type": 1, "data": {"id": "a"}}', b"\xff"])
def test_a_body_of_another_shape_is_named(body):
    with pytest.raises(BadAnswer, match="webhook"):
        receive(body)


def test_the_files_say_what_the_api_says():
    customers, sales = module("square").EXPORTS
    cells = {
        "square_customer_id": "A",
        "first_name": "Ana",
        "last_name": "Roux",
        "email_address": "a@b.example",
        "email_subscription_status": "unsubscribed",
        "city": "Lyon",
    }
    assert customers.to_row(cells, Reading(customers.known)) == {
        "id": "A",
        "given_name": "Ana",
        "family_name": "Roux",
        "email_address": "a@b.example",
        "address": {"locality": "Lyon"},
        "preferences": {"email_unsubscribed": True},
    }
    cells = {"transaction_id": "O", "date": "02/11/2026", "time": "10:00:00", "total_collected": "€1,054.80",
             "tax": "€9.13", "event_type": "Payment", "customer_id": "A"}  # fmt: skip
    assert sales.to_row(cells, Reading(sales.known)) == {
        "id": "O",
        "state": "COMPLETED",
        "customer_id": "A",
        "total_told": "1054.80",
        "tax_told": "9.13",
        "currency_told": "EUR",
        "created_at": "2026-11-02T10:00:00+00:00",
    }
    assert sales.to_row(cells | {"event_type": "Refund"}, Reading(sales.known)) is None


def test_of_an_erased_buyer_the_sums_stay_and_nobody():
    stand_ins = StandIns(lambda text: "1234567890123456789", lambda told: "2026-11-01" if told else None)
    told = order(
        "A", customer_id="ANA", total_money={"amount": 1000, "currency": "EUR"}, reference_id="Ana's",
        line_items=[{"name": "For Ana", "catalog_object_id": "VASE", "quantity": "1"}],
        fulfillments=[{"shipment_details": {"recipient": {"display_name": "Ana"}}}],
        refunds=[{**refund("R", "PA"), "reason": "Ana asked", "created_at": "x"}],
        tenders=[{"id": "P", "note": "Ana", "amount_money": {"amount": 1000, "currency": "EUR"}}],
    )  # fmt: skip
    row = stream("square", "orders").erasing.keep(told, "99", stand_ins)
    assert "ana" not in json.dumps(row).lower()
    assert (row["id"], row["total_money"]["amount"], row["erased"]) == ("99", 1000, True)
    assert row["refunds"][0] == {
        "id": "1234567890123456789",
        "amount_money": {"amount": 100, "currency": "EUR"},
        "created_at": "2026-11-01",
    }


def test_square_deletes_a_profile():
    ask = stream("square", "customers").erasing.ask
    gone = {"errors": [{"code": "NOT_FOUND"}]}
    client = play("square", ("DELETE customers/A", {}), ("DELETE customers/B", gone, 404))
    assert [ask(client, key, {}) for key in ("A", "B")] == ["erased", "not_there"]
