"""Form tools, and ad platforms that tell answers by every way: by API, by webhook and in the file they give
the same people, alone and in any mix.

Every mix is an account of its own, so that one small warehouse holds them all. What comes after the contracts
reads nothing but them: where they are equal, customers are.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import inside
import pytest
import requests
from homes import make_company
from hypothesis import given
from hypothesis import strategies as st
from spoiling import FUZZED, land_spoilt, none_held_without_reason
from tape import env, fetched, module, since_of
from ways import MIXES, NOW, WAYS

from connectors.dropped import take_file
from connectors.landing import LandingWriter
from connectors.stream import Announced, Since
from pipelines import raw
from pipelines.home import Home
from pipelines.warehouse_file import warehouse
from simulator import exports, home, webhooks
from simulator.clock import end_of
from simulator.company import AD_ACCOUNTS, make, with_everything
from simulator.fleet import FLEET
from simulator.model import Company
from simulator.server import running

pytestmark = pytest.mark.slow

UNTIL = date(2026, 11, 20)
PARIS = ZoneInfo("Europe/Paris")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
# What is never pushed, or counts nothing, has a file of its own beside this one.
MORE_TOOLS = tuple(name for name in home.MORE_PLATFORMS if FLEET[name].push and FLEET[name].announces)
FORM_TOOLS = ("typeform", *MORE_TOOLS)
AD_PLATFORMS = tuple(name for name in home.AD_PLATFORMS if FLEET[name].push)
TOOLS = (*FORM_TOOLS, *AD_PLATFORMS)
ACCOUNTS = {tool: FLEET[tool].account for tool in TOOLS}
# Ad platforms hand leads out for so long; a push would know of older ones, too.
KEPT = timedelta(days=60)
# An account whose ways call one lead by different ids: nothing of Google's says that they agree.
RENAMED = "renamed"


@pytest.fixture(scope="module")
def company() -> Company:
    made = with_everything(make(120, 9, UNTIL))
    oldest = end_of(UNTIL) - KEPT
    leads = [lead for lead in made.leads if lead.platform not in AD_PLATFORMS or lead.created_at > oldest]
    return replace(made, leads=leads)


@pytest.fixture(scope="module")
def told(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The contracts over every tool, way and mix."""
    folder = tmp_path_factory.mktemp("tools")
    here = make_company(folder).home
    with running(company) as base_url, warehouse(here) as con:
        raw.ensure(con)
        for tool in TOOLS:
            for batch in batches(here, company, tool, base_url):
                landed = raw.land(con, here, batch, NOW)
                assert (landed.failed_reason, landed.refused) == (None, 0)
    build(here, "+int_platform_acts", "+events")
    with duckdb.connect(str(here.warehouse), read_only=True) as reader:
        yield reader


def build(here: Home, *models: str) -> None:
    kinds = ("--exclude-resource-types", "unit_test", "test")
    days = {"lifecycle_as_of": "2026-11-20", "permission_as_of": "2026-11-20"}
    inside.dbt(here.warehouse, "build", *kinds, "--select", *models, **days)


def batches(here: Home, company: Company, tool: str, base_url: str) -> Iterator[str]:
    """What each way brings, landed for every mix it is part of; files first, for the poorest must not win."""
    streams = {stream.name: stream for stream in module(tool).STREAMS}
    leads, account = streams.get("leads") or streams["responses"], ACCOUNTS[tool]
    settings = home.ALL[tool]
    client = module(tool).client(env({**settings, "base_url": base_url + settings["base_url"]}, home.SECRETS))
    rows = {"f": from_file(here, company, tool), "w": from_webhook(company, tool, client)}
    rows["a"], announced = fetched(leads, client, account, since_of({}))
    assert tool in AD_PLATFORMS or sum(announced.values()) == len(rows["a"])
    # Where tests are marked, they are only ever pushed.
    pushed = [row for row in rows["w"] if not row.get("is_test")]
    assert len(rows["a"]) == len(pushed) == len(rows["f"]) > 5
    for way in "fwa":
        writer = LandingWriter(here.landing, tool, leads, WAYS[way], NOW)
        for mix in filter(lambda mix: way in mix, MIXES):
            writer.write(mix, rows[way], "upsert", NOW, NOW)
            for form, count in announced.items() if way == "a" else ():
                writer.take(mix, Announced(form, count), NOW)
        if tool == "google_ads":
            writer.write(
                RENAMED,
                [row | {"lead_id": f"{way}-{row['lead_id']}"} for row in rows[way]],
                "upsert",
                NOW,
                NOW,
            )
        yield writer.commit()
    forms, _ = fetched(streams["forms"], client, account, since_of({}))
    writer = LandingWriter(here.landing, tool, streams["forms"], "api", NOW)
    for mix in filter(lambda mix: "a" in mix, MIXES):
        writer.write(mix, forms, "upsert", NOW)
    yield writer.commit()


