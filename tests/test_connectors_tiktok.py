"""TikTok: files that are made on demand and kept by region, errors with status 200, pushes with answers."""

import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest
from tape import asked, env, fetched, how_asked, http_of, play, stream

from connectors import tiktok
from connectors.ads import days_to_ask, today_in
from connectors.client import Answer
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    PlatformDown,
    Reading,
    RetiredVersion,
    Since,
)
from connectors.tiktok.api import judge
from connectors.tiktok.read import advertiser_of
from connectors.tiktok.receive import receive, verify

ALL = Since(None)
TASK, FILE = "POST page/lead/task/", "GET page/lead/task/download/"
HEADER = "\ufefflead_id,created_time,form_id,campaign_id,Email,Votre projet ?\r\n"
ONE = HEADER + "'7123456789012345678,2026-06-01 09:00:00,'77,-,a@courriel.example,\"Une table,\nronde\"\r\n"


def ok(data: dict) -> dict:
    return {"code": 0, "message": "OK", "data": data}


def forms(*numbers: str) -> tuple:
    rows = [{"page_id": number, "title": f"Form {number}"} for number in numbers]
    return "GET page/get/", ok({"list": rows, "page_info": {"page": 1, "total_page": 1}})


def task(status: str, number: str = "5") -> tuple:
    return TASK, ok({"task_id": number, "status": status})


def file(text: str) -> tuple:
    return FILE, text, 200, {}, True


def region(text: str) -> tuple:
    return task("CREATED"), task("RUNNING"), task("SUCCEED"), file(text)


def leads(*answers: tuple) -> tuple:
    client = play("tiktok", *answers)
    return client, lambda: fetched(stream("tiktok", "leads"), client, "7012", ALL)[0]


def test_tiktok_asks_every_region_and_waits_for_each_file():
    client, read = leads(forms("77"), *region(HEADER), *region(ONE), *region(""))
    [row] = read()
    assert row == {
        "lead_id": "7123456789012345678",
        "page_id": "77",
        "created_time": "2026-06-01T09:00:00+00:00",
        "answers": [
            {"field": "email", "value": "a@courriel.example"},
            {"field": "Votre projet ?", "value": "Une table,\nronde"},
        ],
    }
    told = [how["headers"].get("x-lead-region") for what, how in http_of(client).tape.asked if what == FILE]
    assert told == [None, "eu", "us"]
    assert all(how["headers"]["Access-Token"] for _, how in http_of(client).tape.asked)
    assert how_asked(client, 2)["json"] == {"advertiser_id": "7012", "page_id": "77", "task_id": "5"}


def test_tiktok_asks_again_for_a_file_that_was_not_made():
    _, read = leads(forms("77"), task("FAILED"), *region(ONE), *region(""), *region(""))
    assert len(read()) == 1
    _, read = leads(forms("77"), task("FAILED"), task("FAILED"), task("FAILED"))
    with pytest.raises(PlatformDown, match="the next run asks again"):
        read()


def test_tiktok_unpacks_what_is_packed():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("1.csv", ONE)
        archive.writestr("2.csv", ONE.replace("7123456789012345678", "8"))
    client, read = leads(forms("77"), *region(""), *region(""), *region(""))
    client.file = lambda path, params, region="": packed.getvalue() if region == "eu" else b""
    http_of(client).tape.answers = [one for one in http_of(client).tape.answers if one["asked"] != FILE]
    assert [row["lead_id"] for row in read()] == ["7123456789012345678", "8"]
    client.file = lambda path, params, region="": packed.getvalue()[:-30]
    http_of(client).tape.answers = [
        dict(zip(("asked", "body"), one, strict=True)) for one in (forms("77"), task("SUCCEED"))
    ]
    with pytest.raises(BadAnswer, match="damaged"):
        read()


