"""Does the simulator speak as the platforms do? Lead ads and forms: what a reader depends on."""

import hashlib
import hmac
import json
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from simulator.model import Post
from simulator.platforms.meta.posts import Wall
from simulator.wire import Call
from tests.simulated import NOON, ago, ask, form_body, graph, typeform, world

LEADS = "77/leads"


def meta_walk(here, limit=2, **params):
    """All lead ids as a reader gets them, and the pages."""
    ids, pages, query = [], [], {"limit": limit, **params}
    while True:
        body = graph(here, LEADS, **query).body
        pages.append(body)
        ids += [row["id"] for row in body["data"]]
        following = body.get("paging", {}).get("next")
        if following is None:
            return ids, pages
        query = dict(parse_qsl(urlsplit(following).query))


# -- Meta ------------------------------------------------------------------------------------------------


def test_meta__leads_come_newest_first_over_opaque_cursors():
    ids, pages = meta_walk(world())
    assert ids == [f"90{n:03}" for n in range(1, 8)]
    assert all("next" in page["paging"] for page in pages[:-1])
    last = pages[-1]["paging"]["cursors"]["after"]
    assert graph(world(), LEADS, after=last).body == {"data": []}
    assert pages[0]["paging"]["next"].startswith("http://127.0.0.1:1/meta/v26.0/77/leads?")


def test_meta__the_time_filter_is_strict():
    at = int(ago(days=3).timestamp())
    condition = [{"field": "time_created", "operator": "GREATER_THAN", "value": at}]
    assert meta_walk(world(), filtering=json.dumps(condition))[0] == ["90001", "90002"]
    condition[0]["value"] = at - 1
    assert meta_walk(world(), filtering=json.dumps(condition))[0] == ["90001", "90002", "90003"]
    condition.append(
        {"field": "time_created", "operator": "LESS_THAN", "value": int(ago(days=1).timestamp())}
    )
    assert meta_walk(world(), filtering=json.dumps(condition))[0] == ["90002", "90003"]
    condition[0]["field"] = "created_time"
    assert graph(world(), LEADS, filtering=json.dumps(condition)).body["error"]["code"] == 100


def test_meta__a_lead_has_three_fields_unless_more_are_asked():
    row = graph(world(), LEADS, limit=1).body["data"][0]
    assert set(row) == {"id", "created_time", "field_data"}
    assert row["created_time"] == "2026-11-19T12:00:00+0000"
    assert row["field_data"][0] == {"name": "full_name", "values": ["Zoé 1"]}
    row = graph(world(), "90002", fields="form_id,platform,custom_disclaimer_responses,ad_id").body
    assert row["custom_disclaimer_responses"] == [{"checkbox_key": "news", "is_checked": "1"}]
    assert (row["form_id"], row["platform"], row["ad_id"]) == ("77", "fb", "55")
    assert graph(world(), "90002", fields="nonsense").body["error"]["code"] == 100


def test_meta__old_test_and_late_leads_are_where_they_belong():
    here = world()
    form = graph(here, "77", fields="leads_count,expired_leads_count").body
    assert (form["leads_count"], form["expired_leads_count"]) == (7, 1)
    assert [row["id"] for row in graph(here, "77/test_leads").body["data"]] == ["90051"]
    assert graph(here, "90050").body["error"]["error_subcode"] == 33
    here.clock.move(NOON + timedelta(days=1))
    assert "90060" in meta_walk(here)[0]


