"""Klaviyo: lists by the link to the next page, kinds of events, a report beside campaigns, hints pushed."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tape import NOW, asked, fetched, how_asked, play, stream

from connectors import klaviyo
from connectors.client import Answer, Retry
from connectors.klaviyo.api import ease, judge
from connectors.klaviyo.read import to_row
from connectors.klaviyo.versions import api_version
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    MissingPermission,
    NotThere,
    Reading,
    RetiredVersion,
    Since,
)
from simulator.home import SECRETS
from simulator.platforms.klaviyo.push import delivery

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC))
PROFILES = "GET profiles"
KINDS = {"Clicked Email": "C1", "Opened Email": "O1", "Placed Order": "P1", "Merged Profile": "M1"}
METRICS = (
    "GET metrics",
    {"data": [{"id": key, "attributes": {"name": name}} for name, key in KINDS.items()]},
)


def people(*ids: str, following: str | None = None, created: str = "2026-01-01T00:00:00+00:00") -> dict:
    return {
        "data": [{"id": one, "attributes": {"created": created}} for one in ids],
        "links": {"next": following},
    }


def acts(*pairs: tuple[str, str], kind: str = "C1") -> dict:
    return {
        "data": [
            {
                "id": key,
                "relationships": {"profile": {"data": {"id": owner}}, "metric": {"data": {"id": kind}}},
            }
            for key, owner in pairs
        ],
        "links": {"next": None},
    }


def test_consent_is_asked_for_and_the_second_itself_counts():
    client = play("klaviyo", (PROFILES, people("a")))
    fetched(stream("klaviyo", "profiles"), client, "maison", LATELY)
    assert asked(client)["additional-fields[profile]"] == "subscriptions"
    assert asked(client)["filter"] == "greater-than(updated,2026-11-18T23:59:59Z)"
    assert asked(client)["sort"] == "updated"


def test_a_moment_that_is_hardly_over_is_not_asked_about():
    just_now = Since(NOW)
    client = play("klaviyo", (PROFILES, people("a")))
    fetched(stream("klaviyo", "profiles"), client, "maison", just_now)
    assert asked(client)["filter"] == "greater-than(updated,2026-11-20T11:58:59Z)"
    client = play("klaviyo", METRICS, ("GET events", acts()), ("GET events", acts()))
    fetched(stream("klaviyo", "events"), client, "maison", just_now)
    assert asked(client)["filter"].endswith("greater-or-equal(datetime,2026-11-20T11:59:00Z)")


def test_of_the_next_link_only_the_question_counts():
    link = "https://elsewhere.example/api/profiles?page%5Bcursor%5D=x%3D%3D&sort=created"
    client = play("klaviyo", (PROFILES, people("a", following=link)), (PROFILES, people("b")))
    rows, _ = fetched(stream("klaviyo", "profiles"), client, "maison", ALL)
    assert [row["id"] for row in rows] == ["a", "b"]
    assert asked(client) == {"page[cursor]": "x==", "sort": "created"}


def test_an_empty_page_with_more_behind_it_is_asked_again():
    empty = people(following="https://a.klaviyo.com/api/profiles?page%5Bcursor%5D=1")
    client = play("klaviyo", (PROFILES, empty), (PROFILES, empty), (PROFILES, people("a")))
    rows, _ = fetched(stream("klaviyo", "profiles"), client, "maison", ALL)
    assert [row["id"] for row in rows] == ["a"]


def test_a_list_that_leads_to_itself_is_no_list():
    here = "https://a.klaviyo.com/api/profiles?page%5Bcursor%5D=1"
    client = play("klaviyo", (PROFILES, people("a", following=here)), (PROFILES, people("a", following=here)))
    with pytest.raises(BadAnswer, match="nothing leads to it"):
        fetched(stream("klaviyo", "profiles"), client, "maison", ALL)


def test_a_first_pull_goes_by_stretches_of_time_side_by_side():
    client = play(
        "klaviyo",
        (PROFILES, people("first")),
        (PROFILES, people("second", "first")),
        settings={"at_once": 2},
    )
    rows, _ = fetched(stream("klaviyo", "profiles"), client, "maison", ALL)
    assert [row["id"] for row in rows] == ["second", "first"]
    assert asked(client)["filter"] == "greater-than(created,2025-12-31T23:59:59Z)"
    assert (asked(client, 0)["page[size]"], asked(client)["sort"]) == ("1", "-created")


def test_opens_and_copies_of_orders_are_not_asked_for():
    client = play("klaviyo", METRICS, ("GET events", acts(("e1", "p1"))), ("GET events", acts()))
    rows, _ = fetched(stream("klaviyo", "events"), client, "maison", LATELY)
    assert [(row["id"], row["metric_name"]) for row in rows] == [("e1", "Clicked Email")]
    assert (
        asked(client, 1)["filter"] == 'equals(metric_id,"C1"),greater-or-equal(datetime,2026-11-19T00:00:00Z)'
    )
    assert asked(client, 2)["filter"].startswith('equals(metric_id,"M1")')


def test_all_that_a_survivor_of_a_merger_did_is_read_anew():
    taken = acts(("e1", "new"), ("e9", "new"), kind="C1")
    taken["data"].append({"id": "e8", "relationships": {"metric": {"data": {"id": "O1"}}}})
    client = play(
        "klaviyo",
        METRICS,
        ("GET events", acts()),
        ("GET events", acts(("m1", "new"), kind="M1")),
        ("GET events", taken),
    )
    rows, _ = fetched(stream("klaviyo", "events"), client, "maison", LATELY)
    assert asked(client)["filter"] == 'equals(profile_id,"new")', "whole, and not only of late"
    assert [row["id"] for row in rows] == ["m1", "e1", "e9"], "an open is left out here too"


SENT = {"id": "c1", "attributes": {"send_time": "2025-06-01T08:00:00+00:00", "status": "Sent"}}
NONE = {"data": [], "links": {"next": None}}


def report(*numbers: tuple[float, float], following: str | None = None) -> dict:
    told = [
        {"groupings": {"campaign_id": "c1", "campaign_message_id": f"m{at}"},
         "statistics": {"delivered": delivered, "clicks_unique": clicks, "open_rate": 0.4}}
        for at, (delivered, clicks) in enumerate(numbers)
    ]  # fmt: skip
    return {"data": {"attributes": {"results": told}}, "links": {"next": following}}


def test_figures_are_reported_a_year_at_a_time_and_summed_over_messages():
    lists = [("GET campaigns", {"data": [SENT], "links": {}}), *[("GET campaigns", NONE)] * 3]
    more = "https://a.klaviyo.com/api/campaign-values-reports?page_cursor=z%3D"
    client = play(
        "klaviyo",
        *lists,
        METRICS,
        ("POST campaign-values-reports", report((10.0, 2.0), following=more)),
        ("POST campaign-values-reports", report((5.0, 1.0))),
        ("POST campaign-values-reports", report()),
    )
    (row,), _ = fetched(stream("klaviyo", "campaigns"), client, "maison", ALL)
    assert row["statistics"] == {"delivered": 15, "clicks_unique": 3} and row["channel"] == "email"
    assert row["message_ids"] == ["m0"]
    bodies = [how_asked(client, place)["json"]["data"]["attributes"] for place in (-3, -2, -1)]
    frames = [body["timeframe"] for body in bodies]
    assert frames[0] == frames[1] == {"start": "2025-05-31T08:00:00Z", "end": "2026-05-31T08:00:00Z"}
    assert frames[2]["start"] == frames[0]["end"]
    assert {body["conversion_metric_id"] for body in bodies} == {"P1"}, (
        "a report wants one, whatever is asked for"
    )
    assert how_asked(client, -2)["url"].endswith("?page_cursor=z%3D")
    assert how_asked(client)["headers"]["Content-Type"] == "application/vnd.api+json"


def test_old_campaigns_are_left_as_they_were():
    lists = [("GET campaigns", {"data": [SENT], "links": {}}), *[("GET campaigns", NONE)] * 3]
    rows, _ = fetched(stream("klaviyo", "campaigns"), play("klaviyo", *lists), "maison", LATELY)
    assert rows == []


@pytest.mark.parametrize(
    ("status", "code", "verdict"),
    [
        (429, "throttled", Retry),
        (503, None, Retry),
        (524, None, Retry),
        (401, "authentication_failed", BrokenToken),
        (403, "permission_denied", MissingPermission),
        (404, "not_found", NotThere),
        (410, "gone", RetiredVersion),
        (400, "invalid", BadAnswer),
    ],
)
def test_what_an_error_means_and_that_it_names_nobody(status, code, verdict):
    detail = "ana@poste.example is no profile"
    data = {"errors": [{"code": code, "title": detail, "detail": detail}]} if code else None
    found = judge(Answer(status, {"Retry-After": "7"}, data))
    assert isinstance(found, verdict) and "ana@" not in str(found)
    assert verdict is not BrokenToken or "KLAVIYO_API_KEY" in str(found)
    assert verdict is not RetiredVersion or "platforms.klaviyo.version" in str(found)
    assert status != 429 or found.after == 7


def test_an_answer_that_nothing_is_left_is_heeded():
    assert ease(Answer(200, {"RateLimit-Remaining": "0", "RateLimit-Reset": "41"}, {})) == 41
    assert ease(Answer(200, {"RateLimit-Remaining": "3", "RateLimit-Limit": "75, 75;w=1, 750;w=60"}, {})) == 0
    assert ease(Answer(200, {"RateLimit-Remaining": "0", "RateLimit-Reset": "soon"}, {})) == 1


def test_a_revision_is_sent_and_ends_two_years_later():
    client = play("klaviyo", (PROFILES, people("a")), settings={"version": "2026-10-15"})
    fetched(stream("klaviyo", "profiles"), client, "maison", LATELY)
    assert how_asked(client)["headers"]["revision"] == "2026-10-15"
    assert api_version({}).ends.isoformat() == "2028-07-15"
    assert api_version({"version": "latest"}) is None


def test_erasing_is_asked_for_by_id_and_only_noted():
    gone = ("GET profiles/p1", {"errors": [{"code": "not_found"}]}, 404)
    ask = stream("klaviyo", "profiles").erasing.ask
    client = play(
        "klaviyo", ("GET profiles/p1", {"data": {"id": "p1"}}), ("POST data-privacy-deletion-jobs", None, 202)
    )
    assert ask(client, "p1", {}) == "requested"
    whom = how_asked(client)["json"]["data"]["attributes"]["profile"]["data"]
    assert whom == {"type": "profile", "id": "p1", "attributes": {}}
    assert ask(play("klaviyo", gone), "p1", {}) == "not_there"


# -- webhook ------------------------------------------------------------------------------------------

EVENT = {"id": "e1", "relationships": {"profile": {"data": {"id": "p1"}}}}


def one_event(name: str) -> tuple:
    return "GET events/e1", {"data": EVENT, "included": [{"attributes": {"name": name}}]}


def test_what_is_pushed_is_read_and_a_profile_that_is_gone_is_a_deletion():
    _, body = delivery([EVENT, EVENT], "event:klaviyo.clicked_email", "2026-11-20T05:00:00Z")
    there = play("klaviyo", one_event("Clicked Email"), ("GET profiles/p1", {"data": {"id": "p1"}}))
    first, second = klaviyo.WEBHOOK.receive(body, there)
    assert (first.stream, first.rows[0]["metric_name"], first.op) == ("events", "Clicked Email", "upsert")
    assert (second.stream, second.account, second.rows) == ("profiles", "maison", [{"id": "p1"}])
    assert asked(there)["additional-fields[profile]"] == "subscriptions"
    gone = play("klaviyo", one_event("Opened Email"), ("GET profiles/p1", {"errors": []}, 404))
    (hook,) = klaviyo.WEBHOOK.receive(body, gone)
    assert (hook.op, hook.rows) == ("delete", [{"id": "p1"}]), "an open is not kept; that they are gone is"


def test_body_and_time_are_signed_together():
    headers, body = delivery([EVENT], "t", "1795150800")
    lower = {name.lower(): value for name, value in headers.items()}
    assert klaviyo.WEBHOOK.verify(lower, body, SECRETS)
    assert not klaviyo.WEBHOOK.verify(lower | {"klaviyo-timestamp": "1795150801"}, body, SECRETS)
    assert not klaviyo.WEBHOOK.verify(lower, body + b" ", SECRETS)
    assert not klaviyo.WEBHOOK.verify(lower, body, {})
    assert not klaviyo.WEBHOOK.verify({}, body, SECRETS)


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
IDS = st.text(max_size=12) | st.sampled_from(["../x", "p1", "None", "a" * 60]) | JSONS


def body_of(key: object, owner: object) -> dict:
    told = {"id": key, "relationships": {"profile": {"data": {"id": owner}}}}
    return {"data": [{"payload": {"data": told}}]}


BODIES = st.builds(body_of, IDS, IDS)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=100) | (JSONS | BODIES).map(lambda told: json.dumps(told).encode()))
def test_a_body_of_any_shape_is_read_or_named_and_leads_nowhere_else(body):
    paths = []

    class Answering:
        account = "maison"

        def get(self, path, params):
            paths.append(path)
            key = path.rpartition("/")[2]
            return {"data": {"id": key}, "included": [{"attributes": {"name": "Clicked Email"}}]}

    with suppress(BadAnswer):
        list(klaviyo.WEBHOOK.receive(body, Answering()))
    assert all(path.isascii() and path.count("/") == 1 and ".." not in path for path in paths)


# -- file ---------------------------------------------------------------------------------------------


def test_a_line_of_an_export_has_the_shape_of_the_api():
    cells = {
        "klaviyo_id": "01ABC",
        "email": "ana@poste.example",
        "city": "Lyon",
        "profile_created_on": "2026-01-02 10:00:00",
        "email_marketing_consent": "UNSUBSCRIBED",
        "email_marketing_consent_timestamp": "2026-02-01 08:00:00",
        "email_suppressions": "['UNSUBSCRIBE', 'SPAM_COMPLAINT']",
        "email_suppressions_timestamp": "2026-02-01 08:00:00",
    }
    row = to_row(cells, Reading())
    assert (row["id"], row["attributes"]["location"]) == ("01ABC", {"city": "Lyon"})
    mail = row["attributes"]["subscriptions"]["email"]["marketing"]
    assert mail["consent"] == "UNSUBSCRIBED" and mail["consent_timestamp"] == "2026-02-01T08:00:00+00:00"
    assert [one["reason"] for one in mail["suppression"]] == ["UNSUBSCRIBE", "SPAM_COMPLAINT"]
    # Older accounts write the day in the place of the word.
    dated = to_row({"klaviyo_id": "01ABC", "email_marketing_consent": "2026-02-01 08:00:00"}, Reading())
    assert dated["attributes"]["subscriptions"]["email"]["marketing"] == {
        "consent": "SUBSCRIBED",
        "consent_timestamp": "2026-02-01T08:00:00+00:00",
    }
    assert "subscriptions" not in to_row({"klaviyo_id": "01ABC"}, Reading())["attributes"]
