"""Brevo: pages that shift, flags without a why, statistics that fade, a header of its own for waiting."""

from datetime import UTC, datetime

import pytest
from tape import asked, fetched, play, stream

from connectors.brevo.fetch import ease
from connectors.client import Answer
from connectors.stream import BrokenToken, Since

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC), {"": 99})


def contacts(*ids: int, count: int = 99) -> tuple:
    return "GET contacts", {"contacts": [{"id": i} for i in ids], "count": count}


def test_brevo_pages_overlap_so_that_a_deletion_skips_nobody(monkeypatch):
    monkeypatch.setattr("connectors.brevo.fetch.CONTACTS", 30)
    client = play(
        "brevo", contacts(count=35), contacts(*range(30), count=35), contacts(*range(10, 35), count=35)
    )
    rows, announced = fetched(stream("brevo", "contacts"), client, "maison", ALL)
    assert {row["id"] for row in rows} == set(range(35))
    assert (asked(client)["offset"], asked(client)["sort"]) == (10, "asc")
    assert announced == {"": 35}


def test_brevo_believes_an_empty_page_only_twice():
    client = play("brevo", contacts(count=1), contacts(count=1), contacts(1, count=1))
    rows, _ = fetched(stream("brevo", "contacts"), client, "maison", ALL)
    assert [row["id"] for row in rows] == [1]


def test_brevo_asks_for_changes_when_nothing_is_missing():
    client = play("brevo", contacts(count=99), contacts(count=0))
    fetched(stream("brevo", "contacts"), client, "maison", LATELY)
    assert asked(client)["modifiedSince"] == "2026-11-19T00:00:00.000Z"


def test_brevo_asks_for_events_of_any_age_whatever_day_it_is():
    nothing = ("GET events", {"events": [], "count": 0})
    client = play("brevo", nothing, nothing)
    fetched(stream("brevo", "events"), client, "maison", ALL)
    assert asked(client)["startDate"] == "2012-01-01T00:00:00.000Z"
    assert asked(client)["endDate"] > "2026-11-20"


def test_brevo_leaves_old_statistics_alone():
    sent = [{"id": 1, "sentDate": "2026-01-05T08:00:00Z"}, {"id": 2, "sentDate": "2026-11-19T08:00:00Z"}]
    client = play("brevo", ("GET emailCampaigns", {"campaigns": sent, "count": 2}))
    rows, _ = fetched(stream("brevo", "campaigns"), client, "maison", LATELY)
    assert [row["id"] for row in rows] == [2]


def test_brevo_waits_as_long_as_its_own_header_says(monkeypatch):
    client = play(
        "brevo",
        ("GET contacts", {"code": "too_many_requests"}, 429, {"x-sib-ratelimit-reset": "7"}),
        contacts(count=0),
        contacts(count=0),
    )
    held = []
    monkeypatch.setattr(client.http, "_hold", held.append)
    fetched(stream("brevo", "contacts"), client, "maison", ALL)
    assert 7 <= held[0] < 8


def test_brevo_refused_key_is_named():
    client = play("brevo", ("GET contacts", {"code": "unauthorized", "message": "Key not found"}, 401))
    with pytest.raises(BrokenToken, match="BREVO_API_KEY"):
        fetched(stream("brevo", "contacts"), client, "maison", ALL)


def test_brevo_breathes_where_nothing_is_left():
    left, reset = "x-sib-ratelimit-remaining", "x-sib-ratelimit-reset"
    assert ease(Answer(200, {left: "3", reset: "1"}, {})) == 0
    assert ease(Answer(200, {left: "0", reset: "4"}, {})) == 4
    assert ease(Answer(200, {left: "0"}, {})) == 1
    assert ease(Answer(200, {}, {})) == 0
