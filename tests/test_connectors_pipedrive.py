"""Pipedrive: lists by cursor, a status not every account has, deals that are deleted, a webhook of hints."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tape import asked, fetched, play, stream

from connectors import pipedrive
from connectors.client import Answer, Retry
from connectors.pipedrive.api import ease, judge
from connectors.pipedrive.read import to_row
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    MissingPermission,
    NotThere,
    Page,
    PlatformDown,
    Reading,
    Since,
)
from simulator.home import SECRETS
from simulator.platforms.pipedrive.push import WORD, delivery

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC))
PERSONS = "GET persons"
REFUSED = ({"success": False, "error": "ana@poste.example has no such field"}, 400)


def listed(*ids: int, following: str | None = None) -> dict:
    rows = [{"id": one} for one in ids]
    return {"success": True, "data": rows, "additional_data": {"next_cursor": following}}


def test_changes_are_asked_for_with_the_marketing_status():
    client = play("pipedrive", (PERSONS, listed(1)), (PERSONS, listed(1, 2)))
    rows, announced = fetched(stream("pipedrive", "persons"), client, "maison", LATELY)
    assert [row["id"] for row in rows] == [1, 2] and announced == {}
    assert asked(client)["updated_since"] == "2026-11-19T00:00:00Z"
    assert (asked(client)["sort_by"], asked(client)["limit"]) == ("update_time", 500)
    assert (
        asked(client)["include_fields"] == asked(client, 0)["include_fields"] == "marketing_status,doi_status"
    )


def test_an_account_without_campaigns_is_read_without_it_and_asked_once():
    client = play("pipedrive", (PERSONS, *REFUSED), (PERSONS, listed(1)), (PERSONS, listed(2)))
    for found in ([1], [2]):
        rows, _ = fetched(stream("pipedrive", "persons"), client, "maison", ALL)
        assert [row["id"] for row in rows] == found
        assert "include_fields" not in asked(client)


def test_the_cursor_leads_on_and_an_empty_page_is_asked_again():
    pages = [listed(1, following="a"), listed(following="b"), listed(2, following="b"), listed(3)]
    client = play("pipedrive", *[("GET organizations", page) for page in pages])
    rows, _ = fetched(stream("pipedrive", "organizations"), client, "maison", ALL)
    assert [row["id"] for row in rows] == [1, 2, 3]
    assert [asked(client, place).get("cursor") for place in range(4)] == [None, "a", "a", "b"]
    assert asked(client)["sort_by"] == "id", "all of them by number, which no edit moves"


def test_a_list_that_leads_to_itself_is_no_list():
    client = play("pipedrive", *[("GET organizations", listed(1, following="a"))] * 2)
    with pytest.raises(BadAnswer, match="nothing leads to it"):
        fetched(stream("pipedrive", "organizations"), client, "maison", ALL)


def test_an_account_that_has_none_says_null():
    client = play(
        "pipedrive", ("GET organizations", {"success": True, "data": None, "additional_data": None})
    )
    assert fetched(stream("pipedrive", "organizations"), client, "maison", ALL) == ([], {})


def test_deleted_deals_are_deletions_and_those_put_away_are_deals():
    gone = {
        "id": 3,
        "status": "deleted",
        "is_deleted": True,
        "title": "Ana",
        "update_time": "2026-11-19T10:00:00Z",
    }
    page = listed(1) | {"data": [{"id": 1, "status": "won"}, gone]}
    client = play("pipedrive", ("GET deals", page), ("GET deals/archived", listed(7)))
    found = [
        one for one in stream("pipedrive", "deals").fetch(client, "maison", LATELY) if isinstance(one, Page)
    ]
    assert [(one.op, [row["id"] for row in one.rows]) for one in found] == [
        ("upsert", [1]), ("delete", [3]), ("upsert", [7]),
    ]  # fmt: skip
    assert found[1].rows == [{"id": 3, "update_time": gone["update_time"], "is_deleted": True}], (
        "and nobody in it"
    )
    assert asked(client, 0)["status"] == "open,won,lost,deleted" and "status" not in asked(client)


@pytest.mark.parametrize(
    ("status", "headers", "data", "verdict"),
    [
        (429, {"x-ratelimit-reset": "2"}, {"success": False}, Retry),
        (429, {"x-daily-ratelimit-token-remaining": "0"}, {"success": False}, PlatformDown),
        (403, {}, None, Retry),
        (502, {}, None, Retry),
        (401, {}, {"error": "unauthorized access"}, BrokenToken),
        (403, {}, {"error": "Scope and URL mismatch"}, MissingPermission),
        (404, {}, {"error": "Person not found"}, NotThere),
        (410, {}, {"success": True, "data": {"id": 1}}, NotThere),
        (400, {}, REFUSED[0], BadAnswer),
    ],
)
def test_what_an_error_means_and_that_it_names_nobody(status, headers, data, verdict):
    found = judge(Answer(status, headers, data))
    assert isinstance(found, verdict) and "ana@" not in str(found)
    assert verdict is not BrokenToken or "PIPEDRIVE_API_TOKEN" in str(found)
    assert verdict is not Retry or status != 429 or found.after == 2


def test_a_burst_that_is_used_up_is_waited_for():
    assert ease(Answer(200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2"}, {})) == 2
    assert ease(Answer(200, {"x-ratelimit-remaining": "0"}, {})) == 1
    assert ease(Answer(200, {"x-ratelimit-remaining": "3", "x-ratelimit-reset": "2"}, {})) == 0


def test_erasing_is_a_deletion_that_takes_thirty_days():
    ask = stream("pipedrive", "persons").erasing.ask
    assert (
        ask(play("pipedrive", ("DELETE persons/7", {"success": True, "data": {"id": 7}})), "7", {})
        == "requested"
    )
    before = ("DELETE persons/7", {"success": True, "data": {"id": 7}}, 410)
    assert ask(play("pipedrive", before), "7", {}) == "not_there"


# -- webhook ------------------------------------------------------------------------------------------

ASK = (PERSONS, listed(1))


def test_a_change_is_read_anew_and_somebody_who_is_gone_is_a_deletion():
    body = delivery("change", 7, {"id": 7, "name": "Somebody else"})[1]
    there = play("pipedrive", ASK, ("GET persons/7", {"data": {"id": 7, "name": "Ana"}}))
    (hook,) = pipedrive.WEBHOOK.receive(body, there)
    assert (hook.op, hook.account, hook.rows) == ("upsert", "maison", [{"id": 7, "name": "Ana"}])
    assert asked(there)["include_fields"] == "marketing_status,doi_status"
    for answer in (({"success": False}, 404), ({"data": {"id": 7, "is_deleted": True}},)):
        gone = play("pipedrive", ASK, ("GET persons/7", *answer))
        (hook,) = pipedrive.WEBHOOK.receive(delivery("delete", 7, None)[1], gone)
        assert (hook.op, hook.rows) == ("delete", [{"id": 7}])


def test_of_a_merger_the_survivor_says_whom_it_took_over():
    body = delivery("delete", 7, None, merged_to_id="9")[1]
    client = play("pipedrive", ASK, ("GET persons/7", {}, 404), ("GET persons/9", {"data": {"id": 9}}))
    first, second = pipedrive.WEBHOOK.receive(body, client)
    assert (first.op, first.rows) == ("upsert", [{"id": 9, "merged_ids": ["7"]}])
    assert (second.op, second.rows) == ("delete", [{"id": 7}])


def test_what_is_about_nobody_asks_nothing():
    body = delivery("change", 7, {"id": 7}, entity="deal")[1]
    assert not list(pipedrive.WEBHOOK.receive(body, play("pipedrive")))


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
VALUES = JSONS | st.sampled_from(["7", 7, "../x", "None", "9" * 40])
BODIES = st.fixed_dictionaries(
    {"entity": st.just("person") | JSONS, "entity_id": VALUES}, optional={"merged_to_id": VALUES}
).map(lambda meta: {"meta": meta, "data": None})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=100) | (JSONS | BODIES).map(lambda told: json.dumps(told).encode()))
def test_a_body_of_any_shape_is_read_or_named_and_leads_nowhere_else(body):
    paths = []

    class Answering:
        account, reads_marketing = "maison", False

        def get(self, path, params):
            paths.append(path)
            raise NotThere

    with suppress(BadAnswer):
        list(pipedrive.WEBHOOK.receive(body, Answering()))
    assert all(path.removeprefix("persons/").isdigit() for path in paths)


def test_only_the_right_word_and_their_kind_of_body_is_taken():
    headers, body = delivery("create", 7, None)
    lower = {name.lower(): value for name, value in headers.items()}
    assert pipedrive.WEBHOOK.knows_address(WORD, SECRETS) and not pipedrive.WEBHOOK.knows_address("", {})
    assert pipedrive.WEBHOOK.verify(lower, body, SECRETS)
    assert not pipedrive.WEBHOOK.verify({"content-type": "text/plain"}, body, SECRETS)
    assert not pipedrive.WEBHOOK.verify(lower, b"{}", SECRETS)


# -- file ---------------------------------------------------------------------------------------------


def test_a_line_of_an_export_has_the_shape_of_the_api():
    cells = {
        "person_id": "7",
        "person_name": "Ana Roux",
        "person_email_home": "ana@poste.example",
        "person_phone_mobile": "'+33639980001",
        "person_marketing_status": "No consent",
        "person_person_created": "2026-01-02 10:00:00",
        "person_organization": "Atelier Exemple",
    }
    row = to_row(cells, Reading())
    assert (row["id"], row["marketing_status"], row["add_time"]) == (
        7,
        "no_consent",
        "2026-01-02T10:00:00+00:00",
    )
    assert row["emails"] == [{"value": "ana@poste.example", "primary": True, "label": "home"}]
    assert row["phones"][0]["value"] == "+33639980001"
    assert row["organization_name"] == "Atelier Exemple"
    odd = to_row({"person_id": "7", "person_name": "Ana", "person_marketing_status": "Inscrite"}, Reading())
    # A word nobody knows is no status, and is held at the door.
    promise = next(one for one in stream("pipedrive", "persons").promises if one.path == "marketing_status")
    assert odd["marketing_status"] not in promise.values
