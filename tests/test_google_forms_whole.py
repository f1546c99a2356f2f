"""Google Forms from its platform to the contracts: by API, by file and by both the same, and nobody twice.

A file numbers nobody, so what is told twice is found by the person and the second.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import inside
import pytest
import requests
from homes import make_company
from hypothesis import given
from hypothesis import strategies as st
from spoiling import FUZZED, land_spoilt, none_held_without_reason
from tape import fetched, stream
from troubled import read_whole
from ways import WAYS, build, client_of, from_file, land, of

from connectors.stream import Since
from pipelines import raw
from pipelines.home import Home
from pipelines.warehouse_file import warehouse
from simulator.company import make, with_form_tools
from simulator.fleet import FLEET
from simulator.model import Company
from simulator.server import running

pytestmark = pytest.mark.slow

TOOL, MIXES = "google_forms", ("a", "f", "af")
FORMS, RESPONSES = stream(TOOL, "forms"), stream(TOOL, "responses")
WHO = "email, phone, first_name, last_name, full_name, company"
SECOND = "date_trunc('second', {}) as second"


@pytest.fixture(scope="module")
def company() -> Company:
    return with_form_tools(make(260, 9, date(2026, 11, 20)), TOOL)


@pytest.fixture(scope="module")
def rows(company: Company, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[Any]]:
    """(stream, way) -> rows as they should be."""
    here, found = make_company(tmp_path_factory.mktemp("rows")).home, {}
    with running(company) as base_url:
        client = client_of(TOOL, base_url)
        found["forms", "a"], _ = fetched(FORMS, client, "maison", Since(None))
        found["responses", "a"], _ = fetched(RESPONSES, client, "maison", Since(None))
    files = FLEET[TOOL].files(company, here.root / "exports")
    found["responses", "f"] = [row for path in files for row in from_file(here, path, TOOL)]
    return found


@pytest.fixture(scope="module")
def told(rows, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    here: Home = make_company(tmp_path_factory.mktemp("google")).home
    with warehouse(here) as con:
        raw.ensure(con)
        for (name, way), found in rows.items():
            mixes = {mix: found for mix in MIXES if way in mix}
            land(here, con, TOOL, FORMS if name == "forms" else RESPONSES, WAYS[way], mixes)
    build(here)
    with duckdb.connect(str(here.warehouse), read_only=True) as con:
        yield con


def test_every_answer_is_told_by_both_ways(company, rows):
    everyone = {lead.lead_id for lead in company.leads if lead.platform == TOOL}
    assert {row["responseId"] for row in rows["responses", "a"]} == everyone
    assert len(rows["responses", "f"]) == len({row["responseId"] for row in rows["responses", "f"]})
    assert len(rows["responses", "f"]) == len(everyone) > 20


def test_each_way_tells_the_same_people(told):
    people = {mix: people_of(told, mix) for mix in MIXES}
    assert len(people["a"]) > 10
    assert people["a"] == people["f"] == people["af"]
    assert {bool(row[0]) for row in people["a"]} == {True}, (
        "some typed their address, of others Google asked it"
    )


def people_of(told: duckdb.DuckDBPyConnection, mix: str) -> set[tuple]:
    columns = f"{WHO}, {SECOND.format('created_at')}"
    return {row[1:] for row in of(told, TOOL, mix, columns, "contracts.profiles")}


def test_each_way_tells_the_same_story_once(told):
    columns = f"event_type, {SECOND.format('occurred_at')}, channel, details ->> '$.said', campaign_id"
    sql = f"select {columns} from contracts.events where platform = ? and split_part(profile_id, ':', 2) = ?"
    stories = {mix: sorted(told.execute(sql, [TOOL, mix]).fetchall(), key=str) for mix in MIXES}
    assert stories["a"] == stories["f"] == stories["af"]
    assert len({row[2] for row in stories["a"]}) > 1, "what a link filled in tells channels"


def test_each_way_tells_the_same_yes_and_no(told, company):
    columns = f"channel, act, contact_value, {SECOND.format('occurred_at')}, wording_text"
    acts = {
        mix: {
            row[1:]
            for row in of(told, TOOL, mix, columns, "contracts.int_platform_acts", "basis = 'consent'")
        }
        for mix in MIXES
    }
    assert acts["a"] == acts["f"] == acts["af"]
    assert {row[:2] for row in acts["a"]} == {("email", "grant"), ("sms", "grant"), ("sms", "deny")}
    shown = {box.text for form in company.forms if form.platform == TOOL for box in form.boxes}
    assert all(any(text in row[4] for text in shown) for row in acts["a"])


@pytest.mark.parametrize("seed", range(2))
def test_every_fault_at_once_hides_nobody(company, seed, monkeypatch):
    monkeypatch.setattr("connectors.google_forms.fetch.LARGEST", 4)
    everyone = {lead.lead_id for lead in company.leads if lead.platform == TOOL}
    with running(company, "nasty", seed) as base_url:
        requests.post(f"{base_url}/_sim/faults", json={"wait_seconds": 0, "slow_seconds": 0.01}, timeout=5)
        client = client_of(TOOL, base_url, longest_wait_seconds=0.01)
        found = read_whole(RESPONSES, client, "maison")
    assert {row["responseId"] for row in found} == everyone


def test_what_is_pulled_again_is_what_is_new(company, rows):
    times = sorted(datetime.fromisoformat(row["lastSubmittedTime"]) for row in rows["responses", "a"])
    since = times[len(times) // 2]
    held = Counter(row["formId"] for row in rows["responses", "a"])
    with running(company) as base_url:
        again, _ = fetched(RESPONSES, client_of(TOOL, base_url), "maison", Since(since.astimezone(UTC), held))
    assert (
        sorted(datetime.fromisoformat(row["lastSubmittedTime"]) for row in again) == times[len(times) // 2 :]
    )


@FUZZED
@given(data=st.data())
def test_answers_of_any_shape_land_or_are_held_with_a_reason(rows, tmp_path_factory, data):
    here = make_company(tmp_path_factory.mktemp("fuzzed")).home
    with warehouse(here) as con:
        raw.ensure(con)
        for (name, way), found in rows.items():
            one = FORMS if name == "forms" else RESPONSES
            some = sorted(found, key=lambda row: -len(str(row)))[:3]
            land_spoilt(here, con, TOOL, one, WAYS[way], some, data)
        none_held_without_reason(con)
    # What stands behind these reads text, whatever it says.
    inside.dbt(here.warehouse, "run", "--select", "+stg_google_forms__answers")
