"""Meta: tokens of pages, pages that are empty before the end, windows, and codes that mean many things."""

import json
from datetime import UTC, datetime

import pytest
from tape import asked, fetched, how_asked, play, stream

from connectors.stream import (
    BadAnswer,
    BrokenToken,
    MissingPermission,
    PlatformDown,
    RetiredVersion,
    Since,
)

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC), {"77": 99})

PAGE = ("GET me/accounts", {"data": [{"id": "1", "access_token": "page-one"}]})


def forms(*counts: tuple[str, int, int]) -> tuple:
    rows = [{"id": i, "leads_count": n, "expired_leads_count": gone} for i, n, gone in counts]
    return "GET 1/leadgen_forms", {"data": rows}


def lead(number: int) -> dict:
    return {"id": str(number), "created_time": "2026-11-19T08:15:30+0000", "field_data": []}


def error(code: int, subcode: int | None = None, message: str = "no", **more) -> dict:
    return {"error": {"message": message, "code": code, "error_subcode": subcode, **more}}


def leads_of(client, since: Since = ALL):
    return fetched(stream("meta", "leads"), client, "1", since)


def test_meta_goes_on_after_an_empty_page():
    following = "https://platform.example/v26.0/77/leads?access_token=page-one&after=b&limit=100"
    client = play(
        "meta",
        PAGE,
        forms(("77", 2, 1)),
        ("GET 77/leads", {"data": [lead(1)], "paging": {"next": following}}),
        ("GET 77/leads", {"data": [], "paging": {"next": following}}),
        ("GET 77/leads", {"data": [lead(2)], "paging": {"cursors": {"after": "c"}}}),
    )
    rows, announced = leads_of(client)
    assert ([row["id"] for row in rows], announced) == (["1", "2"], {"77": 2})
    assert asked(client)["after"] == "b"
    # The token stands in the header; in an address it would end up in somebody's log.
    assert "access_token" not in asked(client)
    assert how_asked(client)["headers"]["Authorization"] == "Bearer page-one"


def test_meta_follows_no_page_to_another_host():
    body = {"data": [lead(1)], "paging": {"next": "https://elsewhere.example/v26.0/77/leads?after=b"}}
    client = play("meta", PAGE, forms(("77", 1, 0)), ("GET 77/leads", body))
    with pytest.raises(BadAnswer, match=r"elsewhere\.example is not the configured host"):
        leads_of(client)


@pytest.mark.parametrize(
    ("held", "is_whole"),
    [({"77": 5}, False), ({"77": 4}, True), ({}, True)],
    ids=["as many", "one more there", "new form"],
)
def test_meta_reads_a_form_whole_that_holds_more_than_we_do(held, is_whole):
    client = play("meta", PAGE, forms(("77", 3, 2)), ("GET 77/leads", {"data": []}))
    leads_of(client, Since(datetime(2026, 11, 19, tzinfo=UTC), held))
    assert ("filtering" not in asked(client)) == is_whole


def test_meta_window_includes_its_first_second():
    client = play("meta", PAGE, forms(("77", 1, 0)), ("GET 77/leads", {"data": []}))
    leads_of(client, LATELY)
    condition = json.loads(asked(client)["filtering"])[0]
    assert condition["field"] == "time_created"
    assert condition["value"] == int(LATELY.moment.timestamp()) - 1  # GREATER_THAN is strict


def test_meta_renews_a_page_token_once():
    client = play(
        "meta",
        PAGE,
        ("GET 1/leadgen_forms", error(190, 463), 400),
        ("GET me/accounts", {"data": [{"id": "1", "access_token": "page-one-renewed"}]}),
        ("GET 1/leadgen_forms", {"data": []}),
    )
    leads_of(client)
    assert how_asked(client)["headers"]["Authorization"] == "Bearer page-one-renewed"


def test_meta_reads_the_other_forms_before_it_complains_of_one():
    client = play(
        "meta",
        PAGE,
        forms(("76", 1, 0), ("77", 1, 0)),
        ("GET 76/leads", error(100, 33), 400),
        ("GET 77/leads", {"data": [lead(1)]}),
    )
    rows = []
    with pytest.raises(MissingPermission, match="1 forms of page 1 cannot be read"):
        for item in stream("meta", "leads").fetch(client, "1", ALL):
            rows += getattr(item, "rows", [])
    assert [row["id"] for row in rows] == ["1"]


def test_meta_asks_for_less_where_it_is_too_much():
    too_much = error(1, message="Please reduce the amount of data you're asking for, then retry")
    client = play("meta", PAGE, ("GET 1/leadgen_forms", too_much, 500), ("GET 1/leadgen_forms", {"data": []}))
    fetched(stream("meta", "forms"), client, "1", ALL)
    assert [asked(client, place)["limit"] for place in (1, 2)] == [100, 50]


@pytest.mark.parametrize(
    ("body", "status", "expected", "text"),
    [
        (error(190, 463), 400, BrokenToken, "renew META_TOKEN: it has expired"),
        (error(200), 403, MissingPermission, "code 200"),
        (error(10), 400, MissingPermission, "code 10"),
        (error(2635), 400, RetiredVersion, "raise platforms.meta.version"),
        (error(100), 400, BadAnswer, "code 100"),
        (error(368), 400, PlatformDown, "blocked for a while"),
    ],
)
def test_meta_errors_say_what_to_do(body, status, expected, text):
    client = play("meta", ("GET me/accounts", body, status))
    with pytest.raises(expected, match=text):
        stream("meta", "leads").accounts(client)


def test_meta_waits_the_minutes_it_is_told():
    usage = {"1": [{"type": "leadgen", "call_count": 100, "estimated_time_to_regain_access": 19}]}
    client = play(
        "meta",
        ("GET me/accounts", error(80005), 400, {"X-Business-Use-Case-Usage": json.dumps(usage)}),
    )
    with pytest.raises(PlatformDown, match="asks to come back after"):
        stream("meta", "leads").accounts(client)


def test_meta_insights_cover_every_day_once():
    days = Since(datetime(2026, 10, 1, tzinfo=UTC))
    client = play(
        "meta",
        ("GET me", {"id": "9"}),
        ("GET act_5/insights", {"data": []}),
        ("GET act_5/insights", {"data": []}),
    )
    fetched(stream("meta", "insights"), client, "act_5", days)
    ranges = [json.loads(asked(client, place)["time_range"]) for place in (1, 2)]
    assert ranges == [
        {"since": "2026-10-01", "until": "2026-10-30"},
        {"since": "2026-10-31", "until": "2026-11-20"},
    ]
