"""The simulated ad platforms: as nasty as any, and nobody is hidden for good."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
import requests
from tape import env, fetched, module, stream

from connectors.stream import BrokenToken, Since
from simulator import home
from simulator.clock import end_of
from simulator.company import AD_ACCOUNTS, make, with_ad_platforms
from simulator.model import Company
from simulator.platforms.tiktok.nodes import COLUMNS
from simulator.server import running

UNTIL = date(2026, 11, 20)
TIKTOK = AD_ACCOUNTS["tiktok"]
HEADERS = {"Access-Token": home.SECRETS["TIKTOK_TOKEN"]}


@pytest.fixture(scope="module")
def company() -> Company:
    return with_ad_platforms(make(70, 7, UNTIL), "tiktok")


@contextmanager
def asking(company: Company, faults: str = "none", seed: int = 0) -> Iterator[tuple[Any, str]]:
    """A client of the simulated TikTok, and where that is."""
    with running(company, faults, seed) as base_url:
        requests.post(f"{base_url}/_sim/faults", json={"wait_seconds": 0, "slow_seconds": 0.01}, timeout=5)
        mine = {"base_url": f"{base_url}/tiktok", "per_second": 10_000, "poll_seconds": 0}
        yield module("tiktok").client(env(home.AD_PLATFORMS["tiktok"] | mine, home.SECRETS)), base_url


def shown(company: Company) -> set[str]:
    oldest = end_of(UNTIL) - timedelta(days=90)
    return {lead.lead_id for lead in company.leads if lead.platform == "tiktok" and lead.created_at >= oldest}


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
    assert found == shown(company)
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
