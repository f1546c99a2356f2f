"""HubSpot: a search without an end, a token that may do less, hints that are signed with their address."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tape import asked, env, fetched, how_asked, play, stream

from connectors import hubspot
from connectors.client import Answer, Retry
from connectors.hubspot.api import judge
from connectors.hubspot.fetch import addresses
from connectors.hubspot.read import COLUMNS, to_row
from connectors.hubspot.receive import hints
from connectors.signatures import is_signed_with_request
from connectors.stream import (
    Announced,
    BadAnswer,
    BrokenToken,
    MissingPermission,
    NotThere,
    Page,
    PlatformDown,
    Reading,
    RetiredVersion,
    Since,
)
from connectors.tables import normalise
from simulator import home
from simulator.platforms.hubspot import export, push

CONTACTS = "crm/objects/2026-03/contacts"
SEARCH, LIST = f"POST {CONTACTS}/search", f"GET {CONTACTS}"
STATES = "POST communication-preferences/2026-03/statuses/batch/read"
ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC), {"": 3})
NOBODY = (STATES, {"results": []})
GONE = (LIST, {"results": []})


def row(key: int, email: str = "", **more) -> dict:
    return {"id": str(key), "properties": {"email": email or f"n{key}@poste.example"}, **more}


def counted(total: int) -> tuple:
    return SEARCH, {"total": total, "results": []}


def found(*keys: int, total: int) -> tuple:
    return SEARCH, {"total": total, "results": [row(key) for key in keys]}


def listed(*keys: int, after: str | None = None) -> tuple:
    paging = {"paging": {"next": {"after": after}}} if after else {}
    return LIST, {"results": [row(key) for key in keys], **paging}


def contacts(client, since: Since) -> list[str]:
    rows, _ = fetched(stream("hubspot", "contacts"), client, "maison", since)
    return [one["id"] for one in rows]


# -- finding what changed ---------------------------------------------------------------------------


def test_a_first_pull_reads_the_list_and_names_what_it_wants():
    client = play("hubspot", counted(3), listed(1, 2, after="3"), NOBODY, listed(3), NOBODY, GONE)
    assert contacts(client, ALL) == ["1", "2", "3"]
    assert {"email", "jobtitle", "hs_merged_object_ids"} <= set(asked(client, 1)["properties"].split(","))
    assert (asked(client)["archived"], asked(client, 1)["archived"]) == ("true", "false")
    assert asked(client)["properties"] == "hs_object_id", "of the deleted nothing else is kept"


def test_what_is_many_is_searched_for_from_the_top_on_and_not_asked_for_as_a_list(monkeypatch):
    monkeypatch.setattr("connectors.hubspot.fetch.MANY", 3)
    top, rest = found(40, 30, total=3), found(9, total=1)
    client = play("hubspot", counted(3), found(9, total=3), top, NOBODY, rest, NOBODY, counted(3), GONE)
    client.at_once = 2
    walk = stream("hubspot", "contacts").fetch(client, "maison", ALL)
    monkeypatch.setattr("connectors.hubspot.fetch.split", lambda ask, begin, at_once: alone(ask, begin))
    monkeypatch.setattr(
        "connectors.hubspot.fetch.in_order", lambda calls, at_once: [call() for call in calls]
    )
    assert [row["id"] for page in walk if isinstance(page, Page) for row in page.rows] == ["40", "30", "9"]
    asked_for = [how["json"]["filterGroups"][0]["filters"] for what, how in client.http.tape.asked
                 if what == SEARCH and "filterGroups" in how["json"]]  # fmt: skip
    told = [[(one["operator"], one["value"]) for one in tests] for tests in asked_for]
    assert told == [[("GT", "0")], [("GTE", "9")], [("GTE", "9"), ("LT", "30")]]


def test_no_search_goes_on_where_what_is_asked_beside_it_fails(monkeypatch):
    monkeypatch.setattr("connectors.hubspot.fetch.MANY", 3)
    client = play("hubspot", counted(3), found(9, total=3))
    client.at_once = 2
    is_closed = []

    def searches(ask, begin, at_once):
        try:
            while True:
                yield [row(9)], {9}
        finally:
            is_closed.append(True)

    def fails(hubspot, rows):
        raise BadAnswer("no list of results")

    monkeypatch.setattr("connectors.hubspot.fetch.split", searches)
    monkeypatch.setattr("connectors.hubspot.fetch.complete", fails)
    # What is kept of the error holds the walk, so nobody else would close it.
    with pytest.raises(BadAnswer) as kept:
        list(stream("hubspot", "contacts").fetch(client, "maison", ALL))
    assert (is_closed, str(kept.value)) == ([True], "no list of results")


def alone(ask, begin):
    mark = None
    while True:
        page, mark, _ = ask(begin, None, mark)
        yield page
        if mark is None:
            return


def test_later_pulls_search_from_the_last_number_on_and_meet_no_limit():
    pages = [found(9, 10, total=5), NOBODY, found(11, 30, total=3), NOBODY, found(31, total=1), NOBODY]
    client = play("hubspot", counted(3), *pages, GONE)
    assert contacts(client, LATELY) == ["9", "10", "11", "30", "31"]
    bodies = [how["json"] for what, how in client.http.tape.asked if what == SEARCH][1:]
    tests = [{one["propertyName"]: one for one in body["filterGroups"][0]["filters"]} for body in bodies]
    assert [one["hs_object_id"]["value"] for one in tests] == ["0", "10", "30"]
    # At that moment or after: two changes of one millisecond are both met.
    since = {"propertyName": "lastmodifieddate", "operator": "GTE", "value": "1795046400000"}
    assert all(one["lastmodifieddate"] == since for one in tests)
    assert not any("after" in body for body in bodies)


def test_the_cursor_stays_an_hour_behind_for_the_index_does():
    assert stream("hubspot", "contacts").overlap >= timedelta(hours=1)


def test_a_page_out_of_order_or_with_one_twice_loses_nobody():
    client = play(
        "hubspot", counted(3), found(11, 9, 9, total=4), NOBODY, found(12, 30, total=2), NOBODY, GONE
    )
    assert set(contacts(client, LATELY)) == {"9", "11", "12", "30"}


def test_an_empty_page_is_asked_for_again_where_more_is_promised():
    client = play("hubspot", counted(3), found(total=1), found(9, total=1), NOBODY, GONE)
    assert contacts(client, LATELY) == ["9"]
    more = (LIST, {"results": [], "paging": {"next": {"after": "7"}}})
    client = play("hubspot", counted(9), more, listed(1), NOBODY, GONE)
    assert contacts(client, ALL) == ["1"]


def test_where_hubspot_holds_more_than_we_do_all_is_read():
    client = play("hubspot", counted(4), counted(0), listed(1, 2, 3, 4), NOBODY, GONE)
    assert len(contacts(client, LATELY)) == 4


def test_what_leads_nowhere_is_no_end():
    client = play("hubspot", counted(3), found(9, total=5), NOBODY, found(9, total=5), NOBODY)
    with pytest.raises(BadAnswer, match="nothing leads to it"):
        contacts(client, LATELY)


def test_the_deleted_are_told_with_when_and_without_a_word_more():
    gone = [row(5, archivedAt="2026-11-19T08:00:00.000Z", archived=True),
            row(6, archivedAt="2026-11-01T08:00:00.000Z", archived=True)]  # fmt: skip
    client = play("hubspot", counted(3), found(total=0), (LIST, {"results": gone}))
    pages = list(stream("hubspot", "contacts").fetch(client, "maison", LATELY))
    assert [one for one in pages if isinstance(one, Announced)] == [Announced("", 3)]
    (page,) = [one for one in pages if isinstance(one, Page)]
    at = "2026-11-19T08:00:00.000Z"
    assert (page.op, page.rows) == (
        "delete", [{"id": "5", "updatedAt": at, "archivedAt": at, "archived": True}]
    )  # fmt: skip


# -- how addresses stand ----------------------------------------------------------------------------


def test_each_address_of_a_contact_is_asked_for():
    one = row(1, "Ana@Poste.example")
    one["properties"]["hs_additional_emails"] = "ana@bureau.example;;ANA@poste.example"
    assert addresses(one) == ["ana@poste.example", "ana@bureau.example"]
    told = [{"subscriberIdString": "ANA@bureau.example", "statuses": [{"subscriptionId": 7}, None]}]
    client = play("hubspot", counted(1), (LIST, {"results": [one]}), (STATES, {"results": told}), GONE)
    rows, _ = fetched(stream("hubspot", "contacts"), client, "maison", ALL)
    assert rows[0]["subscriptions"] == [{"subscriptionId": 7}]
    assert how_asked(client, 2)["json"] == {"inputs": ["ana@poste.example", "ana@bureau.example"]}


def test_without_the_scope_contacts_come_all_the_same(caplog):
    lacking = {
        "category": "MISSING_SCOPES",
        "message": "n1@poste.example may not",
        "errors": [{"context": {"requiredGranularScopes": ["communication_preferences.read", "a b", 7]}}],
    }
    client = play("hubspot", counted(2), listed(1, after="2"), (STATES, lacking, 403), listed(2), GONE)
    rows, _ = fetched(stream("hubspot", "contacts"), client, "maison", ALL)
    assert [one["id"] for one in rows] == ["1", "2"]
    assert not any("subscriptions" in one for one in rows)
    assert "communication_preferences.read" in caplog.text
    assert "poste.example" not in caplog.text


# -- forms ------------------------------------------------------------------------------------------

FORMS = "GET marketing/v3/forms"
A_FORM = ((FORMS, {"results": [{"id": "f-1"}]}), (FORMS, {"results": []}))
ANSWERS = "GET form-integrations/v1/submissions/forms/f-1"


def answers(*times: int, after: str | None = None) -> tuple:
    rows = [{"conversionId": str(at), "submittedAt": at, "values": []} for at in times]
    return ANSWERS, {"results": rows, **({"paging": {"next": {"after": after}}} if after else {})}


def test_answers_are_read_newest_first_until_they_are_old():
    day = 86_400_000
    begin = round(datetime(2026, 11, 19, tzinfo=UTC).timestamp() * 1000)
    client = play(
        "hubspot", *A_FORM, answers(begin + day, begin - 1, after="x"), answers(begin - day, after="y")
    )
    rows, announced = fetched(stream("hubspot", "responses"), client, "maison", LATELY)
    assert [one["form_id"] for one in rows] == ["f-1"] * 3
    assert announced == {}


def test_a_form_that_went_meanwhile_stops_nothing():
    client = play("hubspot", *A_FORM, (ANSWERS, {"message": "resource not found"}, 404))
    assert fetched(stream("hubspot", "responses"), client, "maison", ALL) == ([], {})


# -- errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "data", "verdict"),
    [
        (429, {"policyName": "TEN_SECONDLY_ROLLING"}, Retry),
        (429, {"policyName": "SECONDLY"}, Retry),
        (429, {"policyName": "DAILY"}, PlatformDown),
        (502, None, Retry),
        (401, {"category": "INVALID_AUTHENTICATION"}, BrokenToken),
        (401, {"category": "EXPIRED_AUTHENTICATION"}, BrokenToken),
        (530, None, BrokenToken),
        (403, {"category": "MISSING_SCOPES", "errors": "none"}, MissingPermission),
        (404, {"message": "resource not found"}, NotThere),
        (410, None, RetiredVersion),
        (400, {"category": "VALIDATION_ERROR", "message": "ana@poste.example is invalid"}, BadAnswer),
        (403, ["odd"], MissingPermission),
    ],
)
def test_what_an_error_means_and_that_it_names_nobody(status, data, verdict):
    told = judge(Answer(status, {}, data))
    assert isinstance(told, verdict)
    assert "ana@" not in str(told) and (verdict is not BrokenToken or "HUBSPOT_TOKEN" in str(told))


def test_a_list_that_is_not_there_is_a_version_that_is_not():
    client = play("hubspot", (SEARCH, {"message": "not found"}, 404))
    with pytest.raises(RetiredVersion, match=r"platforms\.hubspot\.version"):
        contacts(client, ALL)


def test_a_version_is_known_with_its_end_and_another_is_asked_for_by_name():
    told = hubspot.api_version({})
    assert (told.name, told.is_over(date(2030, 1, 1)), told.is_ending(date(2027, 7, 1))) == (
        "2026-03",
        False,
        True,
    )
    assert hubspot.api_version({"version": "2024-09"}) is None
    path = CONTACTS.replace("2026-03", "2026-09")
    lists = [(f"GET {path}", {"results": []})] * 2
    client = play("hubspot", (f"POST {path}/search", {"total": 0}), *lists, settings={"version": "2026-09"})
    assert contacts(client, ALL) == []


def test_how_long_to_breathe_is_what_the_answer_says_is_left():
    breathe = hubspot.client(env()).http._ease
    left = "X-HubSpot-RateLimit-Remaining"
    assert breathe(Answer(200, {left: "8"}, {})) == 0
    assert breathe(Answer(200, {left: "0", "X-HubSpot-RateLimit-Interval-Milliseconds": "10000"}, {})) == 10
    assert breathe(Answer(200, {"X-HubSpot-RateLimit-Secondly-Remaining": "0"}, {})) == 1
    # Searches tell nothing.
    assert breathe(Answer(200, {}, {})) == 0


# -- the webhook ------------------------------------------------------------------------------------

NOW = 1_795_150_000.0
ONE = push.event("propertyChange", "9", 1)


def signed(events: list[dict], at: float = NOW) -> tuple[dict[str, str], bytes]:
    headers, body = push.delivery(events, round(at * 1000))
    return {name.lower(): value for name, value in headers.items()}, body


def verify(headers: dict[str, str], body: bytes, now: float, monkeypatch, secrets=home.SECRETS) -> bool:
    monkeypatch.setattr("time.time", lambda: now)
    return hubspot.WEBHOOK.verify(headers, body, secrets)


def test_a_signature_covers_address_bytes_and_time(monkeypatch):
    headers, body = signed([ONE])
    assert verify(headers, body, NOW + 299, monkeypatch)
    assert not verify(headers, body, NOW + 301, monkeypatch)
    assert not verify(headers, body, NOW - 301, monkeypatch), "from the future"
    assert not verify(headers, body + b" ", NOW, monkeypatch)
    assert not verify(
        {**headers, "x-hubspot-request-timestamp": f"{NOW * 1000 + 1:.0f}"}, body, NOW, monkeypatch
    )
    elsewhere = {**home.SECRETS, "HUBSPOT_WEBHOOK_URL": f"{push.ADDRESS}/"}
    assert not verify(headers, body, NOW, monkeypatch, elsewhere)
    for missing in ("HUBSPOT_CLIENT_SECRET", "HUBSPOT_WEBHOOK_URL"):
        lacking = {name: value for name, value in home.SECRETS.items() if name != missing}
        assert not verify(headers, body, NOW, monkeypatch, lacking)
    older = {name: value for name, value in headers.items() if name != "x-hubspot-signature-v3"}
    assert not verify(older, body, NOW, monkeypatch), "an older signature has no time in it"


@given(st.text(max_size=30))
def test_a_stamp_of_any_shape_is_no_time(stamp):
    assert not is_signed_with_request(b"x", "secret", "given", "POST", push.ADDRESS, stamp, NOW)


BATCH = f"POST {CONTACTS}/batch/read"


def test_a_hint_is_read_anew_with_how_its_addresses_stand():
    state = {"subscriberIdString": "n9@poste.example", "statuses": [{"subscriptionId": 7}]}
    client = play("hubspot", (BATCH, {"results": [row(9)]}), (STATES, {"results": [state]}))
    (hook,) = hubspot.WEBHOOK.receive(signed([ONE, ONE])[1], client)
    assert (hook.stream, hook.op, hook.account) == ("contacts", "upsert", "maison")
    assert hook.rows == [row(9) | {"subscriptions": [{"subscriptionId": 7}]}]
    assert how_asked(client, 0)["json"]["inputs"] == [{"id": "9"}]


def test_who_is_not_there_is_a_deletion_and_who_was_merged_leads_to_who_survived():
    events = [
        push.event("privacyDeletion", "5", 1),
        push.event("merge", "9", 1, mergedObjectIds=[4], newObjectId=12),
    ]
    client = play(
        "hubspot",
        (BATCH, {"results": [row(12)], "numErrors": 1, "errors": [{}]}, 207),
        (f"GET {CONTACTS}/5", {"message": "resource not found"}, 404),
        (f"GET {CONTACTS}/4", row(12)),
        (f"GET {CONTACTS}/9", row(12)),
        NOBODY,
    )
    hooks = list(hubspot.WEBHOOK.receive(signed(events)[1], client))
    assert [(hook.op, [one["id"] for one in hook.rows]) for hook in hooks] == [
        ("upsert", ["12"]),
        ("delete", ["5"]),
    ]


def test_what_is_about_no_contact_of_ours_asks_nothing():
    events = [
        ONE | {"subscriptionType": "deal.creation"},
        ONE | {"subscriptionType": "object.creation", "objectTypeId": "0-3"},
    ]
    assert not list(hubspot.WEBHOOK.receive(signed(events)[1], play("hubspot")))
    other = play("hubspot", settings={"account": "111"})
    assert not list(hubspot.WEBHOOK.receive(signed([ONE])[1], other))
    generic = ONE | {"subscriptionType": "object.creation", "objectTypeId": "0-1"}
    assert hints(json.dumps([generic]).encode(), str(push.PORTAL)) == ["9"]


ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["../x", "9" * 5000, -1])
)
EVENTS = st.lists(st.dictionaries(st.sampled_from([*ONE, "newObjectId", "mergedObjectIds"]), ODD), max_size=4)
BODIES = EVENTS.map(
    lambda told: json.dumps([{"subscriptionType": "contact.merge", **one} for one in told]).encode()
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=80) | BODIES)
def test_a_body_of_any_shape_is_read_or_named_and_leads_nowhere_else(body):
    asked_for: list[str] = []

    class Answering:
        account, contacts, preferences, reads_statuses = "maison", CONTACTS, "p", True

        def call(self, path, params=None, body=None):
            asked_for.append(path)
            return {"results": []}

        def get(self, path, params=None):
            asked_for.append(path)
            return row(1)

    with suppress(BadAnswer):
        list(hubspot.WEBHOOK.receive(body, Answering()))
    assert all(path.isascii() and ".." not in path and not urlsplit(path).fragment for path in asked_for)


# -- erasing, files ---------------------------------------------------------------------------------

ERASE = f"POST {CONTACTS}/gdpr-delete"


def test_erasing_asks_for_the_deletion_that_is_for_good():
    erase = {one.name: one.erasing.ask for one in hubspot.STREAMS}
    client = play("hubspot", (ERASE, None, 204), (ERASE, {}, 404), GONE, (ERASE, None, 204))
    assert erase["contacts"](client, "9", row(9)) == "erased"
    assert erase["contacts"](client, "9", row(9)) == "not_there"
    typed = {"values": [{"name": "email", "value": " ana@poste.example "}]}
    assert erase["responses"](client, "r", typed) == "erased"
    assert how_asked(client)["json"] == {"objectId": "ana@poste.example", "idProperty": "email"}
    assert erase["responses"](client, "r", {"values": "spoilt"}) == "not_there"


def test_an_erasure_that_a_retired_version_did_not_hear_is_none():
    nothing = {"status": "error", "message": "resource not found", "category": "OBJECT_NOT_FOUND"}
    client = play("hubspot", (ERASE, nothing, 404), (LIST, nothing, 404))
    erase = stream("hubspot", "contacts").erasing.ask
    with pytest.raises(RetiredVersion, match=r"platforms\.hubspot\.version"):
        erase(client, "9", row(9))


@pytest.mark.parametrize("language", export.COLUMNS)
def test_an_export_is_known_in_both_languages(language):
    names = [normalise(header) for header in export.COLUMNS[language]]
    assert hubspot.EXPORTS[0].headers <= {COLUMNS.get(name) for name in names}
    cells = dict(zip(names, ("9", "Ana", "Roux", "ana@poste.example", "+33639980001", "Lumen", "Acheteuse",
                             "Lead", "French", "2026-11-19 08:00", "2026-11-20 08:00",
                             "true" if language == "en" else "Oui", "4;5", "me"), strict=True))  # fmt: skip
    told = to_row(cells, Reading(columns=COLUMNS))
    assert (told["id"], told["createdAt"]) == ("9", "2026-11-19T08:00:00+00:00")
    assert told["properties"] == {
        "hs_object_id": "9",
        "firstname": "Ana",
        "lastname": "Roux",
        "email": "ana@poste.example",
        "phone": "+33639980001",
        "company": "Lumen",
        "jobtitle": "Acheteuse",
        "hs_language": "fr",
        "createdate": "2026-11-19T08:00:00+00:00",
        "lastmodifieddate": "2026-11-20T08:00:00+00:00",
        "hs_email_optout": "true",
        "hs_merged_object_ids": "4;5",
    }
