"""Google Ads: a token that lives for an hour, chunks that leave zeroes out, a key inside what is pushed."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tape import Tape, env, fetched, how_asked, http_of, play, stream
from test_ads_fuzzed import WILD, places, spoilt

from connectors import google_ads
from connectors.client import Answer, Retry
from connectors.credentials import TokenStore
from connectors.google_ads.errors import judge
from connectors.google_ads.read import owner
from connectors.google_ads.receive import receive, verify
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingCredential,
    MissingPermission,
    NotThere,
    Reading,
    RetiredVersion,
    Since,
)

ALL = Since(None)
ACCOUNT = "1234567890"
SEARCH = f"POST v26/customers/{ACCOUNT}/googleAds:searchStream"
TOKEN = ("POST token", {"access_token": "made-up-1", "expires_in": 3599, "token_type": "Bearer"})


def chunks(*results: dict, at: str = SEARCH) -> tuple:
    return at, [{"results": list(results), "fieldMask": "x", "requestId": "r"}]


def failure(
    kind: str, code: str, *, status: int = 400, state: str = "INVALID_ARGUMENT", **more: object
) -> tuple:
    one = {"errorCode": {kind: code}, "message": "It is so.", **more}
    error = {"code": status, "message": "no", "status": state, "details": [{"errors": [one]}]}
    return SEARCH, [{"error": error}], status


def lead(**more: object) -> dict:
    data = {
        "resourceName": f"customers/{ACCOUNT}/leadFormSubmissionData/L1",
        "id": "L1",
        "asset": f"customers/{ACCOUNT}/assets/77",
        "campaign": f"customers/{ACCOUNT}/campaigns/9007199254740993",
        "adGroup": f"customers/{ACCOUNT}/adGroups/6",
        "adGroupAd": f"customers/{ACCOUNT}/adGroupAds/6~8",
        "gclid": "EAIaIQ",
        "submissionDateTime": "2026-10-02 09:15:00+02:00",
        "leadFormSubmissionFields": [{"fieldType": "EMAIL", "fieldValue": " a@courriel.example"}],
        "customLeadFormSubmissionFields": [{"questionText": "Votre projet ?", "fieldValue": "Une table"}],
    }
    return {"leadFormSubmissionData": data | more}


LEAD = {
    "lead_id": "L1",
    "form_id": "77",
    "campaign_id": "9007199254740993",
    "adgroup_id": "6",
    "ad_id": "8",
    "gclid": "EAIaIQ",
    "submitted_at": "2026-10-02 09:15:00+02:00",
    "told_by": "api",
    "answers": [
        {"field": "EMAIL", "value": "a@courriel.example"},
        {"field": "Votre projet ?", "value": "Une table"},
    ],
}


def leads(*answers: tuple, **how: object) -> list:
    client = play("google_ads", TOKEN, *answers, **how)
    return fetched(stream("google_ads", "leads"), client, ACCOUNT, ALL)[0]


def test_google_ads_a_lead_has_the_numbers_of_what_brought_it():
    assert leads(chunks(lead())) == [LEAD]
    # What is missing is left out, and so is a campaign of somebody who came otherwise.
    bare = {"leadFormSubmissionData": {"id": "L2"}}
    assert leads(chunks(bare)) == [{"lead_id": "L2", "told_by": "api", "answers": []}]


def test_google_ads_rows_of_all_chunks_count_and_an_empty_one_is_none():
    found = leads((SEARCH, [{"requestId": "r"}, {"results": [lead()]}, {"results": [lead(id="L2")]}]))
    assert [row["lead_id"] for row in found] == ["L1", "L2"]
    assert leads((SEARCH, [])) == []
    for wrong in ({"results": []}, [7], [{"results": 7}], "x"):
        with pytest.raises(BadAnswer, match="no rows"):
            leads((SEARCH, wrong))


def test_google_ads_names_developer_and_manager_and_bears_a_token():
    client = play("google_ads", TOKEN, chunks(), settings={"manager": "9876543210"})
    client.search(ACCOUNT, "SELECT customer.id FROM customer")
    asked = how_asked(client)
    assert asked["headers"] == {
        "developer-token": "made-up-google_ads_developer_token",
        "login-customer-id": "9876543210",
        "Authorization": "Bearer made-up-1",
    }
    assert asked["json"] == {"query": "SELECT customer.id FROM customer"}
    told = how_asked(client, 0)["data"]
    assert (told["grant_type"], told["refresh_token"]) == (
        "refresh_token",
        "made-up-google_ads_refresh_token",
    )


def test_google_ads_the_key_of_the_webhook_is_not_asked_for():
    client = play("google_ads", TOKEN, chunks({"asset": {"id": "7", "leadFormAsset": {"headline": "Hello"}}}))
    [row] = fetched(stream("google_ads", "forms"), client, ACCOUNT, ALL)[0]
    assert (row["form_id"], row["name"]) == ("7", "Hello")
    assert "delivery" not in how_asked(client)["json"]["query"]


def test_google_ads_a_token_that_ended_early_is_fetched_anew_once():
    ended = failure("authenticationError", "OAUTH_TOKEN_EXPIRED", status=401, state="UNAUTHENTICATED")
    fresh = ("POST token", TOKEN[1] | {"access_token": "made-up-2"})
    client = play("google_ads", TOKEN, ended, fresh, chunks(lead()))
    assert len(fetched(stream("google_ads", "leads"), client, ACCOUNT, ALL)[0]) == 1
    assert how_asked(client)["headers"]["Authorization"] == "Bearer made-up-2"
    client = play("google_ads", TOKEN, ended, fresh, ended)
    with pytest.raises(BrokenToken, match="GOOGLE_ADS_REFRESH_TOKEN"):
        client.search(ACCOUNT, "x")


def test_google_ads_a_token_is_kept_for_its_hour(tmp_path):
    one = env({"customers": [ACCOUNT]})
    for answers in ((TOKEN, chunks()), (chunks(),)):
        kept = type(one)(one.settings, one.secrets, TokenStore(tmp_path / "tokens.json"), one.now, one.sleep)
        told = [dict(zip(("asked", "body"), answer, strict=False)) for answer in answers]
        client = Tape(told).into(google_ads.client(kept))
        client.search(ACCOUNT, "x")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, "seven days"),
        ({"error": "invalid_client"}, "GOOGLE_ADS_CLIENT_SECRET"),
        ({"error": "unauthorized_client"}, "another app"),
    ],
)
def test_google_ads_says_what_is_wrong_with_the_refresh_token(answer, says):
    with pytest.raises(BrokenToken, match=says):
        play("google_ads", ("POST token", answer, 400)).search(ACCOUNT, "x")
    for odd in ({"access_token": 7}, {}, []):
        with pytest.raises(BadAnswer, match="no access_token"):
            play("google_ads", ("POST token", odd)).search(ACCOUNT, "x")


@pytest.mark.parametrize(
    ("kind", "code", "status", "error", "says"),
    [
        ("authorizationError", "USER_PERMISSION_DENIED", 403, MissingPermission, r"google_ads\.manager"),
        ("authorizationError", "DEVELOPER_TOKEN_NOT_APPROVED", 403, MissingPermission, "basic access"),
        ("queryError", "REQUESTED_METRICS_FOR_MANAGER", 400, MissingPermission, r"google_ads\.customers"),
        ("authenticationError", "CUSTOMER_NOT_FOUND", 401, NotThere, r"google_ads\.customers"),
        ("authenticationError", "DEVELOPER_TOKEN_INVALID", 401, BrokenToken, "DEVELOPER_TOKEN"),
        ("requestError", "UNSUPPORTED_VERSION", 400, RetiredVersion, r"google_ads\.version"),
        ("queryError", "UNRECOGNIZED_FIELD", 400, BadAnswer, "UNRECOGNIZED_FIELD"),
    ],
)
def test_google_ads_says_what_an_error_asks_for(kind, code, status, error, says):
    answers = [TOKEN, failure(kind, code, status=status)]
    answers += [TOKEN, answers[1]] if error is BrokenToken else []
    with pytest.raises(error, match=says):
        play("google_ads", *answers).search(ACCOUNT, "x")


def test_google_ads_a_call_that_is_gone_is_a_version_that_is_gone():
    with pytest.raises(RetiredVersion, match=r"platforms\.google_ads\.version"):
        play("google_ads", TOKEN, (SEARCH, None, 404)).search(ACCOUNT, "x")
    assert google_ads.api_version({}).name == "v26"
    assert google_ads.api_version({"version": "v22"}) is None


def test_google_ads_waits_as_long_as_it_is_told_and_for_what_passes():
    details = {"quotaErrorDetails": {"retryDelay": "30s"}}
    code = "RESOURCE_TEMPORARILY_EXHAUSTED"
    _, body, status = failure("quotaError", code, status=429, state="RESOURCE_EXHAUSTED", details=details)
    told = judge(Answer(status, {}, body))
    assert isinstance(told, Retry)
    assert told.after == 30
    assert isinstance(judge(Answer(503, {}, [{"error": {"code": 503, "status": "UNAVAILABLE"}}])), Retry)
    assert isinstance(judge(Answer(500, {}, {"error": "internal_failure"})), Retry)
    # An error after good chunks comes with status 200.
    late = [{"results": [lead()]}, {"error": {"code": 500, "status": "INTERNAL"}}]
    assert isinstance(judge(Answer(200, {}, late)), Retry)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_google_ads_no_error_is_taken_for_an_answer(data):
    details = {"quotaErrorDetails": {"retryDelay": "30s"}}
    whole = failure("quotaError", "RESOURCE_EXHAUSTED", status=429, details=details)[1]
    place = data.draw(st.sampled_from([path for path in places(whole) if path]))
    told = judge(Answer(429, {}, spoilt(whole, place, data.draw(WILD))))
    assert isinstance(told, Retry | ConnectorError)


def test_google_ads_needs_to_be_told_its_accounts_as_digits():
    accounts = stream("google_ads", "leads").accounts
    with pytest.raises(MissingPermission, match=r"platforms\.google_ads\.customers"):
        accounts(google_ads.client(env()))
    with pytest.raises(BadAnswer, match="digits alone"):
        accounts(google_ads.client(env({"customers": ["123-456-7890"]})))
    # Without any access: nothing is asked for before the first call.
    bare = google_ads.client(env({"customers": [ACCOUNT]}, {}))
    assert accounts(bare) == [ACCOUNT]
    with pytest.raises(MissingCredential, match="GOOGLE_ADS_"):
        bare.search(ACCOUNT, "x")


# -- figures --------------------------------------------------------------------------------------


def day(ad: str, on: str, **more: object) -> dict:
    return {"adGroupAd": {"ad": {"id": ad}}, "segments": {"date": on}, **more}


def test_google_ads_asks_days_in_the_accounts_own_zone_and_leads_apart():
    info = chunks({"customer": {"id": ACCOUNT, "timeZone": "Pacific/Auckland"}})
    cost = chunks(day("1", "2026-11-01", metrics={"costMicros": "5"}), day("2", "2026-11-01"))
    won = chunks(
        day("1", "2026-11-01", metrics={"allConversions": 1.5}),
        day("3", "2026-11-02", metrics={"allConversions": 1.0}),
    )
    client = play("google_ads", TOKEN, info, cost, won)
    since = Since(datetime(2026, 10, 28, tzinfo=UTC))
    rows, _ = fetched(stream("google_ads", "ad_days"), client, ACCOUNT, since)
    assert [(row["adGroupAd"]["ad"]["id"], row.get("leads")) for row in rows] == [
        ("1", 1.5),
        ("2", None),
        ("3", 1.0),
    ]
    first, second = (how_asked(client, place)["json"]["query"] for place in (2, 3))
    # At noon in Greenwich it is tomorrow there.
    assert "BETWEEN '2026-10-28' AND '2026-11-21'" in first
    assert "metrics.cost_micros" in first
    assert "conversion_action_category" not in first
    assert "SUBMIT_LEAD_FORM" in second
    assert "cost_micros" not in second


# -- webhook --------------------------------------------------------------------------------------

KEY = {"GOOGLE_ADS_WEBHOOK_KEY": "made-up"}
PUSHED = {
    "lead_id": "L1",
    "user_column_data": [
        {"column_id": "EMAIL", "column_name": "User Email", "string_value": "a@courriel.example"},
        {"column_name": "Votre projet ?", "string_value": "Une table "},
        {"column_id": "PHONE_NUMBER", "string_value": ""},
    ],
    "api_version": "1.0",
    "form_id": 77,
    "campaign_id": 9007199254740993,
    "adgroup_id": 6,
    "creative_id": 8,
    "google_key": "made-up",
    "gcl_id": "EAIaIQ",
    "lead_submit_time": "2026-10-02T07:15:00Z",
    "lead_stage": "SUBMITTED",
}


def pushed(**more: object) -> dict:
    client = google_ads.client(env({"customers": [ACCOUNT]}, {}))
    [hook] = receive(json.dumps(PUSHED | more).encode(), client)
    assert (hook.stream, hook.account) == ("leads", ACCOUNT)
    return hook.rows[0]


def test_google_ads_the_key_is_in_the_body():
    body = json.dumps(PUSHED).encode()
    assert verify({}, body, KEY)
    assert not verify({}, body, {})
    assert not verify({}, json.dumps(PUSHED | {"google_key": "another"}).encode(), KEY)
    assert not verify({}, json.dumps(PUSHED | {"google_key": ""}).encode(), {"GOOGLE_ADS_WEBHOOK_KEY": ""})
    for wrong in (
        b"",
        b"[]",
        b"7",
        b'"made-up"',
        b"[" * 100_000,
        b'{"google_key": ["made-up"]}',
        b'{"google_key": "\\ud800"}',
        b"\xff",
    ):
        assert not verify({}, wrong, KEY)


def test_google_ads_a_push_is_what_the_api_will_tell_and_keeps_no_key():
    row = pushed()
    told = {"told_by": "webhook", "submitted_at": "2026-10-02T07:15:00Z", "lead_stage": "SUBMITTED"}
    assert row == LEAD | told
    assert "made-up" not in json.dumps(row)
    # Older bodies say less; campaigns of none are 0.
    bare = pushed(campaign_id=0, lead_submit_time=None, gcl_id="", adgroup_id=None)
    assert not {"campaign_id", "submitted_at", "gclid", "adgroup_id", "is_test"} & set(bare)


def test_google_ads_a_test_is_marked_and_a_word_of_theirs_is_kept_where_no_words_are():
    slug = [{"column_id": "WHICH_TABLE", "string_value": "Round"}]
    row = pushed(is_test=True, user_column_data=slug)
    assert row["is_test"] is True
    assert row["answers"] == [{"field": "WHICH_TABLE", "value": "Round"}]


@pytest.mark.parametrize(
    "body", [b"no", b"[1]", b"{}", b'{"lead_id": "", "user_column_data": []}', b'{"lead_id": 7}']
)
def test_google_ads_a_body_of_another_shape_is_refused(body):
    with pytest.raises(BadAnswer, match="not the documented shape"):
        list(receive(body, None))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(places(PUSHED))), WILD)
def test_google_ads_a_pushed_body_is_read_or_refused_with_its_reason(place, wild):
    client = google_ads.client(env({"customers": [ACCOUNT]}, {}))
    try:
        body = json.dumps(spoilt(PUSHED, place, wild)).encode()
        hooks = list(receive(body, client))
    except BadAnswer as error:
        assert "not the documented shape" in str(error)
        return
    assert all(
        isinstance(row["lead_id"], str) and "google_key" not in row for hook in hooks for row in hook.rows
    )


def test_google_ads_of_several_accounts_a_form_tells_whose_a_lead_is():
    two = {"customers": ["1", "2"]}
    at = "POST v26/customers/{}/googleAds:searchStream".format
    forms = (TOKEN, chunks({"asset": {"id": "70"}}, at=at(1)), chunks({"asset": {"id": "77"}}, at=at(2)))
    client = play("google_ads", *forms, settings=two)
    [hook] = receive(json.dumps(PUSHED).encode(), client)
    assert hook.account == "2"
    assert owner({"form_id": "70"}, client) == "1"
    assert owner({}, client) is None
    assert len(http_of(client).tape.asked) == 3, "asked once"
    with pytest.raises(NotThere, match="none of"):
        list(receive(json.dumps(PUSHED | {"form_id": 5}).encode(), client))


# -- files ----------------------------------------------------------------------------------------

LINE = {
    "id_du_prospect": "L1",
    "heure_d_envoi": "2026-10-02 09:15:00+02:00",
    "id_du_formulaire": "77",
    "id_de_la_campagne": "9007199254740993",
    "ad_group_id": "6",
    "creative_id": "8",
    "gclid": "EAIaIQ",
    "user_email": "a@courriel.example",
    "votre_projet": "Une table",
}


def line(cells: dict, **columns: str) -> dict:
    [export] = google_ads.EXPORTS
    headers = {"votre_projet": "Votre projet ?", "stay": "Stay in touch by e-mail?"}
    return export.to_row(cells, Reading({**export.known, **columns}, headers=headers))


def test_google_ads_a_line_is_what_the_api_will_tell():
    assert line(LINE) == LEAD | {"told_by": "file", "submitted_at": "2026-10-02T07:15:00+00:00"}


def test_google_ads_a_line_without_an_id_has_the_same_one_each_time():
    cells = {name: cell for name, cell in LINE.items() if name != "id_du_prospect"}
    first, again, other = line(cells), line(dict(cells)), line(cells | {"gclid": "y"})
    assert first["lead_id"] == again["lead_id"] != other["lead_id"]
    assert first["lead_id"].startswith("line-")
    fewer = {name: cell for name, cell in cells.items() if name not in ("id_du_formulaire", "ad_group_id")}
    english = cells | {"your_project": cells["votre_projet"]}
    del english["votre_projet"]
    assert {line(one)["lead_id"] for one in (fewer, english)} == {first["lead_id"]}


def test_google_ads_a_mapped_box_keeps_its_words():
    row = line({"stay": "x", "lead_id": "1"}, stay="consent_email")
    assert row["answers"] == [{"field": "Stay in touch by e-mail?", "value": "yes"}]
