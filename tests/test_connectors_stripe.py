"""Stripe: newest first, events as hints, signatures with a time, units of each currency."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from tape import NOW, asked, fetched, module, play, stream

from connectors.client import Answer, Retry
from connectors.erasing import StandIns
from connectors.signatures import is_signed_with_time
from connectors.stream import BadAnswer, BrokenToken, MissingPermission, Reading, RetiredVersion, Since
from connectors.stripe.api import judge
from connectors.stripe.fetch import KINDS
from connectors.stripe.read import NO_DECIMALS, THREE_DECIMALS, minor
from pipelines.places import DBT_PROJECT
from simulator.platforms.stripe.push import SECRET, delivery

ALL = Since(None)
LATELY = Since(NOW - timedelta(days=1))
LIST = "GET v1/customers"


def listed(path: str, *rows: dict, more: bool = False) -> tuple:
    return f"GET v1/{path}", {"object": "list", "data": list(rows), "has_more": more}


def event(kind: str, told: dict) -> dict:
    return {"id": "evt", "object": "event", "type": kind, "data": {"object": told}}


def read(name: str, client, since: Since = ALL) -> list:
    return fetched(stream("stripe", name), client, "maison", since)[0]


def test_a_list_is_walked_by_the_last_id_of_each_page():
    client = play(
        "stripe", listed("customers", {"id": "cus_2"}, more=True), listed("customers", {"id": "cus_1"})
    )
    assert [row["id"] for row in read("customers", client)] == ["cus_2", "cus_1"]
    assert asked(client)["starting_after"] == "cus_2"


def test_a_walk_whose_last_one_was_deleted_goes_on_from_its_moment():
    missing = {"error": {"code": "resource_missing", "message": "No such customer"}}
    client = play(
        "stripe",
        listed("customers", {"id": "cus_2", "created": 1779000000}, more=True),
        (LIST, missing, 400),
        listed("customers", {"id": "cus_1"}),
    )
    assert len(read("customers", client)) == 2
    assert asked(client)["created[lte]"] == 1779000000


def test_what_an_event_names_is_read_once_as_it_is_now():
    refund = event("refund.updated", {"id": "re_1", "object": "refund", "charge": "ch_1"})
    lost = event("charge.dispute.closed", {"id": "du_1", "object": "dispute", "charge": "ch_1"})
    other = event("charge.succeeded", {"id": "ch_2", "object": "charge"})
    client = play(
        "stripe",
        listed("events", refund, lost, other),
        ("GET v1/charges/ch_1", {"id": "ch_1", "object": "charge", "disputed": True}),
        listed("disputes", {"id": "du_1", "status": "lost"}),
        ("GET v1/charges/ch_2", {"id": "ch_2", "object": "charge"}),
    )
    rows = read("charges", client, LATELY)
    assert [row["id"] for row in rows] == ["ch_1", "ch_2"]
    assert rows[0]["disputes"][0]["status"] == "lost"
    told = asked(client, 0)
    assert told["created[gte]"] == int((NOW - timedelta(days=1, minutes=2)).timestamp())
    assert len(told["types[]"]) <= 20, "more are refused"


def test_no_kind_asks_for_more_types_than_may_be_asked_for():
    for name, kind in KINDS.items():
        client = play("stripe", listed("events"))
        read(name, client, LATELY)
        assert 0 < len(asked(client)["types[]"]) <= 20
        assert all(kind.is_told_by(one) for one in asked(client)["types[]"])


def test_after_a_month_events_are_gone_and_lists_are_read():
    client = play("stripe", listed("customers"))
    read("customers", client, Since(datetime(2026, 9, 1, tzinfo=UTC)))


def test_a_deleted_customer_is_a_deletion():
    gone = event("customer.deleted", {"id": "cus_1", "object": "customer"})
    client = play(
        "stripe", listed("events", gone), ("GET v1/customers/cus_1", {"id": "cus_1", "deleted": True})
    )
    [page] = stream("stripe", "customers").fetch(client, "maison", LATELY)
    assert (page.op, page.rows) == ("delete", [{"id": "cus_1"}])


def test_refunds_beyond_the_first_ten_are_fetched():
    row = {"id": "ch_1", "object": "charge", "refunds": {"data": [{"id": "re_1"}], "has_more": True}}
    client = play("stripe", listed("charges", row), listed("refunds", {"id": "re_2"}, {"id": "re_1"}))
    [found] = read("charges", client)
    assert [one["id"] for one in found["refunds"]["data"]] == ["re_2", "re_1"]


@pytest.mark.parametrize(
    ("status", "error", "headers", "kind", "said"),
    [
        (401, {}, {}, BrokenToken, "STRIPE_KEY"),
        (403, {"message": "rak_charge_read"}, {}, MissingPermission, "rak_charge_read"),
        (400, {"message": "Invalid Stripe API version: 1"}, {}, RetiredVersion, "version"),
        (402, {"message": "no"}, {"Stripe-Should-Retry": "false"}, BadAnswer, "no"),
        (409, {"code": "lock_timeout"}, {"Stripe-Should-Retry": "true"}, Retry, "lock_timeout"),
        (429, {"code": "rate_limit"}, {}, Retry, "rate_limit"),
        (500, {}, {}, Retry, "500"),
    ],
)
def test_an_error_says_what_to_do(status, error, headers, kind, said):
    verdict = judge(Answer(status, headers, {"error": error}))
    assert isinstance(verdict, kind)
    assert said in (verdict.because if isinstance(verdict, Retry) else str(verdict))


def test_a_signature_holds_for_its_bytes_and_its_minutes():
    headers, body = delivery(event("customer.updated", {"id": "cus_1"}), 1_767_225_600)
    given = headers["Stripe-Signature"]
    good = "v1=" + given.partition("v1=")[2].partition(",")[0]
    cases = [
        (body, SECRET, given, 1_767_225_601, True),
        (body, SECRET, f"t=1767225600,v1=bad,{good}", 1_767_225_601, True),
        (body, SECRET, given, 1_767_225_901, False),
        (body, SECRET, given, 1_767_225_000, False),
        (body + b" ", SECRET, given, 1_767_225_601, False),
        (body, "", given, 1_767_225_601, False),
        (body, "whsec_other", given, 1_767_225_601, False),
        (body, SECRET, given.replace("v1=", "v0="), 1_767_225_601, False),
        (body, SECRET, good, 1_767_225_601, False),
        (body, SECRET, "t=1e9,v1=x,t=\u0665", 1_767_225_601, False),
    ]
    for sent, secret, header, now, holds in cases:
        assert is_signed_with_time(sent, secret, header, now) is holds, header


def test_the_webhook_believes_the_id_and_nothing_else():
    receive = module("stripe").WEBHOOK.receive
    body = json.dumps(event("customer.updated", {"id": "cus_1", "email": "old@b.example"})).encode()
    client = play("stripe", ("GET v1/customers/cus_1", {"id": "cus_1", "email": "new@b.example"}))
    [hook] = receive(body, client)
    assert (hook.stream, hook.rows[0]["email"]) == ("customers", "new@b.example")
    for other in (event("payout.paid", {"id": "po_1"}), {"object": "v2.core.event", "type": "v2.thing"}):
        assert list(receive(json.dumps(other).encode(), play("stripe"))) == []
    for odd in (b"", b"[]", b"{}", b'{"type": 7}', b"\xff"):
        with pytest.raises(BadAnswer, match="webhook"):
            list(receive(odd, play("stripe")))


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("1,234.50", "eur", 123450),
        ("1 234,50", "eur", 123450),
        ("-4.80", "eur", -480),
        ("4900", "jpy", 4900),
        ("12.340", "kwd", 12340),
        ("12", "isk", 1200),
        ("a lot", "eur", "a lot"),
        ("NaN", "eur", "NaN"),
    ],
)
def test_amounts_of_a_file_are_counted_as_the_api_counts(text, currency, expected):
    assert minor(text, currency) == expected


def test_a_payment_of_the_file_that_failed_took_nothing():
    charges = module("stripe").EXPORTS[1]
    cells = {
        "id": "ch_1",
        "amount": "10.00",
        "amount_refunded": "0.00",
        "currency": "EUR",
        "status": "Failed",
        "created_date_utc": "2026-05-02 09:04:00",
        "customer_email": "a@b.example",
    }
    row = charges.to_row(cells, Reading())
    assert (row["amount"], row["amount_captured"], row["status"]) == (1000, 0, "failed")
    assert row["created"] == "2026-05-02T09:04:00+00:00"


def test_of_an_erased_payer_the_sums_stay_and_nobody():
    stand_ins = StandIns(lambda text: "12345", lambda told: "2026-11-01" if told else None)
    told = {"id": "ch_1", "amount": 1000, "currency": "eur", "created": 1779000000, "customer": "cus_ana",
            "billing_details": {"name": "Ana"}, "refunds": {"data": [{"id": "re_1", "amount": 100}]},
            "disputes": [{"status": "lost", "evidence": {"customer_name": "Ana"}}]}  # fmt: skip
    row = stream("stripe", "charges").erasing.keep(told, "99", stand_ins)
    assert "ana" not in json.dumps(row).lower()
    assert (row["id"], row["amount"], row["created"], row["customer"]) == ("99", 1000, "2026-11-01", None)
    assert row["disputes"] == [{"status": "lost"}]


def test_stripe_deletes_a_customer():
    ask = stream("stripe", "customers").erasing.ask
    gone = {"error": {"code": "resource_missing"}}
    client = play(
        "stripe", ("DELETE v1/customers/cus_1", {"deleted": True}), ("DELETE v1/customers/cus_2", gone, 404)
    )
    assert [ask(client, key, {}) for key in ("cus_1", "cus_2")] == ["erased", "not_there"]


def test_files_and_answers_are_counted_in_the_same_units():
    macro = (DBT_PROJECT / "macros" / "stripe_money.sql").read_text(encoding="utf-8")
    listed = re.findall(r" in \((.*?)\) then", macro, re.DOTALL)
    whole, thousandths = (frozenset(re.findall(r"'([a-z]{3})'", words)) for words in listed)
    assert (whole, thousandths) == (NO_DECIMALS, THREE_DECIMALS)
