"""Typeform: newest first, paged back by token, and a refresh token that works once."""

from datetime import UTC, datetime

from tape import Tape, asked, env, fetched, play, stream

from connectors import typeform
from connectors.stream import Since

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC), {"F1": 99})

FORM = ("GET forms", {"items": [{"id": "F1"}], "page_count": 1})


def response(number: int) -> dict:
    return {"token": f"t{number}", "submitted_at": f"2026-11-19T08:00:{number:02}Z"}


def test_typeform_walks_back_from_the_oldest_of_a_page(monkeypatch):
    monkeypatch.setattr("connectors.typeform.fetch.RESPONSES", 2)
    client = play(
        "typeform",
        FORM,
        ("GET forms/F1/responses", {"total_items": 3, "items": [response(3)]}),
        # Newest first is the rule; where a page comes in another order the oldest still leads on.
        ("GET forms/F1/responses", {"items": [response(2), response(3)]}),
        ("GET forms/F1/responses", {"items": [response(1)]}),
    )
    rows, announced = fetched(stream("typeform", "responses"), client, "maison", ALL)
    assert [row["token"] for row in rows] == ["t2", "t3", "t1"]
    assert {row["form_id"] for row in rows} == {"F1"}
    assert asked(client)["before"] == "t2"
    assert announced == {"F1": 3}


def test_typeform_asks_since_only_when_nothing_is_missing():
    answers = (FORM, ("GET forms/F1/responses", {"total_items": 99, "items": []}))
    client = play("typeform", *answers, ("GET forms/F1/responses", {"items": []}))
    fetched(stream("typeform", "responses"), client, "maison", LATELY)
    assert asked(client)["since"] == "2026-11-19T00:00:00"
    assert "sort" not in asked(client)  # not together with before


def test_typeform_keeps_the_new_refresh_token_before_it_is_used():
    secrets = {
        "TYPEFORM_REFRESH_TOKEN": "first",
        "TYPEFORM_CLIENT_ID": "app",
        "TYPEFORM_CLIENT_SECRET": "made-up",
    }
    given = env(secrets=secrets)
    new = {"access_token": "a1", "refresh_token": "second", "expires_in": 3600}
    tape = Tape([{"asked": "POST oauth/token", "body": new}, {"asked": "GET forms", "body": {"items": []}}])
    client = tape.into(typeform.client(given))
    fetched(stream("typeform", "responses"), client, "maison", ALL)
    assert given.tokens.get("typeform.refresh", "first").value == "second"
    tape = Tape([{"asked": "GET forms", "body": {"items": []}}])
    fetched(stream("typeform", "responses"), tape.into(typeform.client(given)), "maison", ALL)
    # A seed the operator has replaced takes its tokens with it.
    assert given.tokens.get("typeform.refresh", "another") is None
