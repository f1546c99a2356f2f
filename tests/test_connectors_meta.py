"""Meta: tokens of pages, pages that are empty before the end, windows, and codes that mean many things."""

import json
from datetime import UTC, date, datetime

import pytest
from homes import make_company
from tape import asked, env, fetched, how_asked, play, stream

from connectors import meta
from connectors.client import Answer
from connectors.meta.limits import ease
from connectors.meta.receive import receive
from connectors.meta.versions import VERSION, api_version
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    MissingPermission,
    PlatformDown,
    RetiredVersion,
    Since,
)
from connectors.versions import warn_of_end
from pipelines.doctor import examine
from pipelines.patient import Patient

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
    ("held", "is_whole", "asked_twice"),
    [({"77": 5}, False, False), ({"77": 4}, True, True), ({}, True, False)],
    ids=["as many", "one more there", "new form"],
)
def test_meta_reads_a_form_whole_that_holds_more_than_we_do(held, is_whole, asked_twice):
    client = play("meta", PAGE, forms(("77", 3, 2)), *[("GET 77/leads", {"data": []})] * (1 + asked_twice))
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


ZONE = ("GET act_5", {"id": "act_5", "timezone_name": "Pacific/Auckland"})


@pytest.mark.parametrize("name", ["insights", "adset_insights", "campaign_insights"])
def test_meta_insights_cover_every_day_of_the_account_once(name):
    days = Since(datetime(2026, 10, 1, tzinfo=UTC))
    client = play(
        "meta",
        ZONE,
        ("GET act_5/insights", {"data": []}),
        ("GET act_5/insights", {"data": []}),
    )
    fetched(stream("meta", name), client, "act_5", days)
    ranges = [json.loads(asked(client, place)["time_range"]) for place in (1, 2)]
    assert ranges == [
        {"since": "2026-10-01", "until": "2026-10-30"},
        # At noon of the 20th in Greenwich it is tomorrow there.
        {"since": "2026-10-31", "until": "2026-11-21"},
    ]
    assert json.loads(asked(client)["action_attribution_windows"]) == ["7d_click", "1d_view"]


def test_meta_figures_are_asked_for_again_until_they_have_settled():
    for name in ("insights", "adset_insights", "campaign_insights", "posts", "media"):
        assert stream("meta", name).overlap.days == 28


@pytest.mark.parametrize("zone", [None, 7, "Mars/Olympus", "../etc/passwd", ""])
def test_meta_a_zone_nobody_knows_is_greenwich(zone):
    client = play("meta", ("GET act_5", {"id": "act_5", "timezone_name": zone}),
                  ("GET act_5/insights", {"data": []}))  # fmt: skip
    fetched(stream("meta", "insights"), client, "act_5", Since(datetime(2026, 11, 19, tzinfo=UTC)))
    assert json.loads(asked(client)["time_range"])["until"] == "2026-11-20"


@pytest.mark.parametrize("name", ["campaigns", "adsets", "ads"])
def test_meta_archived_objects_are_asked_for(name):
    client = play("meta", (f"GET act_5/{name}", {"data": [{"id": "1"}]}))
    fetched(stream("meta", name), client, "act_5", ALL)
    assert {"ACTIVE", "PAUSED", "ARCHIVED"} <= set(json.loads(asked(client)["effective_status"]))


def test_meta_a_form_out_of_reach_is_read_from_its_ads():
    client = play(
        "meta",
        PAGE,
        forms(("76", 2, 0)),
        ("GET 76/leads", error(200), 403),
        ("GET act_5/ads", {"data": [{"id": "55"}, {"id": "56"}]}),
        ("GET 55/leads", {"data": [lead(1) | {"form_id": "76"}, lead(2) | {"form_id": "other"}]}),
        ("GET 56/leads", error(100, 33), 400),
        settings={"ad_accounts": ["5"]},
    )
    rows = []
    with pytest.raises(MissingPermission, match="of their leads only those of ads were read"):
        for item in stream("meta", "leads").fetch(client, "1", ALL):
            rows += getattr(item, "rows", [])
    assert [row["id"] for row in rows] == ["1"]


def test_meta_test_leads_are_counted_apart():
    client = play("meta", PAGE, forms(("77", 1, 0)), ("GET 77/test_leads", {"data": [lead(5)]}))
    rows, announced = fetched(stream("meta", "test_leads"), client, "1", ALL)
    assert ([row["id"] for row in rows], announced) == (["5"], {})


