"""Calendly: all of an organisation, events by when they start, links that are secrets, a signed time."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from tape import asked, env, fetched, how_asked, play, stream

from connectors import calendly
from connectors.calendly.api import ease
from connectors.client import Answer
from connectors.stream import BadAnswer, BrokenToken, MissingPermission, Reading, Since
from simulator.platforms.calendly.push import SIGNING_KEY

ALL, HOST = Since(None), "https://api.calendly.com"
ME = ("GET users/me", {"resource": {"current_organization": f"{HOST}/organizations/O"}})
EVENTS = "GET scheduled_events"


def page(*rows: object, token: str | None = None) -> dict:
    return {"collection": list(rows), "pagination": {"next_page_token": token}}


def event(number: str, **more: object) -> dict:
    return {"uri": f"{HOST}/scheduled_events/{number}", "event_type": f"{HOST}/event_types/T", **more}


def invitee(number: str, **more: object) -> dict:
    return {"uri": f"{HOST}/scheduled_events/E/invitees/{number}", "email": "ana@courriel.example", **more}


def read(*answers: tuple, since: Since = ALL) -> tuple[list, object]:
    client = play("calendly", ME, *answers)
    rows, announced = fetched(stream("calendly", "responses"), client, "maison", since)
    assert announced == {}
    return rows, client


def test_all_events_and_all_their_invitees_are_read_with_ids_of_their_own():
    rows, client = read(
        (EVENTS, page(event("E1"), token="t")),
        ("GET scheduled_events/E1/invitees", page(invitee("a"), token="u")),
        ("GET scheduled_events/E1/invitees", page(invitee("b"))),
        (EVENTS, page()),
    )
    assert [(row["id"], row["form_id"]) for row in rows] == [("a", "T"), ("b", "T")]
    assert rows[0]["scheduled_event"]["uri"] == f"{HOST}/scheduled_events/E1"
    assert asked(client, 1)["organization"] == f"{HOST}/organizations/O"
    assert asked(client)["page_token"] == "t"
    assert "min_start_time" not in asked(client)


def test_only_events_that_start_after_the_last_pull_are_asked_for():
    _, client = read((EVENTS, page()), since=Since(datetime(2026, 11, 13, 9, tzinfo=UTC)))
    assert asked(client)["min_start_time"] == "2026-11-13T09:00:00.000000Z"
    assert stream("calendly", "responses").looks_back == timedelta(days=7)


def test_links_that_cancel_for_whoever_has_them_and_hosts_are_not_kept():
    told = invitee("a", cancel_url="https://calendly.com/cancellations/a", reschedule_url="x")
    hosts = [{"user_email": "equipe@maison.example"}]
    rows, _ = read(
        (EVENTS, page(event("E1", event_memberships=hosts, name="Devis"))),
        ("GET scheduled_events/E1/invitees", page(told)),
    )
    assert not {"cancel_url", "reschedule_url"} & rows[0].keys()
    assert rows[0]["scheduled_event"].keys() == {"uri", "name", "event_type"}


def test_an_event_deleted_meanwhile_stops_nobody():
    gone = ("GET scheduled_events/E1/invitees", {"title": "Resource Not Found"}, 404)
    rows, _ = read(
        (EVENTS, page(event("E1"), event("E2"))),
        gone,
        ("GET scheduled_events/E2/invitees", page(invitee("b"))),
    )
    assert [row["id"] for row in rows] == ["b"]


@pytest.mark.parametrize(
    ("body", "status", "error", "says"),
    [
        ({"title": "Unauthenticated"}, 401, BrokenToken, "CALENDLY_TOKEN"),
        ({"title": "Permission Denied"}, 403, MissingPermission, "owner or admin"),
        ({"resource": {}}, 200, BadAnswer, "no organization"),
    ],
)
def test_what_is_refused_says_what_to_do(body, status, error, says):
    with pytest.raises(error, match=says):
        fetched(stream("calendly", "forms"), play("calendly", ("GET users/me", body, status)), "maison", ALL)


@pytest.mark.parametrize("body", [{}, {"collection": []}, {"collection": {}, "pagination": {}}])
def test_a_list_of_another_shape_is_named(body):
    with pytest.raises(BadAnswer, match="no collection"):
        read((EVENTS, body))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"X-RateLimit-Remaining": "3", "X-RateLimit-Reset": "60"}, 0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "12"}, 12),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}, 1),
    ],
)
def test_where_nothing_is_left_it_breathes(headers, seconds):
    assert ease(Answer(200, headers, {})) == seconds


def test_erasing_asks_by_address():
    client = play("calendly", ("POST data_compliance/deletion/invitees", {}, 202))
    erasing = stream("calendly", "responses").erasing
    assert erasing.ask(client, "a", {"email": "ana@courriel.example"}) == "requested"
    assert how_asked(client)["json"] == {"emails": ["ana@courriel.example"]}
    with pytest.raises(BadAnswer, match="not known any more"):
        erasing.ask(client, "a", {})


# -- the webhook ----------------------------------------------------------------------------------


def signature(body: bytes, at: int) -> dict[str, str]:
    digest = hmac.new(SIGNING_KEY.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"calendly-webhook-signature": f"t={at},v1={digest}"}


def test_a_body_is_signed_together_with_its_time():
    body, now, secrets = (
        b'{"event":"invitee.created"}',
        int(time.time()),
        {"CALENDLY_SIGNING_KEY": SIGNING_KEY},
    )
    verify = calendly.WEBHOOK.verify
    assert verify(signature(body, now), body, secrets)
    assert not verify(signature(body, now), body + b" ", secrets)
    assert not verify(signature(body, now - 3600), body, secrets)
    assert not verify(signature(body, now), body, {})
    assert not verify({}, body, secrets)


def test_a_push_is_a_row_as_the_api_has_it():
    told = invitee("a", scheduled_event=event("E", name="Devis"), cancel_url="x", status="canceled")
    for what in ("invitee.created", "invitee.canceled"):
        body = json.dumps({"event": what, "payload": told}).encode()
        [hook] = calendly.WEBHOOK.receive(body, calendly.client(env()))
        rows, _ = read(
            (EVENTS, page(event("E", name="Devis"))),
            ("GET scheduled_events/E/invitees", page(invitee("a", status="canceled"))),
        )
        assert (hook.stream, hook.account, hook.rows) == ("responses", "maison", rows)
    body = json.dumps({"event": "routing_form_submission.created", "payload": {}}).encode()
    assert list(calendly.WEBHOOK.receive(body, calendly.client(env()))) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"event":"invitee.created","payload":{}}', b"\xff"])
def test_a_push_of_another_shape_is_named(body):
    with pytest.raises(BadAnswer, match="documented shape"):
        list(calendly.WEBHOOK.receive(body, calendly.client(env())))


# -- the file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2026-11-19 09:15 am", "2026-11-19T09:15:00+00:00"),
        ("2026-11-19 12:05 am", "2026-11-19T00:05:00+00:00"),
        ("2026-11-19 12:30 PM", "2026-11-19T12:30:00+00:00"),
        ("2026-13-19 09:15 am", "2026-13-19 09:15 am"),  # is held at the door
    ],
)
def test_a_line_is_a_row_of_the_api(told, moment):
    cells = {
        "invitee_uuid": "a", "event_uuid": "E", "invitee_email": "ana@courriel.example",
        "event_created_date_time": told, "canceled": "true", "utm_source": "meta",
        "question_1": "Why?", "response_1": "A vase", "question_2": "Stay?",
        "invitee_accepted_marketing_emails": "true",
    }  # fmt: skip
    [export] = calendly.EXPORTS
    row = export.to_row(cells, Reading())
    assert (row["id"], row["created_at"], row["status"]) == ("a", moment, "canceled")
    assert row["tracking"] == {"utm_source": "meta"}
    assert row["questions_and_answers"] == [{"question": "Why?", "answer": "A vase", "position": 0}]
