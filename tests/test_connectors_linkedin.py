"""LinkedIn: queries written its own way, forms in versions, a webhook that only hints, versions that end."""

import hashlib
import hmac
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from tape import NOW, env, fetched, how_asked, http_of, play, stream

from connectors import linkedin
from connectors.client import Answer
from connectors.linkedin.api import judge
from connectors.linkedin.read import account_of
from connectors.linkedin.receive import handshake, receive, verify
from connectors.linkedin.reports import MOST
from connectors.linkedin.restli import Raw, form_of, key_of, query
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    MissingPermission,
    NotThere,
    PlatformDown,
    Reading,
    RetiredVersion,
    Since,
)
from connectors.versions import warn_of_end

ALL = Since(None)
FORMS, LEADS = "GET leadForms", "GET leadFormResponses"
ROW = {
    "id": "52dcb737-26f9-4af3-b1fc-935b3e93f838-4",
    "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:5"},
    "leadType": "SPONSORED",
    "testLead": False,
    "submittedAt": 1780304400000,
    "versionedLeadGenFormUrn": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:6955637458260688897,2)",
    "associatedEntity": {"associatedCreative": "urn:li:sponsoredCreative:8"},
    "leadMetadata": {"sponsoredLeadMetadata": {"campaign": "urn:li:sponsoredCampaign:7"}},
    "formResponse": {"answers": []},
}
PLACES = {"form_id": "6955637458260688897", "form_version": "2", "campaign_id": "7", "creative_id": "8"}


def page(*rows: Any, total: int | None = None) -> dict:
    return {
        "elements": list(rows),
        "paging": {"start": 0, "count": 100} | ({"total": total} if total else {}),
    }


def query_of(client: Any, place: int = -1) -> str:
    return urlsplit(how_asked(client, place)["url"]).query


# -- queries --------------------------------------------------------------------------------------


def test_linkedin_parentheses_stand_and_what_is_in_them_does_not():
    told = query(
        {
            "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:5"},
            "submittedAtTimeRange": {"start": 1, "end": 2},
            "limitedToTestLeads": False,
            "accounts": ["urn:li:sponsoredAccount:5", "a,b"],
            "versionedLeadGenFormUrn": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:31,1)",
            "fields": Raw("id,form:(id,name)"),
        }
    )
    assert told == (
        "owner=(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A5)&submittedAtTimeRange=(start:1,end:2)"
        "&limitedToTestLeads=false&accounts=List(urn%3Ali%3AsponsoredAccount%3A5,a%2Cb)"
        "&versionedLeadGenFormUrn=urn%3Ali%3AversionedLeadGenForm%3A%28urn%3Ali%3AleadGenForm%3A31%2C1%29"
        "&fields=id,form:(id,name)"
    )


@pytest.mark.parametrize(
    "told",
    [None, 7, "", "urn:li:sponsoredCampaign:", "urn:li:sponsoredCreative:7", "urn:sponsoredCampaign:7"],
)
def test_linkedin_what_names_nothing_is_nothing(told):
    assert key_of(told, "sponsoredCampaign") is None
    assert form_of(told) is None
    assert key_of("urn:li:sponsoredCampaign:7", "sponsoredCampaign") == "7"


def test_linkedin_each_call_says_its_version_and_what_it_is():
    client = play("linkedin", (FORMS, page()))
    fetched(stream("linkedin", "forms"), client, "5", ALL)
    headers = how_asked(client)["headers"]
    assert headers["LinkedIn-Version"] == linkedin.api_version({}).name
    assert (headers["X-Restli-Protocol-Version"], headers["X-RestLi-Method"]) == ("2.0.0", "FINDER")
    assert headers["Authorization"] == "Bearer made-up-linkedin_token"


# -- forms and leads ------------------------------------------------------------------------------


def test_linkedin_forms_have_no_count_and_end_with_a_page_that_is_not_full():
    full = [{"id": 6955637458260688897 + number, "name": "F"} for number in range(100)]
    client = play("linkedin", (FORMS, page(*full)), (FORMS, page({"id": 7}, {"id": "x"}, None)))
    rows, announced = fetched(stream("linkedin", "forms"), client, "5", ALL)
    assert len(rows) == 103
    assert (rows[0]["form_id"], rows[100]["form_id"]) == ("6955637458260688897", "7")
    assert rows[101:] == [{"id": "x"}, None], "left for the door to judge"
    assert "start=100" in query_of(client)
    assert announced == {}