@pytest.mark.parametrize(
    ("field_data", "told", "expected"),
    [
        ([], {"data": [{"id": "1"}]}, "test_leads"),
        ([], {"data": [{"id": "2"}]}, "leads"),
        ([{"name": "email", "values": ["<test lead: dummy data for email>"]}], None, "test_leads"),
        # Not told: taken for real, so that nobody is lost.
        ([], error(200), "leads"),
    ],
    ids=["listed", "real", "dummy", "not told"],
)
def test_meta_a_pushed_test_lead_is_no_lead(field_data, told, expected):
    answers = [("GET 1", lead(1) | {"form_id": "77", "field_data": field_data})]
    if told is not None:
        answers.append(("GET 77/test_leads", told, 200 if "data" in told else 403))
    client = play("meta", PAGE, *answers)
    change = {"field": "leadgen", "value": {"leadgen_id": 1, "page_id": 1, "form_id": 77}}
    body = json.dumps({"object": "page", "entry": [{"id": "1", "changes": [change]}]}).encode()
    assert [hook.stream for hook in receive(body, client)] == [expected]


# -- posts ----------------------------------------------------------------------------------------

DEAD = error(100, message="(#100) The value must be a valid insights metric")
POST = {"id": "1_2", "created_time": "2026-11-19T08:15:30+0000"}


def figure(name: str, value: int = 7) -> dict:
    return {"data": [{"name": name, "period": "lifetime", "values": [{"value": value}]}]}


def test_meta_a_figure_that_is_not_served_any_more_is_left_out():
    client = play(
        "meta",
        PAGE,
        ("GET 1/published_posts", DEAD, 400),
        ("GET 1/published_posts", {"data": [{"id": "1_2"}]}),
        ("GET 1_2/insights", figure("post_media_view")),
        ("GET 1_2/insights", DEAD, 400),
        ("GET 1_2/insights", figure("post_clicks")),
        ("GET 1/published_posts", {"data": [POST]}),
    )
    rows, _ = fetched(stream("meta", "posts"), client, "1", ALL)
    assert [row["id"] for row in rows] == ["1_2"]
    assert "insights.metric(post_media_view,post_clicks)" in asked(client)["fields"]


def test_meta_a_medium_without_figures_does_not_hide_the_others():
    old = error(100, 2108006, "Media posted before business account conversion")
    media = {"data": [{"id": "8", "timestamp": "2026-11-19T08:15:30+0000"}, {"id": "9"}]}
    client = play(
        "meta",
        PAGE,
        ("GET 1", {"instagram_business_account": {"id": "178"}, "id": "1"}),
        ("GET 178/media", old, 400),
        ("GET 178/media", {"data": [{"id": "8"}]}),
        # All seven answer for the newest one: no figure is to blame.
        *[("GET 8/insights", figure("reach"))] * 7,
        ("GET 178/media", media),
        ("GET 8/insights", figure("reach")),
        ("GET 9/insights", old, 400),
    )
    rows, _ = fetched(stream("meta", "media"), client, "178", ALL)
    assert [("insights" in row, row["id"]) for row in rows] == [(True, "8"), (False, "9")]


def test_meta_posts_are_read_back_to_the_window_and_no_further():
    following = "https://platform.example/v26.0/1/published_posts?after=b&limit=50"
    older = POST | {"id": "1_1", "created_time": "2026-11-01T08:00:00+0000"}
    client = play(
        "meta",
        PAGE,
        ("GET 1/published_posts", {"data": [POST, older], "paging": {"next": following}}),
        ("GET 1/published_posts", {"data": [older], "paging": {"next": following}}),
    )
    rows, _ = fetched(stream("meta", "posts"), client, "1", LATELY)
    assert [row["id"] for row in rows] == ["1_2", "1_1", "1_1"]


def test_meta_the_first_pull_of_posts_goes_two_years_back():
    following = "https://platform.example/v26.0/1/published_posts?after=b&limit=50"
    ancient = POST | {"id": "1_0", "created_time": "2024-11-19T08:00:00+0000"}
    body = {"data": [ancient], "paging": {"next": following}}
    client = play("meta", PAGE, ("GET 1/published_posts", body))
    assert [row["id"] for row in fetched(stream("meta", "posts"), client, "1", ALL)[0]] == ["1_0"]


