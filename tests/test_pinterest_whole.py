"""Pinterest from its platform to the contracts: leads by API, by file and by both, figures by day."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import inside
import pytest
import requests
from homes import make_company
from hypothesis import given
from hypothesis import strategies as st
from spoiling import FUZZED, land_spoilt, none_held_without_reason
from tape import fetched, module, stream
from ways import WAYS, build, client_of, from_file, land, of

from connectors.stream import BrokenToken, Since
from pipelines import raw
from pipelines.home import Home
from pipelines.warehouse_file import warehouse
from simulator.clock import end_of
from simulator.company import make, with_ad_platforms
from simulator.fleet import FLEET
from simulator.model import Company
from simulator.server import running

pytestmark = pytest.mark.slow

TOOL, MIXES, UNTIL = "pinterest", ("a", "f", "af"), date(2026, 11, 20)
STREAMS = {one.name: one for one in module(TOOL).STREAMS}
ACCOUNT = FLEET[TOOL].account
LEADS = stream(TOOL, "leads")


@pytest.fixture(scope="module")
def company() -> Company:
    return with_ad_platforms(make(260, 9, UNTIL), TOOL)


@pytest.fixture(scope="module")
def kept(company: Company) -> set[str]:
    """Leads of people of the last thirty days."""
    oldest = (end_of(UNTIL) - timedelta(days=30)).date()
    return {
        lead.lead_id
        for lead in company.leads
        if lead.platform == TOOL and lead.person_id and lead.created_at.date() > oldest
        and lead.visible_at <= end_of(UNTIL)
    }  # fmt: skip


@pytest.fixture(scope="module")
def rows(company, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[Any]]:
    """(stream, way) -> rows as they should be."""
    here, found = make_company(tmp_path_factory.mktemp("rows")).home, {}
    with running(company) as base_url:
        client = client_of(TOOL, base_url)
        for name, one in STREAMS.items():
            found[name, "a"], _ = fetched(one, client, ACCOUNT, Since(None))
    files = FLEET[TOOL].files(company, here.root / "exports")
    found["leads", "f"] = [row for path in files for row in from_file(here, path, TOOL)]
    return found


@pytest.fixture(scope="module")
def told(rows, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    here: Home = make_company(tmp_path_factory.mktemp("pinterest")).home
    with warehouse(here) as con:
        raw.ensure(con)
        for (name, way), found in sorted(rows.items(), reverse=True):
            land(here, con, TOOL, STREAMS[name], WAYS[way], {mix: found for mix in MIXES if way in mix})
    build(here)
    inside.dbt(here.warehouse, "run", "--select", "stg_pinterest__figures")
    with duckdb.connect(str(here.warehouse), read_only=True) as con:
        yield con


def test_every_lead_is_told_by_both_ways(kept, rows):
    for way in "af":
        assert {row["lead_id"] for row in rows["leads", way]} == kept, way
    assert len(kept) > 5


def test_each_way_and_mix_tells_the_same_people_and_story(told, kept):
    who = "email, phone, first_name, last_name, full_name, company, created_at"
    people = {mix: of(told, TOOL, mix, who, "contracts.profiles") for mix in MIXES}
    story = {
        mix: of(told, TOOL, mix, "event_type, occurred_at, channel, campaign_id", "contracts.events")
        for mix in MIXES
    }
    assert {row[0] for row in people["a"]} == kept
    assert {row[1:4:2] for row in story["a"]} == {("lead_created", TOOL)}
    assert people["a"] == people["f"] == people["af"]
    assert story["a"] == story["f"] == story["af"]


def test_each_way_and_mix_tells_the_same_yes(told, company):
    columns = "channel, act, contact_value, occurred_at, wording_text"
    acts = {
        mix: of(told, TOOL, mix, columns, "contracts.int_platform_acts", "basis = 'consent'") for mix in MIXES
    }
    assert ("email", "grant") in {row[1:3] for row in acts["a"]}
    assert {row[2] for row in acts["a"]} == {"grant"}
    shown = {box.text for form in company.forms if form.platform == TOOL for box in form.boxes}
    assert all(any(text in row[5] for text in shown) for row in acts["a"])
    assert acts["a"] == acts["f"] == acts["af"]


def test_figures_add_up_to_what_the_campaigns_spent(told, company):
    first = UNTIL - timedelta(days=89)
    own = {one.campaign_id: one.name for one in company.campaigns if one.platform == TOOL}
    days = [
        day
        for day in company.campaign_days
        if day.campaign_id in own and day.day >= first and day.impressions
    ]
    spent = told.execute(
        "select campaign_id, any_value(campaign_name), sum(cost), sum(impressions), sum(clicks),"
        " sum(leads_claimed) from staging.stg_pinterest__figures where account = 'a' group by campaign_id"
    ).fetchall()
    expected = {
        number: (
            sum(
                (day.spend.quantize(Decimal("0.01")) for day in days if day.campaign_id == number), Decimal(0)
            ),
            sum(day.impressions for day in days if day.campaign_id == number),
            sum(day.clicks for day in days if day.campaign_id == number),
            sum(day.leads for day in days if day.campaign_id == number),
        )
        for number in {day.campaign_id for day in days}
    }
    assert {row[0]: row[2:] for row in spent} == expected
    assert {row[0]: row[1] for row in spent} == {number: own[number] for number in expected}
    assert len(spent) > 3


@pytest.mark.parametrize("seed", range(2))
def test_every_fault_at_once_hides_nobody_for_good(company, kept, seed, monkeypatch):
    monkeypatch.setattr("connectors.pinterest.api.LARGEST", 7)
    found: set[str] = set()
    with running(company, "nasty", seed) as base_url:
        requests.post(f"{base_url}/_sim/faults", json={"wait_seconds": 0, "slow_seconds": 0.01}, timeout=5)
        client = client_of(TOOL, base_url, longest_wait_seconds=0.01)
        for _ in range(4):
            try:
                rows, _ = fetched(LEADS, client, ACCOUNT, Since(None))
            except BrokenToken:
                continue  # the next run
            found |= {row["lead_id"] for row in rows}
    assert found == kept


@FUZZED
@given(data=st.data())
def test_answers_of_any_shape_land_or_are_held_with_a_reason(rows, tmp_path_factory, data):
    here = make_company(tmp_path_factory.mktemp("fuzzed")).home
    with warehouse(here) as con:
        raw.ensure(con)
        for (name, way), found in rows.items():
            some = sorted(found, key=lambda row: -len(str(row)))[:3]
            land_spoilt(here, con, TOOL, STREAMS[name], WAYS[way], some, data)
        none_held_without_reason(con)
    inside.dbt(here.warehouse, "run", "--select", "+stg_pinterest__answers", "+stg_pinterest__figures")