def test_meta__tokens_versions_and_proofs_are_checked():
    here = world()
    page = graph(here, "me/accounts", token="sim-meta-token").body["data"][0]
    assert page["id"] == "100001"
    assert graph(here, LEADS, token="sim-meta-token").body["error"]["code"] == 190
    assert graph(here, LEADS, token="nonsense").body["error"]["code"] == 190
    assert graph(here, LEADS, access_token="x", appsecret_proof="0").body["error"]["code"] == 100
    proof = hmac.new(b"sim-meta-secret", page["access_token"].encode(), hashlib.sha256).hexdigest()
    assert graph(here, LEADS, token=page["access_token"], appsecret_proof=proof).status == 200
    by_query = ask(here, "meta", "v26.0/77/leads", {"access_token": page["access_token"]})
    assert by_query.status == 200 and json.loads(by_query.headers["X-App-Usage"])["call_count"] < 100
    assert ask(here, "meta", "v26.0/77/leads").body["error"]["code"] == 104
    assert ask(here, "meta", "v19.0/77/leads").body["error"]["code"] == 2635
    assert "x-ad-api-version-warning" in ask(here, "meta", "v24.0/77/leads").headers
    assert graph(here, "12345678").body["error"] | {"fbtrace_id": ""} == {
        "message": graph(here, "12345678").body["error"]["message"],
        "type": "GraphMethodException", "code": 100, "error_subcode": 33, "fbtrace_id": "",
    }  # fmt: skip


def test_meta__insights_are_text_settle_and_leave_idle_days_out():
    params = {"level": "ad", "time_increment": 1, "fields": "ad_id,spend,impressions,actions",
              "time_range": json.dumps({"since": "2026-11-01", "until": "2026-11-20"})}  # fmt: skip
    rows = graph(world(), "act_500001/insights", token="sim-meta-token", **params).body["data"]
    assert [row["date_start"] for row in rows] == ["2026-11-17", "2026-11-18", "2026-11-19"]
    assert (rows[0]["spend"], rows[0]["impressions"], rows[0]["ad_id"]) == ("14.30", "1000", "55")
    leads = [{a["action_type"]: a["value"] for a in row["actions"]}["lead"] for row in rows]
    assert leads == ["10", "10", "9"], "yesterday's leads are not all attributed yet"


def test_meta__an_async_report_is_waited_for():
    here = world()
    run = graph(here, "act_500001/insights", token="sim-meta-token", method="POST").body["report_run_id"]
    looks = [graph(here, run, token="sim-meta-token").body for _ in range(3)]
    assert [look["async_status"] for look in looks] == ["Job Not Started", "Job Running", "Job Completed"]
    assert graph(here, f"{run}/insights", token="sim-meta-token").body["data"]
    here.faults.set({"server_error": {"probability": 1, "platforms": ["meta"]}})
    meta = here.platforms["meta"]
    calm = Call("GET", f"v26.0/{run}", headers={"authorization": "Bearer sim-meta-token"})
    assert meta.answer(calm).body["async_status"] == "Job Failed", "a report may fail after it began"


def test_meta__archived_objects_are_only_there_for_who_asks_for_them():
    here = world(now=NOON + timedelta(days=300))
    token = "sim-meta-token"
    assert graph(here, "act_500001/campaigns", token=token).body == {"data": []}
    asked = {"effective_status": '["ACTIVE", "ARCHIVED"]', "fields": "id,name,effective_status,created_time"}
    [campaign] = graph(here, "act_500001/campaigns", token=token, **asked).body["data"]
    assert campaign == {
        "id": "33",
        "name": "Soldes",
        "effective_status": "ARCHIVED",
        "created_time": "2026-11-01T00:00:00+0100",  # the account's own offset
    }
    assert graph(here, "act_500001/ads", token=token, effective_status='["SOMEHOW"]').status == 400


def test_meta__an_ad_lists_its_own_leads_and_an_ad_of_nobody_is_not_there():
    leads = graph(world(), "55/leads", fields="id,ad_id").body["data"]
    assert leads and {lead["ad_id"] for lead in leads} == {"55"}
    assert graph(world(), "56/leads").body["error"]["error_subcode"] == 33


def test_meta__attribution_windows_are_told_where_asked_and_known():
    here, token = world(), "sim-meta-token"
    window = {"time_range": '{"since": "2026-11-17", "until": "2026-11-18"}', "fields": "actions"}
    [row] = graph(here, "act_500001/insights", token=token, **window).body["data"]
    assert all(action.keys() == {"action_type", "value"} for action in row["actions"])
    window["action_attribution_windows"] = '["7d_click", "1d_view"]'
    [row] = graph(here, "act_500001/insights", token=token, **window).body["data"]
    lead = next(action for action in row["actions"] if action["action_type"] == "lead")
    assert int(lead["value"]) == int(lead["7d_click"]) + int(lead["1d_view"])
    window["action_attribution_windows"] = '["28d_view"]'
    assert graph(here, "act_500001/insights", token=token, **window).status == 400