def test_meta_posts_keep_nobody_and_no_token():
    person = [{"id": "7", "name": "Curieux Passant"}]
    links = {"next": "https://platform.example/x?access_token=page-one"}
    crowd = {"data": person, "paging": links, "summary": {"total_count": 1}}
    post = POST | {
        "reactions": crowd,
        "comments": crowd,
        "insights": figure("post_clicks") | {"paging": links},
    }
    client = play("meta", PAGE, ("GET 1/published_posts", {"data": [post]}))
    rows, _ = fetched(stream("meta", "posts"), client, "1", ALL)
    assert "Curieux" not in str(rows)
    assert "page-one" not in str(rows)
    assert rows[0]["reactions"] == {"summary": {"total_count": 1}}
    assert rows[0]["insights"] == figure("post_clicks")


def test_meta_a_page_without_instagram_is_no_error():
    client = play("meta", PAGE, ("GET 1", {"id": "1"}))
    assert list(stream("meta", "media").accounts(client)) == []


# -- limits and versions --------------------------------------------------------------------------


def business(**limit) -> dict[str, str]:
    return {"X-Business-Use-Case-Usage": json.dumps({"1": [limit]})}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":25}'}, 0),
        ({"X-App-Usage": '{"call_count":28,"total_time":76,"total_cputime":25}'}, 1),
        ({"X-FB-Ads-Insights-Throttle": '{"app_id_util_pct":10.5,"acc_id_util_pct":86.0}'}, 5),
        ({"X-Ad-Account-Usage": '{"acc_id_util_pct":99.7,"reset_time_duration":0}'}, 30),
        # The minutes and the kind of a business limit are no percentages.
        (business(type="leadgen", call_count=3, total_cputime=1, estimated_time_to_regain_access=90), 0),
        (business(call_count=96), 30),
        ({"X-Business-Use-Case-Usage": '{"1": [null, 7], "2": null}'}, 0),
        ({"X-App-Usage": "not json"}, 0),
        ({"X-App-Usage": "[1, 2]", "X-Business-Use-Case-Usage": "7"}, 0),
    ],
)  # fmt: skip
def test_meta_goes_slower_before_a_limit_is_reached(headers, seconds):
    assert ease(Answer(200, headers, {})) == seconds


def test_meta_pages_that_go_in_a_circle_are_left():
    circle = "https://platform.example/v26.0/act_5/ads?after=b&limit=100"
    body = {"data": [], "paging": {"next": circle}}
    client = play("meta", *[("GET act_5/ads", body)] * 40)
    with pytest.raises(BadAnswer, match="again and again"):
        fetched(stream("meta", "ads"), client, "act_5", ALL)


@pytest.mark.parametrize(
    ("version", "today", "is_ending", "is_over"),
    [
        ("v24.0", date(2026, 10, 5), True, False),
        ("v24.0", date(2026, 10, 6), True, True),
        ("v25.0", date(2026, 11, 14), False, False),
        ("v25.0", date(2026, 11, 15), True, False),
        # Reckoned, and so a reason to look and none to stop.
        ("v25.0", date(2028, 1, 1), True, False),
    ],
)
def test_meta_says_when_its_version_ends(version, today, is_ending, is_over):
    found = api_version({"version": version})
    assert (found.is_ending(today), found.is_over(today)) == (is_ending, is_over)


@pytest.mark.parametrize(("version", "is_told"), [("v25.0", True), ("v26.0", False)])
def test_meta_a_run_says_that_its_version_ends(version, is_told, caplog):
    warn_of_end(meta, env({"version": version}))  # on 20 November 2026
    assert ("ends on or after 2027-02-13" in caplog.text) == is_told


def test_meta_the_instagram_accounts_are_asked_for_once():
    told = ("GET 1", {"instagram_business_account": {"id": "178"}, "id": "1"})
    client = play("meta", PAGE, told, ("GET 178/media", {"data": []}))
    assert list(stream("meta", "media").accounts(client)) == ["178"]
    assert fetched(stream("meta", "media"), client, "178", ALL) == ([], {})


def test_meta_the_version_in_use_is_in_the_table():
    assert api_version({}).name == VERSION
    assert api_version({"version": "v99.0"}) is None


@pytest.mark.parametrize("version", ["v24.0", "v26.0", "v99.0"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_meta_the_doctor_tells_of_the_version(tmp_path, version, language):
    company = make_company(tmp_path, platforms={"meta": {"version": version}}, language=language)
    findings = list(examine(Patient(company, language, is_offline=True)))
    [found] = [one for one in findings if one.about == "api"]
    # v24.0 was announced to end on 6 October 2026, and no clock of a test goes back behind that.
    assert found.level == ("bad" if version == "v24.0" else "warn" if version == "v99.0" else found.level)
    assert version in found.text