def test_linkedin_a_lead_comes_with_the_form_it_answered():
    client = play("linkedin", (LEADS, page(ROW, total=1)))
    rows, _ = fetched(stream("linkedin", "leads"), client, "5", ALL)
    assert rows == [ROW | PLACES]
    asked = query_of(client)
    assert "form:(id,name,creationLocale,hiddenFields,content)" in asked
    assert "leadType=(leadType:SPONSORED)" in asked
    assert "submittedAtTimeRange" not in asked, "the first time, all there is"


def test_linkedin_then_asks_for_all_that_is_kept_up_to_tomorrow():
    client = play("linkedin", (LEADS, page(ROW, total=1)))
    since = Since(datetime(2026, 8, 20, tzinfo=UTC))
    fetched(stream("linkedin", "leads"), client, "5", since)
    end = int((NOW + timedelta(days=1)).timestamp() * 1000)
    assert f"submittedAtTimeRange=(start:1787184000000,end:{end})" in query_of(client)
    # A clock behind ours hides nobody.
    client = play("linkedin", (LEADS, page(ROW, total=1)))
    fetched(stream("linkedin", "leads"), client, "5", Since(NOW + timedelta(days=9)))
    begin, end = (int((NOW + timedelta(days=days)).timestamp() * 1000) for days in (9, 10))
    assert f"(start:{begin},end:{end})" in query_of(client)
    assert stream("linkedin", "leads").looks_back == timedelta(days=90)


def test_linkedin_an_empty_page_is_not_believed_where_more_is_promised():
    client = play("linkedin", (LEADS, page(total=1)), (LEADS, page(ROW, total=1)))
    assert len(fetched(stream("linkedin", "leads"), client, "5", ALL)[0]) == 1


def test_linkedin_a_page_has_leads_of_three_kinds_and_one_out_of_reach_stops_no_other():
    denied = (LEADS, {"status": 403, "message": "no role"}, 403)
    client = play("linkedin", denied, (LEADS, page(ROW, total=1)), (LEADS, page()))
    rows = []
    with pytest.raises(MissingPermission, match=r"1 kinds of leads of organization-9.*no role"):
        for item in stream("linkedin", "leads").fetch(client, "organization-9", ALL):
            rows += item.rows
    assert len(rows) == 1
    kinds = [urlsplit(how["url"]).query for _, how in http_of(client).tape.asked]
    assert [kind in told for kind, told in zip(("EVENT", "COMPANY", "PRODUCT"), kinds, strict=True)] == [
        True
    ] * 3
    assert all("owner=(organization:urn%3Ali%3Aorganization%3A9)" in told for told in kinds)


def test_linkedin_needs_to_be_told_its_ad_accounts():
    with pytest.raises(MissingPermission, match=r"platforms\.linkedin\.ad_accounts"):
        list(stream("linkedin", "leads").accounts(linkedin.client(env())))
    client = linkedin.client(env({"ad_accounts": [5], "organizations": [9]}))
    assert list(stream("linkedin", "leads").accounts(client)) == ["5", "organization-9"]
    assert list(stream("linkedin", "campaigns").accounts(client)) == ["5"]


# -- figures --------------------------------------------------------------------------------------

ACCOUNT = ("GET adAccounts/5", {"id": 5, "currency": "EUR"})


def figures(creative: int, day: int = 20) -> dict:
    return {
        "dateRange": {"start": {"year": 2026, "month": 10, "day": day}},
        "pivotValues": [f"urn:li:sponsoredCreative:{creative}"],
        "costInLocalCurrency": "-2.0E-18",
        "impressions": 3,
    }


def test_linkedin_figures_say_their_day_and_whose_they_are():
    odd = {"dateRange": {"start": {"year": 2026, "month": 13, "day": 10**30}}, "pivotValues": ["x"]}
    client = play(
        "linkedin", ACCOUNT, ("GET adAnalytics", page(figures(8), odd, 7)), ("GET adAnalytics", page())
    )
    since = Since(datetime(2026, 10, 20, tzinfo=UTC))
    rows, _ = fetched(stream("linkedin", "creative_analytics"), client, "5", since)
    assert rows == [figures(8) | {"creative_id": "8", "day": "2026-10-20"}, odd, 7]
    assert "dateRange=(start:(year:2026,month:10,day:20),end:(year:2026,month:11,day:18))" in query_of(
        client, 1
    )
    assert "end:(year:2026,month:11,day:20)" in query_of(client, 2), "to LinkedIn's own today"
    assert "accounts=List(urn%3Ali%3AsponsoredAccount%3A5)&fields=dateRange,pivotValues," in query_of(
        client, 1
    )