def test_meta__a_gone_figure_fails_a_whole_list_of_posts():
    here = world()
    here.platforms["meta"].wall = Wall([a_post("1"), a_post("2")])
    fields = "id,insights.metric(post_media_view,post_clicks)"
    posts = graph(here, "100001/published_posts", fields=fields).body["data"]
    assert [figure["name"] for figure in posts[0]["insights"]["data"]] == ["post_media_view", "post_clicks"]
    here.platforms["meta"].change({"dead_metrics": ["post_clicks"]})
    assert graph(here, "100001/published_posts", fields=fields).status == 400
    here.platforms["meta"].change({"dead_metrics": [], "without_figures": ["100001_2"]})
    assert graph(here, "100001/published_posts", fields=fields).body["error"]["error_subcode"] == 2108006
    assert graph(here, "100001_1/insights", metric="post_clicks").status == 200
    with pytest.raises(ValueError, match="nothing like that"):
        here.platforms["meta"].change({"weather": ["fine"]})


def a_post(number: str) -> Post:
    figures = dict.fromkeys(("views", "reach", "reactions", "comments", "shares", "saves", "clicks"), 9)
    return Post("fb", "100001", f"100001_{number}", ago(days=30), "Bonjour", "added_photos", **figures)


# -- Typeform --------------------------------------------------------------------------------------------


def test_typeform__windows_are_inclusive_at_both_ends():
    here, path = world(), "forms/TfOne/responses"
    body = typeform(here, path, since="2026-11-20T08:00:00", until="2026-11-20T10:00:00Z").body
    assert [item["token"] for item in body["items"]] == ["90002", "90003", "90004"]
    assert (body["total_items"], body["page_count"]) == (3, 1)
    assert typeform(here, path, since=int(ago(hours=1).timestamp())).body["total_items"] == 1
    empty = typeform(here, path, since="2030-01-01T00:00:00").body
    assert empty == {"items": [], "total_items": 0, "page_count": 0}


def test_typeform__pages_go_back_by_token():
    here, path, seen = world(), "forms/TfOne/responses", []
    params = {"page_size": 2}
    while items := typeform(here, path, **params).body["items"]:
        seen += [item["token"] for item in items]
        params["before"] = items[-1]["token"]
    assert seen == [f"90{n:03}" for n in range(1, 6)]
    assert typeform(here, path, sort="submitted_at,asc", before="90001").status == 400
    assert typeform(here, path, page_size=1001).status == 400


def test_typeform__unanswered_questions_are_absent():
    items = typeform(world(), "forms/TfOne/responses").body["items"]
    refs = [[answer["field"]["ref"] for answer in item["answers"]] for item in items[:2]]
    assert refs == [["full_name", "email"], ["full_name", "email", "news"]]
    assert items[1]["answers"][2]["type"] == "boolean" and "hidden" not in items[0]
    fields = typeform(world(), "forms/TfOne").body["fields"]
    assert {field["id"] for field in fields} >= {a["field"]["id"] for a in items[1]["answers"]}


def test_typeform__refresh_tokens_rotate():
    here = world()
    client = {"client_id": "sim-typeform-id", "client_secret": "sim-typeform-oauth-secret"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    def refresh(token):
        fields = form_body(grant_type="refresh_token", refresh_token=token, **client)
        return ask(here, "typeform", "oauth/token", headers=form, body=fields)

    first = refresh("sim-typeform-refresh-0").body
    assert typeform(here, "forms", token=first["access_token"]).status == 200
    assert refresh("sim-typeform-refresh-0").status == 400
    assert refresh(first["refresh_token"]).body["access_token"] != first["access_token"]
    assert typeform(here, "forms", token=first["access_token"]).body["code"] == "AUTHENTICATION_FAILED"
