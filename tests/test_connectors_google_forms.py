"""Google Forms: an hour's token, lists that are left out, a filter with its own moment, unnumbered lines."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from tape import asked, env, fetched, play, stream

from connectors import google_forms
from connectors.stream import BadAnswer, BrokenToken, MissingPermission, PlatformDown, Reading, Since

ALL = Since(None)
TOKEN = ("POST token", {"access_token": "made-up", "expires_in": 3599})
FILES = ("GET drive/v3/files", {"files": [{"id": "F1"}, {"id": "F2"}]})
OF_F1, OF_F2 = "GET v1/forms/F1/responses", "GET v1/forms/F2/responses"


def refusal(status: int, state: str, message: str = "no") -> tuple:
    return {"error": {"code": status, "message": message, "status": state}}, status


def responses(*answers: tuple, since: Since = ALL, **settings) -> tuple:
    client = play("google_forms", TOKEN, *answers, settings=settings)
    rows, announced = fetched(stream("google_forms", "responses"), client, "maison", since)
    assert announced == {}, "Google counts nothing"
    return rows, client


def test_all_pages_of_all_forms_are_read_and_an_empty_one_leads_on():
    first = {"responses": [{"responseId": "a"}], "nextPageToken": "one"}
    rows, client = responses(
        FILES, (OF_F1, first), (OF_F1, {"nextPageToken": "two"}), (OF_F1, {}), (OF_F2, {"responses": [{}]})
    )
    assert rows[0] == {"formId": "F1", "responseId": "a", "told_by": "api"}
    assert rows[1]["formId"] == "F2"
    assert asked(client, 4)["pageToken"] == "two"


def test_the_moment_of_the_last_pull_is_asked_for_too_and_a_form_we_hold_nothing_of_is_read_whole():
    then = datetime(2026, 11, 19, 9, 0, 0, 55, tzinfo=timezone(timedelta(hours=1)))
    _, client = responses((OF_F1, {}), (OF_F2, {}), since=Since(then, {"F1": 3}), forms=["F1", "F2"])
    assert asked(client, -2)["filter"] == "timestamp >= 2026-11-19T08:00:00.000055Z"
    assert "filter" not in asked(client)


def test_forms_named_in_the_settings_are_not_looked_for():
    _, client = responses((OF_F1, {}), (OF_F2, {}), forms=["F1", "F2", "F1"])
    assert len(client.http.tape.asked) == 3


def test_a_form_deleted_meanwhile_stops_nobody_and_one_that_was_named_is_said():
    gone = refusal(404, "NOT_FOUND")
    rows, _ = responses(FILES, (OF_F1, *gone), (OF_F2, {"responses": [{"responseId": "b"}]}))
    assert [row["responseId"] for row in rows] == ["b"]
    with pytest.raises(Exception, match=r"platforms\.google_forms\.forms"):
        responses((OF_F1, *gone), forms=["F1"])


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (({"error": "invalid_grant"}, 400), BrokenToken, "GOOGLE_FORMS_REFRESH_TOKEN"),
        (({"error": "invalid_client"}, 401), BrokenToken, "GOOGLE_FORMS_CLIENT_ID"),
    ],
)
def test_a_token_that_cannot_be_had_says_which_variable(answer, error, says):
    client = play("google_forms", ("POST token", *answer))
    with pytest.raises(error, match=says):
        fetched(stream("google_forms", "forms"), client, "maison", ALL)


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (refusal(403, "PERMISSION_DENIED", "Drive API is off"), MissingPermission, "Drive API is off"),
        (refusal(400, "INVALID_ARGUMENT", "Invalid page token"), BadAnswer, "Invalid page token"),
        (([], 200), BadAnswer, "no object"),
        (({"files": {}}, 200), BadAnswer, "no files"),
        (({"files": [{}]}, 200), BadAnswer, "without an id"),
    ],
)
def test_what_is_refused_says_what_to_do(answer, error, says):
    with pytest.raises(error, match=says):
        responses(("GET drive/v3/files", *answer))


def test_a_quota_told_with_403_is_waited_for():
    limit = refusal(403, "RESOURCE_EXHAUSTED")
    rows, _ = responses((OF_F1, *limit), (OF_F1, {"responses": [{"responseId": "a"}]}), forms=["F1"])
    assert len(rows) == 1
    with pytest.raises(PlatformDown, match="too many calls"):
        responses(*[(OF_F1, *limit)] * 7, forms=["F1"])


def test_a_token_refused_before_its_hour_is_renewed_once():
    worn = refusal(401, "UNAUTHENTICATED")
    rows, _ = responses((OF_F1, *worn), TOKEN, (OF_F1, {"responses": [{}]}), forms=["F1"])
    assert len(rows) == 1
    with pytest.raises(BrokenToken, match="GOOGLE_FORMS_REFRESH_TOKEN"):
        responses((OF_F1, *worn), TOKEN, (OF_F1, *worn), forms=["F1"])


# -- the file -------------------------------------------------------------------------------------


def line(cells: dict[str, str]) -> dict:
    [export] = google_forms.EXPORTS
    names = {"horodateur": "Horodateur", "stay": "Restons en contact", "votre_prenom": "Votre prénom"}
    return export.to_row(
        cells, Reading(export.known, headers={name: names.get(name, name) for name in cells})
    )


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2026/11/19 9:15:30 AM GMT+1", "2026-11-19T08:15:30+00:00"),
        ("2026/11/19 12:00:05 AM GMT-4", "2026-11-19T04:00:05+00:00"),
        ("2026/07/01 12:30:00 PM UTC+5:30", "2026-07-01T07:00:00+00:00"),
        ("19/11/2026 09:15:30", "2026-11-19T09:15:30+00:00"),  # of a spreadsheet: in the file's zone
        ("2026/13/19 9:15:30 AM GMT+1", "2026/13/19 9:15:30 AM GMT+1"),  # is held at the door
    ],
)
def test_times_of_the_download_say_their_zone(told, moment):
    assert line({"horodateur": told})["createTime"] == moment


def test_a_line_is_told_in_the_words_people_saw():
    row = line(
        {
            "timestamp": "2026/11/19 9:15:30 AM GMT+1",
            "adresse_e_mail": "ana@courriel.example",
            "votre_prenom": "Ana",
            "stay": "J'accepte de recevoir la lettre.;Oui, par SMS",
        }
    )
    assert row["respondentEmail"] == "ana@courriel.example"
    assert row["columns"] == [
        {"title": "first_name", "answer": "Ana"},
        {
            "title": "Restons en contact",
            "type": "CHECKBOX",
            "answer": ["J'accepte de recevoir la lettre.", "Oui, par SMS"],
        },
    ]


def test_the_same_line_has_the_same_number_in_the_next_file():
    one = line({"horodateur": "2026/11/19 9:15:30 AM GMT+1", "votre_prenom": "Ana"})
    same = line({"timestamp": "2026/11/19 8:15:30 AM UTC", "your_name": "Ana", "new_question": ""})
    other = line({"horodateur": "2026/11/19 9:15:31 AM GMT+1", "votre_prenom": "Ana"})
    assert one["responseId"] == same["responseId"] != other["responseId"]


def test_a_missing_variable_is_named_before_any_call():
    with pytest.raises(Exception, match="GOOGLE_FORMS_REFRESH_TOKEN"):
        google_forms.client(env(secrets={"GOOGLE_FORMS_CLIENT_ID": "a", "GOOGLE_FORMS_CLIENT_SECRET": "b"}))


def test_times_are_of_utc():
    assert (
        datetime.fromisoformat(line({"horodateur": "2026/11/19 9:15:30 AM GMT+1"})["createTime"]).tzinfo
        == UTC
    )