def test_linkedin_an_answer_that_may_be_cut_is_asked_for_in_halves():
    many = page(*[figures(8)] * MOST)
    analytics = "GET adAnalytics"
    client = play("linkedin", ACCOUNT, (analytics, many), (analytics, page(figures(8))), (analytics, many))
    rows, _ = fetched(
        stream("linkedin", "creative_analytics"), client, "5", Since(datetime(2026, 11, 19, tzinfo=UTC))
    )
    assert len(rows) == 1 + MOST, "a single day cannot be halved"
    assert "(year:2026,month:11,day:19),end:(year:2026,month:11,day:19)" in query_of(client, 2)


def test_linkedin_campaigns_and_ads_come_by_token(monkeypatch):
    first = {"elements": [{"id": 7, "name": "C"}], "metadata": {"nextPageToken": "t"}}
    client = play(
        "linkedin",
        ("GET adAccounts/5/adCampaigns", first),
        ("GET adAccounts/5/adCampaigns", {"elements": []}),
    )
    rows, _ = fetched(stream("linkedin", "campaigns"), client, "5", ALL)
    assert rows == [{"id": 7, "name": "C", "campaign_id": "7"}]
    assert "pageToken=t" in query_of(client)
    client = play(
        "linkedin", ("GET adAccounts/5/adCampaigns", first), ("GET adAccounts/5/adCampaigns", first)
    )
    with pytest.raises(BadAnswer, match="the same next page"):
        fetched(stream("linkedin", "campaigns"), client, "5", ALL)
    monkeypatch.setattr("connectors.linkedin.api.MOST_PAGES", 1)
    client = play("linkedin", ("GET adAccounts/5/adCampaigns", first))
    with pytest.raises(BadAnswer, match="no end after 1 pages"):
        fetched(stream("linkedin", "campaigns"), client, "5", ALL)
    ad = {"id": "urn:li:sponsoredCreative:8", "campaign": "urn:li:sponsoredCampaign:7"}
    client = play("linkedin", ("GET adAccounts/5/creatives", {"elements": [ad]}))
    rows, _ = fetched(stream("linkedin", "creatives"), client, "5", ALL)
    assert rows == [ad | {"creative_id": "8", "campaign_id": "7"}]


# -- errors and versions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "kind", "says"),
    [
        (426, "NONEXISTENT_VERSION", RetiredVersion, r"raise platforms\.linkedin\.version"),
        (401, "EXPIRED_ACCESS_TOKEN", BrokenToken, "LINKEDIN_TOKEN.*60 days"),
        (403, "ACCESS_DENIED", MissingPermission, "r_marketing_leadgen_automation"),
        (404, "NOT_FOUND", NotThere, "NOT_FOUND"),
        (400, "ILLEGAL_ARGUMENT", BadAnswer, "ILLEGAL_ARGUMENT"),
    ],
)
def test_linkedin_says_what_an_error_asks_for(status, code, kind, says):
    client = play("linkedin", (FORMS, {"status": status, "code": code, "message": "no"}, status))
    with pytest.raises(kind, match=says):
        fetched(stream("linkedin", "forms"), client, "5", ALL)


def test_linkedin_a_day_used_up_is_over_at_midnight_in_greenwich():
    told = {"message": "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."}
    headers = {"Date": "Fri, 20 Nov 2026 22:30:00 GMT"}
    assert judge(Answer(429, headers, told)).after == 5400
    assert judge(Answer(429, {"Retry-After": "7"}, told)).after == 7
    assert judge(Answer(429, {}, {"message": "Too many requests"})).after is None
    client = play("linkedin", (FORMS, told, 429, headers))
    with pytest.raises(PlatformDown, match="come back after"):
        fetched(stream("linkedin", "forms"), client, "5", ALL)


@pytest.mark.parametrize("status", [500, 503, 504])
def test_linkedin_tries_again_what_passes(status):
    client = play("linkedin", (FORMS, None, status), (FORMS, page({"id": 7})))
    assert len(fetched(stream("linkedin", "forms"), client, "5", ALL)[0]) == 1


def test_linkedin_a_version_lives_for_a_year():
    announced = linkedin.api_version({"version": "202601"})
    assert (announced.ends, announced.is_announced) == (date(2027, 1, 15), True)
    assert announced.is_ending(date(2026, 10, 17))
    assert not announced.is_ending(date(2026, 10, 16))
    assert announced.is_over(date(2027, 1, 15))
    pinned = linkedin.api_version({})
    assert (pinned.name, pinned.ends, pinned.is_announced) == ("202607", date(2027, 7, 15), False)
    assert linkedin.api_version({"version": 202608}).ends == date(2027, 8, 15)
    assert {linkedin.api_version({"version": odd}) for odd in ("202613", "v2", "2026-07", "")} == {None}


