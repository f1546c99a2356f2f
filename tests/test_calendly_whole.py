"""Calendly from its platform to the contracts: by API, webhook and export, alone and in any mix; who moved an
appointment is told as one.
"""

from collections.abc import Iterator
from datetime import date, timedelta
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
from troubled import read_whole
from ways import MIXES, WAYS, build, client_of, from_file, land, of

from connectors.stream import Since
from pipelines import raw
from pipelines.home import Home
from pipelines.warehouse_file import warehouse
from simulator import home
from simulator.clock import end_of
from simulator.company import make, with_form_tools
from simulator.fleet import FLEET
from simulator.model import Company
from simulator.platforms.calendly import nodes, push
from simulator.server import running

pytestmark = pytest.mark.slow

TOOL, UNTIL = "calendly", date(2026, 11, 20)
FORMS, RESPONSES = stream(TOOL, "forms"), stream(TOOL, "responses")
# To the minute, as the export alone tells it.
MINUTE = "date_trunc('minute', {})"


@pytest.fixture(scope="module")
def company() -> Company:
    return with_form_tools(make(260, 9, UNTIL), TOOL)


@pytest.fixture(scope="module")
def bookings(company: Company) -> dict[str, nodes.Booking]:
    leads = [lead for lead in company.leads if lead.platform == TOOL]
    return {one.number: one for lead in leads for one in nodes.bookings(lead, end_of(UNTIL))}


@pytest.fixture(scope="module")
def rows(company, bookings, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[Any]]:
    """(stream, way) -> rows as they should be."""
    here, found = make_company(tmp_path_factory.mktemp("rows")).home, {}
    forms, hook = {form.form_id: form for form in company.forms}, module(TOOL).WEBHOOK
    with running(company) as base_url:
        client = client_of(TOOL, base_url)
        found["forms", "a"], _ = fetched(FORMS, client, "maison", Since(None))
        found["responses", "a"], _ = fetched(RESPONSES, client, "maison", Since(None))
        pushed = []
        for one in bookings.values():
            headers, body = push.told(one, forms[one.lead.form_id], "invitee.created")
            assert hook.verify({name.lower(): value for name, value in headers.items()}, body, home.SECRETS)
            pushed += [row for told in hook.receive(body, client) for row in told.rows]
    files = FLEET[TOOL].files(company, here.root / "exports")
    found["responses", "f"] = [row for path in files for row in from_file(here, path, TOOL)]
    return found | {("responses", "w"): pushed}


@pytest.fixture(scope="module")
def told(rows, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    here: Home = make_company(tmp_path_factory.mktemp("calendly")).home
    with warehouse(here) as con:
        raw.ensure(con)
        for (name, way), found in sorted(rows.items(), reverse=True):
            mixes = {mix: found for mix in MIXES if way in mix}
            land(here, con, TOOL, FORMS if name == "forms" else RESPONSES, WAYS[way], mixes)
    build(here)
    with duckdb.connect(str(here.warehouse), read_only=True) as con:
        yield con


def test_every_booking_is_told_by_each_way(bookings, rows):
    for way in "awf":
        assert sorted(row["id"] for row in rows["responses", way]) == sorted(bookings), way
    assert sum(one.moved_from is not None for one in bookings.values()) > 1, (
        "nobody moved one: take another seed"
    )
    assert any(one.ended_at and not one.moved_to for one in bookings.values()), "nobody cancelled one"


def test_a_push_says_what_the_api_says(rows):
    by_api, by_push = ({row["id"]: row for row in rows["responses", way]} for way in "aw")
    assert by_push == by_api


def test_each_way_and_mix_tells_the_same_people(told, bookings):
    columns = f"email, phone, first_name, last_name, full_name, company, {MINUTE.format('created_at')}"
    people = {mix: of(told, TOOL, mix, columns, "contracts.profiles") for mix in MIXES}
    assert len(people["a"]) > 20
    assert {row[0] for row in people["a"]} <= bookings.keys()
    for mix in MIXES:
        assert people[mix] == people["a"], mix


def test_a_moved_appointment_is_one_story_where_that_is_told(told, bookings):
    columns = f"event_type, {MINUTE.format('occurred_at')}, channel, details ->> '$.said', campaign_id"
    stories = {mix: of(told, TOOL, mix, columns, "contracts.events") for mix in MIXES}
    second = {number for number, one in bookings.items() if one.moved_from}
    assert not {row[0] for row in stories["a"]} & second
    assert len({row[3] for row in stories["a"]}) > 1, "where the page was opened from tells channels"
    for mix in MIXES:
        # The export alone does not say that one stands in the place of another.
        extra = {row for row in stories[mix] if row[0] in second} if mix == "f" else set()
        assert stories[mix] - extra == stories["a"], mix
        assert (mix == "f") == bool(extra)


def test_each_way_and_mix_tells_the_same_yes_and_no(told, company):
    columns = f"channel, act, contact_value, {MINUTE.format('occurred_at')}, wording_text"
    acts = {
        mix: of(told, TOOL, mix, columns, "contracts.int_platform_acts", "basis = 'consent'") for mix in MIXES
    }
    assert {row[1:3] for row in acts["a"]} == {("email", "grant"), ("sms", "grant"), ("sms", "deny")}
    shown = {box.text for form in company.forms if form.platform == TOOL for box in form.boxes}
    assert all(any(text in row[5] for text in shown) for row in acts["a"])
    for mix in MIXES:
        assert acts[mix] == acts["a"], mix


def test_what_is_booked_or_cancelled_since_is_read_and_the_past_is_not(company, bookings):
    before = end_of(UNTIL) - timedelta(days=30)
    with running(company, now=before) as base_url:
        client = client_of(TOOL, base_url)
        early, _ = fetched(RESPONSES, client, "maison", Since(None))
        known = {row["id"]: row["updated_at"] for row in early}
        requests.post(f"{base_url}/_sim/clock", json={"now": end_of(UNTIL).isoformat()}, timeout=5)
        later, _ = fetched(RESPONSES, client, "maison", Since(before - RESPONSES.overlap))
    now = known | {row["id"]: row["updated_at"] for row in later}
    assert now == {number: nodes.stamp(one.ended_at or one.booked_at) for number, one in bookings.items()}
    assert 0 < len(later) < len(bookings) / 2


def test_seconds_that_one_way_tells_hold_beside_a_way_that_tells_none(told):
    times = {mix: of(told, TOOL, mix, "created_at", "contracts.profiles") for mix in MIXES}
    assert times["a"] == times["w"] == times["af"] == times["wf"] == times["awf"] != times["f"]


@pytest.mark.parametrize("seed", range(2))
def test_every_fault_at_once_hides_nobody(company, bookings, seed, monkeypatch):
    monkeypatch.setattr("connectors.calendly.api.LARGEST", 7)
    with running(company, "nasty", seed) as base_url:
        requests.post(f"{base_url}/_sim/faults", json={"wait_seconds": 0, "slow_seconds": 0.01}, timeout=5)
        client = client_of(TOOL, base_url, longest_wait_seconds=0.01)
        found = read_whole(RESPONSES, client, "maison")
    assert {row["id"] for row in found} == bookings.keys()


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
    inside.dbt(here.warehouse, "run", "--select", "+stg_calendly__answers")