def test_tiktok_one_form_out_of_reach_stops_no_other():
    gone = (TASK, {"code": 40002, "message": "page_id: it does not exist"})
    client, _ = leads(
        forms("76", "77", "78"), gone, *region("oops\r\n1\r\n"), *region(ONE), *region(""), *region("")
    )
    rows = []
    with pytest.raises(BadAnswer, match=r"2 forms of advertiser 7012 cannot be read, first.*40002"):
        for page in tiktok.STREAMS[1].fetch(client, "7012", ALL):
            rows += page.rows
    assert [row["page_id"] for row in rows] == ["77"], "its file says whose form it is"


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        (40102, BrokenToken, "TIKTOK_TOKEN.*ended"),
        (40105, BrokenToken, "TIKTOK_TOKEN"),
        (40001, MissingPermission, "Admin"),
        (40300, NotThere, "40300"),
        (40002, BadAnswer, "40002"),
    ],
)
def test_tiktok_says_what_an_error_asks_for(code, kind, says):
    client = play("tiktok", ("GET page/get/", {"code": code, "message": "no", "data": {}}))
    with pytest.raises(kind, match=says):
        client.forms("7012")


def test_tiktok_a_call_that_is_gone_is_a_version_that_is_gone():
    client = play("tiktok", ("GET page/get/", None, 404))
    with pytest.raises(RetiredVersion, match=r"platforms\.tiktok\.version"):
        client.forms("7012")
    assert tiktok.api_version({}).name == "v1.3"
    assert tiktok.api_version({"version": "v1.2"}) is None


@pytest.mark.parametrize("code", [40100, 40132, 40200, 50000, 51010, 60001])
def test_tiktok_tries_again_what_passes(code):
    client = play("tiktok", ("GET page/get/", {"code": code, "message": "later"}), forms("1"))
    assert len(client.forms("7012")) == 1


def test_tiktok_a_code_nobody_can_read_is_no_success():
    for code in (True, "0", None, 1.5):
        told = judge(Answer(500, {}, {"code": code}))
        assert told is not None
    assert isinstance(judge(Answer(400, {}, {"code": 0})), ConnectorError)


def test_tiktok_needs_to_be_told_its_ad_accounts():
    with pytest.raises(MissingPermission, match=r"platforms\.tiktok\.advertisers"):
        list(stream("tiktok", "leads").accounts(tiktok.client(env())))


# -- figures --------------------------------------------------------------------------------------


def test_tiktok_asks_at_most_thirty_days_at_once_and_the_deleted_too():
    info = ("GET advertiser/info/", ok({"list": [{"advertiser_id": "7012", "timezone": "Etc/GMT-13"}]}))
    row = {"dimensions": {"ad_id": "1", "stat_time_day": "2026-10-20 00:00:00"}, "metrics": {"spend": "1.00"}}
    page = ok({"list": [row], "page_info": {"page": 1, "total_page": 2}})
    report = "GET report/integrated/get/"
    end = ok({"list": [], "page_info": {"page": 2, "total_page": 2}})
    client = play("tiktok", info, (report, page), (report, end), (report, ok({"list": []})))
    since = Since(datetime(2026, 10, 20, tzinfo=UTC))
    rows, _ = fetched(stream("tiktok", "ad_reports"), client, "7012", since)
    assert [one["day"] for one in rows] == ["2026-10-20"]
    first, last = asked(client, 1), asked(client, 3)
    assert (first["start_date"], first["end_date"], first["page"]) == ("2026-10-20", "2026-11-18", 1)
    # At noon in Greenwich it is tomorrow there.
    assert (last["start_date"], last["end_date"]) == ("2026-11-19", "2026-11-21")
    assert json.loads(first["dimensions"]) == ["ad_id", "stat_time_day"]
    assert "STATUS_ALL" in json.loads(first["filtering"])[0]["filter_value"]


