"""Jotform: times in the account's zone, errors inside a good answer, a webhook that nobody signs."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tape import Tape, asked, env, fetched, play, stream

from connectors import jotform
from connectors.stream import BadAnswer, BrokenToken, NotThere, Page, PlatformDown, Since
from connectors.stream import Reading as ReadingOf
from connectors.times import moment

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC), {"1": 3})
USER = ("GET user", {"responseCode": 200, "content": {"time_zone": "America/New_York"}})


def content(asked: str, told) -> tuple:
    return asked, {"responseCode": 200, "message": "success", "content": told}


def forms(count: str = "3") -> tuple:
    row = {
        "id": "1",
        "count": count,
        "created_at": "2026-01-01 00:00:00",
        "updated_at": "2026-11-01 00:00:00",
    }
    return content("GET user/forms", [row])


def submission(number: int, at: str = "2026-11-19 08:00:00", **more) -> dict:
    return {
        "id": str(number),
        "form_id": "1",
        "created_at": at,
        "updated_at": None,
        "status": "ACTIVE",
    } | more


SUBMISSIONS = "GET form/1/submissions"


def test_jotform_times_are_of_the_accounts_zone_whatever_the_season():
    told = [submission(1), submission(2, "2026-07-01 08:00:00", updated_at="2026-07-02 09:00:00")]
    client = play("jotform", forms(), content(SUBMISSIONS, told), USER)
    rows, announced = fetched(stream("jotform", "responses"), client, "maison", ALL)
    assert [row["created_at_utc"][:19] for row in rows] == ["2026-11-19T13:00:00", "2026-07-01T12:00:00"]
    assert [row["changed_at_utc"][:19] for row in rows] == ["2026-11-19T13:00:00", "2026-07-02T13:00:00"]
    assert rows[0]["created_at"] == "2026-11-19 08:00:00", "its own time stays as told"
    assert announced == {"1": 3}


def test_jotform_asks_for_the_new_and_the_edited_apart():
    client = play("jotform", forms(), USER, content(SUBMISSIONS, []), content(SUBMISSIONS, []))
    fetched(stream("jotform", "responses"), client, "maison", LATELY)
    # A second before, for the moment itself is left out; in New York.
    assert asked(client, -2)["filter"] == '{"created_at:gt": "2026-11-18 18:59:59"}'
    assert asked(client, -1)["filter"] == '{"updated_at:gt": "2026-11-18 18:59:59"}'


def test_jotform_reads_a_form_whole_that_holds_more_than_we_do(monkeypatch):
    monkeypatch.setattr("connectors.jotform.fetch.LARGEST", 3)
    monkeypatch.setattr("connectors.jotform.fetch.SLACK", 1)
    told = [submission(number) for number in (4, 3, 2, 1)]
    pages = [content(SUBMISSIONS, told[:3]), content(SUBMISSIONS, told[2:])]
    one = content("GET user/forms", [{"id": "1", "count": "4"}])
    nothing_new = (content(SUBMISSIONS, []), content(SUBMISSIONS, []))
    client = play("jotform", one, USER, *nothing_new, *pages)
    rows, _ = fetched(stream("jotform", "responses"), client, "maison", LATELY)
    assert [row["id"] for row in rows] == ["4", "3", "2", "2", "1"], "pages overlap"
    assert "filter" not in asked(client)
    assert asked(client)["offset"] == 2


def test_jotform_submissions_in_the_bin_are_deletions():
    told = [submission(2), submission(1, status="DELETED")]
    client = play("jotform", forms(), content(SUBMISSIONS, told), USER)
    pages = [p for p in stream("jotform", "responses").fetch(client, "maison", ALL) if isinstance(p, Page)]
    assert [(page.op, [row["id"] for row in page.rows]) for page in pages] == [
        ("upsert", ["2"]),
        ("delete", ["1"]),
    ]


@pytest.mark.parametrize(
    ("count", "looks_closely", "is_read"),
    [("3", False, False), ("2", False, True), ("3", True, True)],
    ids=["as many as we hold", "fewer", "as many, in all but an hourly run"],
)
def test_jotforms_bin_is_read_where_a_form_holds_less_or_may(count, looks_closely, is_read):
    nothing_new = (content(SUBMISSIONS, []), content(SUBMISSIONS, []))
    binned = [content(SUBMISSIONS, [submission(1, status="DELETED")])] if is_read else []
    client = play("jotform", forms(count), USER, *nothing_new, *binned)
    since = replace(LATELY, looks_closely=looks_closely)
    rows, _ = fetched(stream("jotform", "responses"), client, "maison", since)
    # Dated by its own last change: put back, it will have the same.
    gone = {"id": "1", "form_id": "1", "changed_at_utc": "2026-11-19T13:00:00.000000Z"}
    assert rows == [gone] * is_read
    assert (asked(client)["filter"] == '{"status:eq": "DELETED"}') is is_read


@pytest.mark.parametrize(
    ("body", "status", "error", "says"),
    [
        ({"responseCode": 401, "message": "no"}, 200, BrokenToken, "JOTFORM_API_KEY"),
        ({"responseCode": 401, "message": "no"}, 401, BrokenToken, "JOTFORM_API_KEY"),
        ({"responseCode": 404}, 200, NotThere, "404"),
        ({"responseCode": 429, "limit-left": 0}, 429, PlatformDown, "used up"),
        ({"responseCode": 200}, 200, BadAnswer, "no content"),
    ],
)
def test_jotform_errors_stand_in_the_envelope(body, status, error, says):
    with pytest.raises(error, match=says):
        fetched(stream("jotform", "forms"), play("jotform", ("GET user/forms", body, status)), "maison", ALL)


def test_jotform_says_when_nobody_knows_the_zone():
    client = play("jotform", forms(), ("GET user", {"content": {"time_zone": "Mars/Olympus"}}))
    with pytest.raises(BadAnswer, match="time_zone"):
        fetched(stream("jotform", "forms"), client, "maison", ALL)


def test_jotform_keeps_a_time_that_can_be_none():
    client = jotform.client(env({"time_zone": "Europe/Paris"}))
    assert client.dated(submission(1, "0000-00-00 00:00:00"))["created_at"] == "0000-00-00 00:00:00"
    assert "created_at_utc" not in client.dated(submission(1, "0000-00-00 00:00:00"))
    assert client.dated("text") == "text"


# -- the webhook ----------------------------------------------------------------------------------

PART = '--x1\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
BODY = (PART.format("formID", "1") + PART.format("submissionID", "42") + "--x1--\r\n").encode()
HEADERS = {"content-type": "multipart/form-data; boundary=x1"}


def hooked(body: bytes, *answers: tuple) -> list[dict]:
    client = jotform.client(env({"time_zone": "Europe/Paris"}))
    names = ("asked", "body", "status")
    Tape([dict(zip(names, answer, strict=False)) for answer in answers]).into(client)
    return [row for hook in jotform.WEBHOOK.receive(body, client) for row in hook.rows]


def test_jotform_webhook_is_a_hint_that_a_submission_is_to_be_read():
    [row] = hooked(BODY, content("GET submission/42", submission(42)))
    assert row["created_at_utc"] == "2026-11-19T07:00:00.000000Z"
    assert hooked(BODY, content("GET submission/42", submission(42, status="DELETED"))) == []


def test_jotform_webhook_takes_no_other_submission_for_the_one_it_asked():
    with pytest.raises(BadAnswer, match="another"):
        hooked(BODY, content("GET submission/42", submission(43)))


@pytest.mark.parametrize(
    "body", [b"", b"--", b"{}", b"--x1\r\n\r\n", b"\xff\xfe" * 9, BODY[:70], BODY.replace(b"42", b"../user")]
)
def test_jotform_webhook_of_another_shape_is_named(body):
    with pytest.raises(BadAnswer, match="jotform webhook"):
        hooked(body)


def test_jotform_webhook_is_taken_at_the_address_we_gave_and_nowhere_else():
    secrets, hook = {"JOTFORM_WEBHOOK_SECRET": "unguessable"}, jotform.WEBHOOK
    assert hook.knows_address("unguessable", secrets)
    assert not hook.knows_address("", secrets)
    assert not hook.knows_address("guess", secrets)
    assert not hook.knows_address("", {})
    assert hook.verify(HEADERS, BODY, secrets)
    assert not hook.verify({}, BODY, secrets)
    assert not hook.verify(HEADERS, b"--x1", secrets)


# -- the file -------------------------------------------------------------------------------------


def test_jotform_export_knows_a_ticked_box_by_its_words():
    cells = {"submission_id": "1", "submission_date": "2026-11-19 08:00:00", "stay": "I agree to get mail"}
    reading = ReadingOf(headers={"stay": "Stay?"})
    row = jotform.EXPORTS[0].to_row(cells, reading)
    assert row["columns"] == [
        {"text": "Stay?", "type": "control_checkbox", "answer": ["I agree to get mail"]}
    ]
    assert moment(row["created_at_utc"]) == datetime(2026, 11, 19, 8, tzinfo=UTC)