def from_webhook(company: Company, tool: str, client: Any) -> list[dict[str, Any]]:
    rows, hook = [], module(tool).WEBHOOK
    for delivery in webhooks.deliveries(company, LONG_AGO, end_of(UNTIL)):
        if delivery.platform == tool:
            assert hook.verify(
                {k.lower(): v for k, v in delivery.headers.items()}, delivery.body, home.SECRETS
            )
            rows += [row for told in hook.receive(delivery.body, client) for row in told.rows]
    return list({json.dumps(row, sort_keys=True): row for row in rows}.values())


def from_file(here: Home, company: Company, tool: str) -> list[dict[str, Any]]:
    rows = []
    for path in exports.exports(company, here.root / "exports"):
        if path.parts[-3] == tool:
            batch, _ = take_file(
                path,
                modules=[module(tool)],
                open_writer=partial(LandingWriter, here.root / "aside", via="file", started_at=NOW),
                account=ACCOUNTS.get,
                client=None,
                mappings=(),
                zone=lambda platform: (PARIS, True),
                written_at=NOW,
                arrived_at=NOW,
                inbox={},
            )
            landed = gzip.decompress((here.root / "aside" / f"{batch}.jsonl.gz").read_bytes()).decode()
            rows += [json.loads(json.loads(line)["payload"]) for line in landed.splitlines()]
    return rows


def by_mix(
    con: duckdb.DuckDBPyConnection, tool: str, columns: str, table: str, where: str = ""
) -> dict[str, set[tuple]]:
    found: dict[str, set[tuple]] = {mix: set() for mix in (*MIXES, RENAMED)}
    sql = f"select split_part(profile_id, ':', 2), split_part(profile_id, ':', 4), {columns} from {table}"
    for mix, *row in con.execute(f"{sql} where platform = ? {where}", [tool]).fetchall():
        found[mix].add(tuple(row))
    return found


@pytest.mark.parametrize("tool", TOOLS)
def test_every_way_and_mix_tells_the_same_people(told, company, tool):
    columns = (
        "email, phone, first_name, last_name, full_name, company, street, city, postcode, country, created_at"
    )
    found = by_mix(told, tool, columns, "contracts.profiles")
    real = [lead for lead in company.leads if lead.platform == tool and lead.person_id]
    assert len(found["a"]) == len(real)
    assert {row[0] for row in found["a"]} == {lead.lead_id for lead in real}
    asked = [lead for lead in real if lead.answers.get("email")]
    # As it was typed, but for the blanks around it.
    told_of = {row[1].strip() for row in found["a"] if row[1]}
    assert told_of >= {lead.answers["email"].strip() for lead in asked}
    for mix in MIXES:
        assert found[mix] == found["a"], mix


@pytest.mark.parametrize("tool", TOOLS)
def test_nobody_is_there_twice(told, tool):
    rows = told.execute(
        "select split_part(profile_id, ':', 2), count(*) - count(distinct profile_id) from contracts.profiles"
        " where platform = ? and split_part(profile_id, ':', 2) <> ? group by all",
        [tool, RENAMED],
    ).fetchall()
    assert dict(rows) == dict.fromkeys(MIXES, 0)


@pytest.mark.parametrize("tool", TOOLS)
def test_every_way_and_mix_tells_the_same_story(told, company, tool):
    columns = "event_type, occurred_at, channel, details ->> '$.said', campaign_id"
    found = by_mix(told, tool, columns, "contracts.events")
    if tool in AD_PLATFORMS:
        assert {(row[1], row[3]) for row in found["a"]} == {("lead_created", tool)}
        assert {row[5] for row in found["a"]} > {None}, "some came by themselves"
    else:
        assert len({row[3] for row in found["a"]}) > 1, "the address a page was opened with tells channels"
        assert any(row[4] for row in found["a"])
    for mix in MIXES:
        assert found[mix] == found["a"], mix


@pytest.mark.parametrize("tool", TOOLS)
def test_every_way_and_mix_tells_the_same_yes_and_no(told, company, tool):
    columns = "channel, act, contact_value, occurred_at, wording_text"
    found = by_mix(told, tool, columns, "contracts.int_platform_acts", "and basis = 'consent'")
    # A box left alone is silence; a no to a question is one, and Google's forms have questions only.
    denied = {"tiktok": (), "linkedin": (), "google_ads": ("email", "sms")}.get(tool, ("sms",))
    expected = {("email", "grant"), ("sms", "grant"), *((channel, "deny") for channel in denied)}
    assert {(row[1], row[2]) for row in found["a"]} == expected
    shown = {box.text for form in company.forms if form.platform == tool for box in form.boxes}
    assert all(any(text in row[5] for text in shown) for row in found["a"]), "not the words people saw"
    for mix in MIXES:
        assert found[mix] == found["a"], mix


def test_leads_that_each_way_calls_otherwise_are_counted_once(told):
    columns = "event_type, occurred_at, channel, details ->> '$.said', details ->> '$.click', campaign_id"
    found = by_mix(told, "google_ads", columns, "contracts.events")
    assert {row[0] for row in found[RENAMED]} == {f"a-{row[0]}" for row in found["a"]}, "the richest way's"
    assert {row[1:] for row in found[RENAMED]} == {row[1:] for row in found["a"]}
    # Their records stay, with who they are about: identity makes one customer of them.
    people = by_mix(told, "google_ads", "email, phone, full_name", "contracts.profiles")
    assert len(people[RENAMED]) == 3 * len(people["a"])
    assert {row[1:] for row in people[RENAMED]} == {row[1:] for row in people["a"]}