def test_days_are_asked_for_once_each_and_a_clock_behind_ours_hides_none():
    windows = list(days_to_ask(Since(datetime(2026, 1, 1, tzinfo=UTC)), date(2026, 1, 31), 30))
    assert windows == [(date(2026, 1, 1), date(2026, 1, 30)), (date(2026, 1, 31), date(2026, 1, 31))]
    assert list(days_to_ask(Since(datetime(2026, 1, 9, tzinfo=UTC)), date(2026, 1, 5), 30)) == [
        (date(2026, 1, 5), date(2026, 1, 5))
    ]
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert [today_in(zone, noon).day for zone in ("Etc/GMT-13", "nowhere", None, 7, "../x")] == [
        6,
        5,
        5,
        5,
        5,
    ]


# -- webhook --------------------------------------------------------------------------------------

SECRET = {"TIKTOK_APP_SECRET": "made-up"}
ENTRY = {
    "id": 7123456789012345678,
    "page_id": 77,
    "advertiser_id": 7012345678901234567,
    "campaign_id": 0,
    "ad_id": 9,
    "create_time": 1780304400,
    "changes": [{"field": "name", "value": "Zoé 🪵"}, {"field": "email", "value": ""}],
}


def signature(body: bytes) -> dict[str, str]:
    import hashlib
    import hmac

    return {"x-open-signature": hmac.new(b"made-up", body, hashlib.sha256).hexdigest()}


def test_tiktok_signs_what_it_sends_or_the_same_escaped():
    body = json.dumps({"entry": [ENTRY]}, ensure_ascii=False).encode()
    escaped = json.dumps({"entry": [ENTRY]}).encode()
    assert verify(signature(body), body, SECRET)
    assert verify(signature(escaped), body, SECRET)
    assert not verify(signature(body), body + b" ", SECRET)
    assert not verify(signature(body), body, {})
    assert not verify({}, body, SECRET)


def test_tiktok_a_push_is_the_line_it_will_be_in_the_file():
    [hook] = receive(json.dumps({"entry": [ENTRY]}).encode(), None)
    assert (hook.stream, hook.account) == ("leads", "7012345678901234567")
    assert hook.rows == [
        {
            "lead_id": "7123456789012345678",
            "page_id": "77",
            "ad_id": "9",
            "created_time": "2026-06-01T09:00:00.000000Z",
            "answers": [{"field": "name", "value": "Zoé 🪵"}],
        }
    ]
    assert list(receive(b'{"entry": []}', None)) == []
    for body in (b"{}", b"[1]", b"no", b'{"entry": [{"id": 1}]}', b'{"entry": [7]}', b'{"entry": 7}'):
        with pytest.raises(BadAnswer, match="not the documented shape"):
            list(receive(body, None))


# -- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["2026-06-01 09:00:00", "2026-06-01 10:00:00 (UTC+01:00)", "1780304400", "2026-06-01T09:00:00Z"]
)
def test_tiktok_times_are_utc_unless_they_say_otherwise(text):
    row = tiktok.EXPORTS[0].to_row({"lead_id": "1", "created_time": text}, Reading())
    assert row["created_time"] == "2026-06-01T09:00:00+00:00"


def test_tiktok_a_dash_is_nothing_and_a_mapped_box_keeps_its_words():
    columns = {"stay": "consent_email", "who": "full_name", "create_time": "created_time"}
    headers = {"stay": "Stay in touch by e-mail?", "who": "Qui êtes-vous ?"}
    cells = {"lead_id": "1", "stay": "x", "who": "Ann Roux", "email": "--", "is_test": "true"}
    row = tiktok.EXPORTS[0].to_row(cells, Reading(columns, headers=headers))
    assert row["answers"] == [
        {"field": "Stay in touch by e-mail?", "value": "yes"},
        {"field": "full_name", "value": "Ann Roux"},
    ]
    assert row["is_test"] is True


def test_tiktok_a_file_of_several_advertisers_is_found_by_its_form():
    two = {"advertisers": ["1", "2"]}
    client = play("tiktok", forms("70"), forms("77"), settings=two)
    assert advertiser_of({"page_id": "77"}, client) == "2"
    assert advertiser_of({"page_id": "99"}, client) is None
    assert advertiser_of({}, client) is None
