"""Tally: pages by number that shift, counts that say what was missed, links that are secrets."""

import json
from datetime import UTC, datetime

import pytest
from tape import asked, env, fetched, how_asked, play, stream

from connectors import tally
from connectors.stream import BadAnswer, BrokenToken, MissingPermission, Since
from simulator.platforms.tally.push import SECRET

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC), {"F1": 99})

FORMS = ("GET forms", {"items": [{"id": "F1", "updatedAt": "2026-11-01T00:00:00.000Z"}], "hasMore": False})
SUBMISSIONS = "GET forms/F1/submissions"


def count(number: int) -> tuple:
    return SUBMISSIONS, {"totalNumberOfSubmissionsPerFilter": {"all": number + 5, "completed": number}}


def page(*numbers: int, more: bool = False) -> tuple:
    rows = [{"id": f"s{number}", "submittedAt": "2026-11-19T08:00:00.000Z"} for number in numbers]
    return SUBMISSIONS, {"submissions": rows, "hasMore": more}


def test_tally_reads_all_pages_and_counts_what_is_completed():
    client = play("tally", FORMS, count(3), page(3, 2, more=True), page(2, 1))
    rows, announced = fetched(stream("tally", "responses"), client, "maison", ALL)
    assert [row["id"] for row in rows] == ["s3", "s2", "s2", "s1"]
    assert announced == {"F1": 3}
    assert asked(client)["page"] == 2
    assert asked(client)["filter"] == "completed"
    assert how_asked(client)["headers"]["tally-version"] == "2025-02-01"


@pytest.mark.parametrize(("new", "pages"), [((), 2), ((1,), 1)], ids=["of an old date", "new"])
def test_tally_reads_a_form_whole_only_where_news_do_not_make_up_its_count(new, pages):
    client = play("tally", FORMS, count(100), *[page(*new)] * pages)
    fetched(stream("tally", "responses"), client, "maison", LATELY)
    assert asked(client).get("startDate") == (None if pages == 2 else "2026-11-19T00:00:00.000Z")


def test_tally_keeps_no_link_that_opens_the_answers_for_anybody():
    row = {"id": "s1", "previewUrl": "https://tally.so/x?accessToken=1", "pdfUrl": "x", "formId": "F1"}
    client = play("tally", FORMS, count(1), (SUBMISSIONS, {"submissions": [row], "hasMore": False}))
    rows, _ = fetched(stream("tally", "responses"), client, "maison", ALL)
    assert rows == [{"id": "s1", "formId": "F1"}]


def test_tally_reads_only_forms_that_changed():
    days = {"F1": "2026-11-01T00:00:00.000Z", "F2": "2026-11-19T09:00:00.000Z"}
    items = [{"id": form, "updatedAt": day} for form, day in days.items()]
    client = play(
        "tally",
        ("GET forms", {"items": items}),
        ("GET forms/F2", {"id": "F2", "blocks": []}),
        ("GET forms/F2/questions", {"questions": []}),
    )
    rows, _ = fetched(stream("tally", "forms"), client, "maison", LATELY)
    assert [row["id"] for row in rows] == ["F2"]
    assert rows[0]["updatedAt"] == days["F2"]


def test_tally_goes_on_without_a_form_binned_meanwhile():
    items = [{"id": "F1"}, {"id": "F2"}]
    gone = (SUBMISSIONS, {"message": "Not found"}, 404)
    there = ("GET forms/F2/submissions", {"submissions": [], "hasMore": False})
    client = play("tally", ("GET forms", {"items": items}), gone, there, there)
    assert fetched(stream("tally", "responses"), client, "maison", ALL) == ([], {})
    gone = ("GET forms/F1", {"message": "Not found"}, 404)
    client = play("tally", ("GET forms", {"items": items[:1]}), gone)
    assert fetched(stream("tally", "forms"), client, "maison", ALL) == ([], {})


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [(401, BrokenToken, "TALLY_API_KEY"), (403, MissingPermission, "may not see"), (400, BadAnswer, "400")],
)
def test_tally_says_what_to_do(status, error, says):
    with pytest.raises(error, match=says):
        fetched(stream("tally", "forms"), play("tally", ("GET forms", {}, status)), "maison", ALL)


def test_tally_signs_the_bytes_in_base64():
    body, secrets = b'{"eventType":"FORM_RESPONSE"}', {"TALLY_SIGNING_SECRET": SECRET}
    right = "vgwFpFQuUSCp/OCC7yDzxP6UFJmYy7tCpy5uQBbA0lE="  # as openssl makes it
    assert tally.WEBHOOK.verify({"tally-signature": right}, body, secrets)
    assert not tally.WEBHOOK.verify({"tally-signature": right}, body + b" ", secrets)
    assert not tally.WEBHOOK.verify({"tally-signature": f"sha256={right}"}, body, secrets)
    assert not tally.WEBHOOK.verify({}, body, secrets)
    assert not tally.WEBHOOK.verify({"tally-signature": right}, body, {})


def test_tally_webhook_is_a_row_under_the_names_of_the_api():
    data = {"responseId": "s1", "submissionId": "s1", "respondentId": "r", "formId": "F1"}
    data |= {"createdAt": "2026-11-19T08:00:00.000Z", "fields": [{"key": "question_a", "label": "?"}]}
    body = json.dumps({"eventType": "FORM_RESPONSE", "data": data}).encode()
    [hook] = tally.WEBHOOK.receive(body, tally.client(env()))
    assert (hook.stream, hook.account) == ("responses", "maison")
    assert hook.rows[0]["fields"] == data["fields"]
    assert (hook.rows[0]["id"], hook.rows[0]["submittedAt"]) == ("s1", data["createdAt"])
    assert list(tally.WEBHOOK.receive(b'{"eventType":"FORM_PARTIAL"}', tally.client(env()))) == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'"x"', b'{"eventType":"FORM_RESPONSE","data":[]}', b"\xff"]
)
def test_tally_webhook_of_another_shape_is_named(body):
    with pytest.raises(BadAnswer, match="documented shape"):
        list(tally.WEBHOOK.receive(body, tally.client(env())))