@pytest.fixture(scope="module")
def whole_rows(
    company: Company, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str, str], list]:
    """(tool, stream, way) -> rows as they should be."""
    here, found = make_company(tmp_path_factory.mktemp("rows")).home, {}
    with running(company) as base_url:
        for tool in TOOLS:
            for batch in batches(here, company, tool, base_url):
                _, _, stream, via, _ = batch.split("-")
                text = gzip.decompress((here.landing / f"{batch}.jsonl.gz").read_bytes()).decode()
                rows = {
                    line["key"]: json.loads(line["payload"]) for line in map(json.loads, text.splitlines())
                }
                found[tool, stream, via] = sorted(rows.values(), key=lambda row: -len(str(row)))[:3]
    return found


@FUZZED
@given(data=st.data())
def test_answers_of_any_shape_land_or_are_held_with_a_reason(whole_rows, tmp_path_factory, data):
    here = make_company(tmp_path_factory.mktemp("fuzzed")).home
    with warehouse(here) as con:
        raw.ensure(con)
        for (tool, name, via), rows in whole_rows.items():
            stream = next(stream for stream in module(tool).STREAMS if stream.name == name)
            land_spoilt(here, con, tool, stream, via, rows, data)
        none_held_without_reason(con)
    build(here, "+consent__form_answers", "stg_forms__forms")


@pytest.mark.parametrize("tool", ["jotform", "gravity_forms"])
def test_what_lies_in_a_tools_bin_is_deleted_and_not_lost(company, tmp_path, tool):
    here, settings = make_company(tmp_path).home, home.MORE_PLATFORMS[tool]
    responses = next(stream for stream in module(tool).STREAMS if stream.name == "responses")
    key = next(lead.lead_id for lead in company.leads if lead.platform == tool)
    counts: dict[str, int] = {}
    with running(company) as base_url, warehouse(here) as con:
        raw.ensure(con)
        client = module(tool).client(
            env(settings | {"base_url": base_url + settings["base_url"]}, home.SECRETS)
        )
        for now in (NOW, NOW + timedelta(hours=1)):
            writer = LandingWriter(here.landing, tool, responses, "api", now)
            # Jotform's lists have its bin in them; Gravity Forms' is read where it holds less than we do.
            begin = NOW if counts and tool == "gravity_forms" else None
            for item in responses.fetch(client, "maison", Since(begin, dict(counts))):
                writer.take("maison", item, now)
                if isinstance(item, Announced):
                    counts[item.form] = item.count
            landed = raw.land(con, here, writer.commit(), now)
            assert (landed.failed_reason, landed.refused) == (None, 0)
            requests.post(f"{base_url}/_sim/settings", json={"platform": tool, "bin": key}, timeout=5)
        told = con.execute(f"select _op, _key = ? from raw_{tool}.responses order by _fetched_at", [key])
        assert told.fetchall()[-1] == ("delete", True)
        deleted = con.execute(f"select count(*) from raw_{tool}.responses where _op = 'delete'").fetchone()
        assert deleted == (1,)


def test_what_linkedin_says_is_deleted_is_deleted_in_any_order(company, tmp_path):
    here, leads = (
        make_company(tmp_path).home,
        next(s for s in module("linkedin").STREAMS if s.name == "leads"),
    )
    lead = next(lead for lead in company.leads if lead.platform == "linkedin" and lead.person_id)
    forms = {form.form_id: form for form in company.forms}
    campaigns = {one.campaign_id: one for one in company.campaigns}
    _, body = FLEET["linkedin"].push([lead], forms, campaigns)
    with running(company) as base_url, warehouse(here) as con:
        raw.ensure(con)
        block = {**home.AD_PLATFORMS["linkedin"], "base_url": f"{base_url}/linkedin"}
        client = module("linkedin").client(env(block, home.SECRETS))
        [created] = module("linkedin").WEBHOOK.receive(body, client)
        [deleted] = module("linkedin").WEBHOOK.receive(body.replace(b"CREATED", b"DELETED"), client)
        # Its end first, then the hint at it, landed late: what happened last holds.
        for hook, at in ((deleted, NOW), (created, NOW - timedelta(minutes=5))):
            writer = LandingWriter(here.landing, "linkedin", leads, "webhook", NOW)
            writer.write(hook.account, hook.rows, hook.op, at, at)
            landed = raw.land(con, here, writer.commit(), NOW)
            assert (landed.failed_reason, landed.refused, landed.new) == (None, 0, 1)
    inside.dbt(here.warehouse, "run", "--select", "+stg_forms__responses")
    with duckdb.connect(str(here.warehouse), read_only=True) as con:
        told = con.execute("select profile_id, is_deleted from staging.stg_forms__responses").fetchall()
    assert told == [(f"linkedin:{AD_ACCOUNTS['linkedin']}:lead:{lead.lead_id}", True)]
