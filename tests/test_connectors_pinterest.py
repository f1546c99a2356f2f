"""Pinterest: bookmarks, files that are made on demand and lie elsewhere, limits told several in a header."""

from datetime import UTC, datetime

import pytest
from tape import asked, env, fetched, how_asked, play, stream

from connectors import pinterest
from connectors.client import Answer
from connectors.pinterest.api import ease
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    MissingCredential,
    MissingPermission,
    NotThere,
    PlatformDown,
    Reading,
    Since,
)

ALL, ACCOUNT = Since(None), "549755885175"
ADS = f"GET ad_accounts/{ACCOUNT}/ads"
EXPORT = f"ad_accounts/{ACCOUNT}/leads_export"
AD = {"id": "7", "campaign_id": "3", "lead_form_id": "5"}
BEGUN, MADE = (f"POST {EXPORT}", {"leads_export_id": "9"}), f"GET {EXPORT}/9"
FILE = "Lead ID,Created Time,Ad ID,Your e-mail\r\n90,2026-11-19 08:15:30,7,ana@courriel.example\r\n"
HERE = {"export_status": "FINISHED", "download_url": "https://platform.example/files/9"}


def items(*rows: object, bookmark: str | None = None) -> dict:
    return {"items": list(rows), "bookmark": bookmark}


def read(name: str, *answers: tuple, since: Since = ALL, monkeypatch=None) -> tuple[list, object]:
    client = play("pinterest", *answers, settings={"ad_accounts": [ACCOUNT]})
    if monkeypatch is not None:  # files are had by a client of their own, which has no token
        monkeypatch.setattr(client, "file", lambda url: FILE.encode() if url == HERE["download_url"] else b"")
    rows, announced = fetched(stream("pinterest", name), client, ACCOUNT, since)
    assert announced == {}
    return rows, client


def test_lists_lead_on_by_a_bookmark_and_an_empty_page_is_no_end():
    path = f"GET ad_accounts/{ACCOUNT}/lead_forms"
    rows, client = read(
        "forms", (path, items({"id": "1"}, bookmark="b")), (path, items(bookmark="c")), (path, items())
    )
    assert rows == [{"id": "1"}]
    assert asked(client)["bookmark"] == "c"


def test_leads_are_read_ad_by_ad_from_files_that_take_a_while(monkeypatch):
    wait = {"export_status": "IN_PROGRESS", "download_url": None}
    listed = items(AD, {"id": "8", "lead_form_id": None})
    rows, client = read("leads", (ADS, listed), BEGUN, (MADE, wait), (MADE, HERE), monkeypatch=monkeypatch)
    assert rows == [
        {
            "form_id": "5", "ad_id": "7", "campaign_id": "3", "lead_id": "90", "told_by": "api",
            "created_time": "2026-11-19T08:15:30+00:00",
            "answers": [{"field": "Your e-mail", "value": "ana@courriel.example"}],
        }
    ]  # fmt: skip
    assert how_asked(client, 1)["json"] == {
        "start_date": "2026-10-22",
        "end_date": "2026-11-20",
        "ad_id": "7",
    }
    assert asked(client, 0)["entity_statuses"] == ("ACTIVE", "PAUSED", "ARCHIVED")


def test_a_file_that_was_not_made_is_asked_for_again_and_then_said(monkeypatch):
    failed = (MADE, {"export_status": "FAILED"})
    rows, _ = read("leads", (ADS, items(AD)), BEGUN, failed, BEGUN, (MADE, HERE), monkeypatch=monkeypatch)
    assert len(rows) == 1
    with pytest.raises(PlatformDown, match="file of leads of ad 7 was not made"):
        read("leads", (ADS, items(AD)), *[BEGUN, failed] * 3, monkeypatch=monkeypatch)


