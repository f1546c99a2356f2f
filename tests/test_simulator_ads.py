"""The simulated ad platforms: as nasty as any, and nobody is hidden for good."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
import requests
from tape import env, fetched, module, stream

from connectors.google_ads.fetch import LEADS
from connectors.stream import BadAnswer, BrokenToken, MissingPermission, PlatformDown, Since
from simulator import home
from simulator.clock import end_of
from simulator.company import AD_ACCOUNTS, make, with_ad_platforms
from simulator.model import Company
from simulator.platforms.tiktok.nodes import COLUMNS
from simulator.server import World, running
from simulator.wire import Call

UNTIL = date(2026, 11, 20)
TIKTOK, GOOGLE = AD_ACCOUNTS["tiktok"], AD_ACCOUNTS["google_ads"]
KEPT = {"tiktok": timedelta(days=90), "linkedin": timedelta(days=90), "google_ads": timedelta(days=60)}
HEADERS = {"Access-Token": home.SECRETS["TIKTOK_TOKEN"]}


@pytest.fixture(scope="module")
def company() -> Company:
    return with_ad_platforms(make(70, 7, UNTIL), *AD_ACCOUNTS)


@contextmanager
def asking(
    company: Company, faults: str = "none", seed: int = 0, platform: str = "tiktok"
) -> Iterator[tuple[Any, str]]:
    """A client of a simulated platform, and where that is."""
    with running(company, faults, seed) as base_url:
        requests.post(f"{base_url}/_sim/faults", json={"wait_seconds": 0, "slow_seconds": 0.01}, timeout=5)
        mine = {"base_url": f"{base_url}/{platform}", "per_second": 10_000, "poll_seconds": 0}
        yield module(platform).client(env(home.AD_PLATFORMS[platform] | mine, home.SECRETS)), base_url


def shown(company: Company, platform: str) -> set[str]:
    oldest = end_of(UNTIL) - KEPT[platform]
    found = [one for one in company.leads if one.platform == platform and one.created_at >= oldest]
    # Google pushes tests and lists none.
    return {lead.lead_id for lead in found if lead.person_id or platform != "google_ads"}


@pytest.mark.parametrize("seed", range(2))
def test_tiktok_every_fault_at_once_hides_nobody_for_good(company: Company, seed: int) -> None:
    found: set[str] = set()
    with asking(company, "nasty", seed) as (client, base_url):
        # The second half of them in zips.
        for packed_above in (10**7, 10**7, 10, 10):
            wish = {"platform": "tiktok", "packed_above": packed_above}
            requests.post(f"{base_url}/_sim/settings", json=wish, timeout=5).raise_for_status()
            try:
                rows, _ = fetched(stream("tiktok", "leads"), client, TIKTOK, Since(None))
            except BrokenToken as error:
                assert "TIKTOK_TOKEN" in str(error)
                continue
            found |= {row["lead_id"] for row in rows}
    assert found == shown(company, "tiktok")
    assert len(found) > 5


def test_tiktok_forgets_leads_after_ninety_days(company: Company) -> None:
    later = end_of(UNTIL) + timedelta(days=90)
    with asking(company) as (client, base_url):
        requests.post(f"{base_url}/_sim/clock", json={"now": later.isoformat()}, timeout=5).raise_for_status()
        assert fetched(stream("tiktok", "leads"), client, TIKTOK, Since(None))[0] == []


def test_tiktok_a_file_is_of_one_region_and_lives_for_ten_minutes(company: Company) -> None:
    form = next(f.form_id for f in company.forms if f.platform == "tiktok" and f.locale == "fr_FR")
    with asking(company) as (_, base_url):
        api = f"{base_url}/tiktok/open_api/v1.3/page/lead/task/"
        files = {}
        for region in ("", "eu", "us"):
            headers = HEADERS | ({"x-lead-region": region} if region else {})
            asked = {"advertiser_id": TIKTOK, "page_id": form}
            states = []
            for _ in range(4):
                told = requests.post(api, json=asked, headers=headers, timeout=5).json()["data"]
                states.append(told["status"])
                asked["task_id"] = told["task_id"]
            assert states == ["CREATED", "RUNNING", "RUNNING", "SUCCEED"]
            where = {"advertiser_id": TIKTOK, "task_id": asked["task_id"]}
            content = requests.get(f"{api}download/", where, headers=headers, timeout=5).content
            files[region] = content.decode("utf-8-sig")
        lines = {region: text.count("\r\n") for region, text in files.items()}
        assert (lines[""], lines["us"]) == (1, 0)
        assert lines["eu"] > 1
        assert set(COLUMNS) <= set(files["eu"].splitlines()[0].split(","))
        later = (end_of(UNTIL) + timedelta(minutes=11)).isoformat()
        requests.post(f"{base_url}/_sim/clock", json={"now": later}, timeout=5)
        gone = requests.get(f"{api}download/", where, headers=headers, timeout=5)
    assert (gone.status_code, gone.json()["code"]) == (200, 40002)


# -- LinkedIn -------------------------------------------------------------------------------------

LINKEDIN = AD_ACCOUNTS["linkedin"]
OWNER = f"owner=(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A{LINKEDIN})"
ASKS = {
    "Authorization": f"Bearer {home.SECRETS['LINKEDIN_TOKEN']}",
    "LinkedIn-Version": "202607",
    "X-Restli-Protocol-Version": "2.0.0",
}


def leads_of(client: Any) -> list[Any]:
    return fetched(stream("linkedin", "leads"), client, LINKEDIN, Since(None))[0]


@pytest.mark.parametrize("seed", range(2))
def test_linkedin_every_fault_at_once_hides_nobody_for_good(company: Company, seed: int) -> None:
    found: set[str] = set()
    with asking(company, "nasty", seed, "linkedin") as (client, _):
        for _ in range(4):
            try:
                found |= {row["id"] for row in leads_of(client)}
            except BrokenToken as error:
                assert "LINKEDIN_TOKEN" in str(error)
    assert found == shown(company, "linkedin")
    assert len(found) > 5


def test_linkedin_forgets_leads_after_ninety_days_and_what_is_deleted(company: Company) -> None:
    with asking(company, platform="linkedin") as (client, base_url):
        key = leads_of(client)[0]["id"]
        wish = {"platform": "linkedin", "delete": key}
        requests.post(f"{base_url}/_sim/settings", json=wish, timeout=5).raise_for_status()
        assert {row["id"] for row in leads_of(client)} == shown(company, "linkedin") - {key}
        later = (end_of(UNTIL) + timedelta(days=90)).isoformat()
        requests.post(f"{base_url}/_sim/clock", json={"now": later}, timeout=5).raise_for_status()
        assert leads_of(client) == []


def versions_of(rows: list[Any], row: Any) -> set[str]:
    return {other["form_version"] for other in rows if other["form_id"] == row["form_id"]}


def test_linkedin_an_edited_form_numbers_its_questions_anew(company: Company) -> None:
    with asking(company, platform="linkedin") as (client, _):
        rows = leads_of(client)
        forms, _ = fetched(stream("linkedin", "forms"), client, LINKEDIN, Since(None))
    now = {form["form_id"]: {one["questionId"] for one in form["content"]["questions"]} for form in forms}
    stale = [row for row in rows if row["form_version"] == "1" and len(versions_of(rows, row)) == 2]
    assert stale, "no form has leads of both versions"
    for row in rows:
        answered = {answer["questionId"] for answer in row["formResponse"]["answers"]}
        assert answered <= {one["questionId"] for one in row["form"]["content"]["questions"]}
        assert row not in stale or not answered & now[row["form_id"]], "today's form would do as well"


@pytest.mark.parametrize(
    ("query", "headers", "status", "code"),
    [
        (f"q=owner&{OWNER}", {}, 200, None),
        (f"q=owner&{OWNER}", {"LinkedIn-Version": ""}, 400, "VERSION_MISSING"),
        (f"q=owner&{OWNER}", {"LinkedIn-Version": "202506"}, 426, "NONEXISTENT_VERSION"),
        (f"q=owner&{OWNER}", {"X-Restli-Protocol-Version": "1.0.0"}, 400, "ILLEGAL_ARGUMENT"),
        (f"q=owner&{OWNER}", {"Authorization": "Bearer x"}, 401, "INVALID_ACCESS_TOKEN"),
        # As libraries for HTTP would write it, and as nobody may.
        (f"q=owner&{OWNER.replace('(', '%28').replace(')', '%29')}", {}, 400, "ILLEGAL_ARGUMENT"),
        (f"q=owner&{OWNER.replace('%3A', ':')}", {}, 400, "ILLEGAL_ARGUMENT"),
        (f"q=owner&{OWNER[:-1]}", {}, 400, "ILLEGAL_ARGUMENT"),
        (f"q=owner&{OWNER.replace(LINKEDIN, '7')}", {}, 403, "ACCESS_DENIED"),
        (f"q=owner&{OWNER}&count=1001", {}, 400, "ILLEGAL_ARGUMENT"),
    ],
)
def test_linkedin_minds_how_it_is_asked(
    company: Company, query: str, headers: dict[str, str], status: int, code: str | None
) -> None:
    told = {name.lower(): value for name, value in (ASKS | headers).items() if value}
    answer = (
        World(company)
        .platforms["linkedin"]
        .answer(Call("GET", "rest/leadForms", headers=told, raw_query=query))
    )
    assert (answer.status, answer.body.get("code")) == (status, code)


def test_linkedin_a_quota_used_up_is_said_with_when_it_is_over(company: Company) -> None:
    with asking(company, platform="linkedin") as (client, base_url):
        wish = {"platform": "linkedin", "limited": True}
        requests.post(f"{base_url}/_sim/settings", json=wish, timeout=5).raise_for_status()
        with pytest.raises(PlatformDown, match=r"DAY limit.*come back after"):
            leads_of(client)


# -- Google Ads ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_google_ads_every_fault_at_once_hides_nobody_for_good(company: Company, seed: int) -> None:
    found: set[str] = set()
    with asking(company, "nasty", seed, "google_ads") as (client, _):
        for _ in range(3):
            rows, _ = fetched(stream("google_ads", "leads"), client, GOOGLE, Since(None))
            found |= {row["lead_id"] for row in rows}
    assert found == shown(company, "google_ads")
    assert len(found) > 5


def test_google_ads_leads_are_more_than_any_answer_may_hold(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with asking(company, platform="google_ads") as (client, _):
        monkeypatch.setattr("connectors.client.LARGEST_ANSWER", 1_000)
        monkeypatch.setattr("connectors.json_rows.LOT", 2)
        lots = list(stream("google_ads", "leads").fetch(client, GOOGLE, Since(None)))
        # What is held as a whole has an end.
        with pytest.raises(BadAnswer, match="above 128 MiB"):
            client.search(GOOGLE, LEADS)
    assert len(lots) > 1
    assert {row["lead_id"] for lot in lots for row in lot.rows} == shown(company, "google_ads")


def test_google_ads_an_answer_cut_in_its_middle_is_asked_for_again(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.json_rows.LOT", 1)
    monkeypatch.setattr("connectors.client.PIECE", 200)
    with asking(company, platform="google_ads") as (client, base_url):
        wish = {"faults": {"cut": 1.0}, "seed": 3}
        requests.post(f"{base_url}/_sim/faults", json=wish, timeout=5).raise_for_status()
        lots = stream("google_ads", "leads").fetch(client, GOOGLE, Since(None))
        found = [row["lead_id"] for lot in lots for row in lot.rows]
        fired = requests.get(f"{base_url}/_sim/stats", timeout=5).json()["faults"]
    assert fired["google_ads"]["cut"] > 0
    assert set(found) == shown(company, "google_ads")
    # What had come before the cut came twice.
    assert len(found) > len(set(found))


def test_google_ads_forgets_leads_after_sixty_days(company: Company) -> None:
    later = end_of(UNTIL) + timedelta(days=60)
    with asking(company, platform="google_ads") as (client, base_url):
        assert fetched(stream("google_ads", "leads"), client, GOOGLE, Since(None))[0] != []
        requests.post(f"{base_url}/_sim/clock", json={"now": later.isoformat()}, timeout=5).raise_for_status()
        assert fetched(stream("google_ads", "leads"), client, GOOGLE, Since(None))[0] == []


DAYS = "segments.date BETWEEN '2026-10-22' AND '2026-11-20'"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT campaign.budget FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT asset.lead_form_asset.delivery_methods FROM asset", "UNRECOGNIZED_FIELD"),
        ("SELECT metrics.clicks FROM campaign", "EXPECTED_FILTERS_ON_DATE_RANGE"),
        ("SELECT customer.id FROM people", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"),
        ("SELECT customer.id", "UNEXPECTED_END_OF_QUERY"),
        ("SELECT customer.id FROM customer WHERE customer.id > 7", "UNEXPECTED_INPUT"),
        (
            "SELECT metrics.cost_micros, segments.conversion_action_category FROM campaign WHERE " + DAYS,
            "PROHIBITED_SEGMENT_WITH_METRIC",
        ),
    ],
)
def test_google_ads_refuses_what_google_would(company: Company, query: str, code: str) -> None:
    with asking(company, platform="google_ads") as (client, _), pytest.raises(BadAnswer, match=code):
        client.search(GOOGLE, query)


def test_google_ads_leaves_zeroes_out_and_shows_no_account_to_strangers(company: Company) -> None:
    with asking(company, platform="google_ads") as (client, base_url):
        rows = client.search(
            GOOGLE, f"SELECT metrics.engagements, metrics.clicks FROM ad_group_ad WHERE {DAYS}"
        )
        assert rows
        assert all("0" not in row.get("metrics", {}).values() for row in rows)
        with pytest.raises(MissingPermission, match="manager"):
            client.search("999", "SELECT customer.id FROM customer")
        api = f"{base_url}/google_ads/{{}}/customers/{GOOGLE}/googleAds:searchStream"
        old = requests.post(api.format("v22"), json={}, timeout=5)
        assert "UNSUPPORTED_VERSION" in old.text
        assert requests.post(api.format("v1"), json={}, timeout=5).status_code == 404