def test_linkedin_warns_before_its_version_ends(caplog):
    warn_of_end(linkedin, env({"version": "202601"}))
    assert "version 202601 ends on or after 2027-01-15: raise platforms.linkedin.version" in caplog.text
    caplog.clear()
    warn_of_end(linkedin, env())
    assert not caplog.records


# -- tokens ---------------------------------------------------------------------------------------

SECRETS = {
    "LINKEDIN_REFRESH_TOKEN": "first",
    "LINKEDIN_CLIENT_ID": "made-up-id",
    "LINKEDIN_CLIENT_SECRET": "made-up-secret",
}


def renewing(monkeypatch, told: Any, status: int = 200) -> list[dict]:
    """The log-in host answers this; what it was asked."""
    asked: list[dict] = []

    def read(self, method, url, how):
        asked.append({"url": url, **how})
        return Answer(status, {}, told)

    monkeypatch.setattr("connectors.client.Client._read", read)
    return asked


def test_linkedin_renews_its_token_at_the_log_in_host_and_warns_before_that_ends(monkeypatch, caplog):
    told = {"access_token": "a1", "expires_in": 5184000, "refresh_token_expires_in": 864000}
    asked = renewing(monkeypatch, told)
    client = play("linkedin", (FORMS, page()), (FORMS, page()), secrets=SECRETS)
    for _ in range(2):
        fetched(stream("linkedin", "forms"), client, "5", ALL)
    assert how_asked(client)["headers"]["Authorization"] == "Bearer a1"
    [once] = asked
    assert once["url"] == "https://www.linkedin.com/oauth/v2/accessToken"
    assert once["data"]["refresh_token"] == "first"
    assert "LINKEDIN_REFRESH_TOKEN ends in 10 days" in caplog.text
    assert "made-up-secret" not in caplog.text


def test_linkedin_a_refresh_token_that_ended_says_so(monkeypatch):
    told = {"error": "invalid_request", "error_description": "The provided refresh token is revoked"}
    renewing(monkeypatch, told, 400)
    client = play("linkedin", secrets=SECRETS)
    with pytest.raises(BrokenToken, match=r"LINKEDIN_REFRESH_TOKEN.*revoked"):
        fetched(stream("linkedin", "forms"), client, "5", ALL)


# -- webhook --------------------------------------------------------------------------------------

HINT = {
    "type": "LEAD_ACTION",
    "leadGenFormResponse": f"urn:li:leadGenFormResponse:{ROW['id']}",
    "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:5"},
    "leadAction": "CREATED",
    "occurredAt": 1780304400000,
}


def body(**more: Any) -> bytes:
    return json.dumps(HINT | more).encode()


def test_linkedin_signs_its_word_and_the_body():
    sent, secrets = body(), {"LINKEDIN_CLIENT_SECRET": "made-up"}
    right = hmac.new(b"made-up", b"hmacsha256=" + sent, hashlib.sha256).hexdigest()
    bare = hmac.new(b"made-up", sent, hashlib.sha256).hexdigest()
    assert verify({"x-li-signature": right}, sent, secrets)
    assert not verify({"x-li-signature": bare}, sent, secrets)
    assert not verify({"x-li-signature": right}, sent + b" ", secrets)
    assert not verify({"x-li-signature": right}, sent, {})
    assert not verify({}, sent, secrets)


def test_linkedin_without_a_secret_no_hand_is_shaken():
    code = "0f8fad5b-d9cb-469f-a165-70867728950e"
    assert handshake({"challengeCode": code}, {}) is None
    assert handshake({"challengeCode": code}, {"LINKEDIN_CLIENT_SECRET": "s"})["challengeCode"] == code


def test_linkedin_a_hint_is_followed_by_one_read():
    client = play("linkedin", (f"{LEADS}/{ROW['id']}", ROW))
    [hook] = receive(body(), client)
    assert (hook.stream, hook.account, hook.op) == ("leads", "5", "upsert")
    assert hook.rows == [ROW | PLACES], "as the list tells it"
    assert query_of(client).startswith("fields=id,")


def test_linkedin_what_is_deleted_is_not_read_and_is_a_fact():
    client = play("linkedin")
    [hook] = receive(body(leadAction="DELETED"), client)
    assert (hook.stream, hook.account, hook.op) == ("leads", "5", "delete")
    assert hook.rows == [{"id": ROW["id"], "occurredAt": 1780304400000}]
    organization = {"organization": "urn:li:organization:9"}
    [hook] = receive(body(leadAction="DELETED", owner=organization), client)
    assert hook.account == "organization-9"