def test_one_ad_out_of_reach_stops_no_other_and_is_said(monkeypatch):
    gone = (f"POST {EXPORT}", {"code": 404, "message": "no such ad"}, 404)
    client = play("pinterest", (ADS, items({**AD, "id": "6"}, AD)), gone, BEGUN, (MADE, HERE))
    monkeypatch.setattr(client, "file", lambda url: FILE.encode())
    client.at_once, found = 1, []

    def all_pages() -> None:
        for page in stream("pinterest", "leads").fetch(client, ACCOUNT, ALL):
            found.extend(page.rows)

    with pytest.raises(NotThere, match="1 ads of account"):
        all_pages()
    assert [row["lead_id"] for row in found] == ["90"]


def test_a_file_anywhere_else_is_not_fetched():
    with pytest.raises(BadAnswer, match=r"files\.example, where none is expected"):
        pinterest.client(env({"base_url": "https://platform.example"})).file("https://files.example/9")


def test_days_are_asked_for_as_far_back_as_they_can_be():
    path = f"GET ad_accounts/{ACCOUNT}/ads/analytics"
    for since, first in ((None, "2026-08-23"), (datetime(2026, 11, 13, tzinfo=UTC), "2026-11-13")):
        rows, client = read("ad_days", (ADS, items(AD)), (path, [{"AD_ID": "7"}]), since=Since(since))
        assert rows == [{"AD_ID": "7"}]
        assert asked(client)["start_date"] == first
        assert (asked(client)["ad_ids"], asked(client)["granularity"]) == (["7"], "DAY")


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [
        (401, BrokenToken, "PINTEREST_TOKEN"),
        (403, MissingPermission, "ads:read"),
        (400, BadAnswer, "of yours"),
    ],
)
def test_what_is_refused_says_what_to_do(status, error, says):
    with pytest.raises(error, match=says):
        read("ads", (ADS, {"code": 2, "message": "no call of yours"}, status))


def test_no_owner_of_an_account_is_kept():
    rows, _ = read("ad_accounts", (f"GET ad_accounts/{ACCOUNT}", {"id": ACCOUNT, "owner": {"username": "x"}}))
    assert rows == [{"id": ACCOUNT}]


@pytest.mark.parametrize(
    ("left", "reset", "seconds"),
    [
        ("", "", 0),
        ("99, 812", "1, 12", 0),
        ("99, 0", "1, 12", 12),
        ("0, 812", "3, 12", 3),
        ("0;w=1", "soon", 1),
    ],
)
def test_where_nothing_of_a_limit_is_left_it_breathes(left, reset, seconds):
    headers = {"X-RateLimit-Remaining": left, "X-RateLimit-Reset": reset}
    assert ease(Answer(200, headers, {})) == seconds


def test_a_refresh_token_gives_the_token_to_call_with():
    secrets = {"PINTEREST_REFRESH_TOKEN": "r", "PINTEREST_CLIENT_ID": "i", "PINTEREST_CLIENT_SECRET": "s"}
    client = pinterest.client(env(secrets=secrets))
    said = {}

    class Asked:
        def form(self, path, fields):
            said.update(fields, path=path)
            return Answer(200, {}, {"access_token": "t", "expires_in": 2592000})

    made = client._client
    client._client = lambda base, headers: said.update(headers) or Asked()
    assert client._access.use(lambda token: token) == "t"
    assert said["Authorization"].startswith("Basic ") and said["path"] == "oauth/token"
    assert (said["grant_type"], said["refresh_token"]) == ("refresh_token", "r")
    assert made is not client._client
    with pytest.raises(MissingCredential, match="PINTEREST_TOKEN"):
        pinterest.client(env(secrets={}))


def test_a_line_without_a_number_gets_one_of_what_it_says():
    [export] = pinterest.EXPORTS
    cells = {"date_d_envoi": "2026-11-19 08:15:30", "id_de_l_annonce": "7", "votre_prenom": "Ana"}
    reading = Reading(export.known, headers={"votre_prenom": "Votre prénom"})
    one, other = (export.to_row(cells | more, reading) for more in ({}, {"votre_prenom": "Bo"}))
    assert one["lead_id"].startswith("line-") and one["lead_id"] != other["lead_id"]
    assert (one["ad_id"], one["created_time"]) == ("7", "2026-11-19T08:15:30+00:00")
    assert one["answers"] == [{"field": "first_name", "value": "Ana"}]