def test_linkedin_a_lead_that_cannot_be_read_yet_stays_for_the_next_run():
    client = play("linkedin", (f"{LEADS}/{ROW['id']}", {"status": 404, "message": "no"}, 404))
    with pytest.raises(NotThere):
        list(receive(body(), client))


@pytest.mark.parametrize(
    "sent",
    [
        b"no",
        b"[1]",
        b"{}",
        b'"LEAD_ACTION"',
        body(leadGenFormResponse="urn:li:leadGenFormResponse:../adAccounts/5"),
        body(leadGenFormResponse=7),
        body(leadAction="UPDATED"),
        body(leadAction=None),
    ],
)
def test_linkedin_a_body_of_another_shape_is_named(sent):
    with pytest.raises(BadAnswer, match="linkedin webhook"):
        list(receive(sent, play("linkedin")))


def test_linkedin_other_notifications_are_passed_over():
    assert list(receive(b'{"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"}', play("linkedin"))) == []


# -- files ----------------------------------------------------------------------------------------

CELLS = {
    "lead_id": ROW["id"],
    "submitted_at": "2026-06-01 09:00:00",
    "campaign_name": "Été",
    "campaign_id": "7",
    "form_name": "Devis",
    "form_id": "31",
    "test_lead": "true",
    "your_email_address": "a@courriel.example",
    "votre_projet": "Une table",
}


def test_linkedin_a_line_of_the_file_is_a_lead_with_answers_in_their_own_words():
    headers = {"your_email_address": "Your email address", "votre_projet": "Votre projet ?"}
    row = linkedin.EXPORTS[0].to_row(CELLS, Reading(headers=headers))
    assert row == {
        "id": ROW["id"],
        "form_id": "31",
        "form_name": "Devis",
        "campaign_id": "7",
        "campaign_name": "Été",
        "submittedAt": "2026-06-01T09:00:00+00:00",
        "testLead": True,
        "answers": [
            {"field": "email", "value": "a@courriel.example"},
            {"field": "Votre projet ?", "value": "Une table"},
        ],
    }


def test_linkedin_a_file_that_numbers_nobody_gives_the_same_line_the_same_key():
    bare = {name: cell for name, cell in CELLS.items() if name != "lead_id"}
    first, again, other = (
        linkedin.EXPORTS[0].to_row(cells, Reading())["id"]
        for cells in (bare, dict(reversed(bare.items())), bare | {"submitted_at": "2026-06-01 09:00:01"})
    )
    assert first == again != other
    assert first.startswith("line-")


def test_linkedin_whom_no_file_numbers_is_one_in_another_language_and_with_a_column_more():
    read = linkedin.EXPORTS[0].to_row
    bare = {name: cell for name, cell in CELLS.items() if name != "lead_id"}
    french = bare | {"adresse_e_mail": bare["your_email_address"]}
    del french["your_email_address"]
    more = bare | {"creative_id": "8", "lead_type": "Sponsored", "autre_question": ""}
    fewer = {name: cell for name, cell in bare.items() if name not in ("form_id", "campaign_id", "test_lead")}
    ids = [read(cells, Reading())["id"] for cells in (bare, french, more, fewer)]
    assert len(set(ids)) == 1
    changed = [bare | {name: "x"} for name in ("form_name", "campaign_name", "votre_projet")]
    assert ids[0] not in {read(cells, Reading())["id"] for cells in changed}


def test_linkedin_columns_called_otherwise_and_boxes_are_mapped():
    columns = {"submission_date": "submitted_at", "ok": "consent_email"}
    cells = {"lead_id": "1", "submission_date": "2026-06-01", "ok": "x"}
    row = linkedin.EXPORTS[0].to_row(cells, Reading(columns, headers={"ok": "Stay in touch by e-mail?"}))
    assert row["submittedAt"] == "2026-06-01T00:00:00+00:00"
    assert row["answers"] == [{"field": "Stay in touch by e-mail?", "value": "yes"}]


def test_linkedin_a_file_of_several_accounts_is_found_by_its_form():
    two = {"ad_accounts": ["5", "6"]}
    client = play("linkedin", (FORMS, page({"id": 30})), (FORMS, page({"id": 31})), settings=two)
    assert account_of({"form_id": "31"}, client) == "6"
    assert account_of({"form_id": "99"}, client) is None
    assert account_of({}, client) is None
