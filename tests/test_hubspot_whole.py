"""HubSpot from its platform to the contracts, by API, webhook and export, in any mix, held against the truth.

Every mix of ways is an account of its own, so that one small warehouse holds them all.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import duckdb
import inside
import pytest
import requests
from homes import make_company
from tape import fetched, since_of
from troubled import read_hourly
from ways import MIXES, WAYS, client_of, from_file, mixed

from connectors import hubspot
from connectors.landing import LandingWriter
from connectors.stream import Page, Since
from pipelines import raw
from pipelines.home import Home
from pipelines.warehouse_file import warehouse
from simulator import home
from simulator.clock import end_of
from simulator.company import make, with_form_tools
from simulator.model import Company, MailContact
from simulator.platforms.hubspot import export, nodes, push, subscriptions
from simulator.server import running

pytestmark = pytest.mark.slow

UNTIL = date(2026, 11, 20)
NOW = end_of(UNTIL)
LATER = NOW + timedelta(hours=2)
STREAMS = {stream.name: stream for stream in hubspot.STREAMS}


@pytest.fixture(scope="module")
def company() -> Company:
    return with_form_tools(make(120, 7, UNTIL), "hubspot")


@contextmanager
def asking(company: Company, **more: Any) -> Iterator[tuple[Any, Any]]:
    """A client, and how to do something in that HubSpot."""
    with running(company) as base_url:

        def change(**wish: Any) -> None:
            told = {"platform": "hubspot", **wish}
            requests.post(f"{base_url}/_sim/settings", json=told, timeout=5).raise_for_status()

        yield client_of("hubspot", base_url, **more), change


def living(company: Company) -> list[MailContact]:
    """Whoever HubSpot shows."""
    return [one for one in company.mail_contacts if one.visible_at <= NOW and not nodes.archived_at(one, NOW)]


@pytest.fixture(scope="module")
def rows(company: Company, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[Any]]:
    """(stream, way) -> rows."""
    with asking(company) as (client, _):
        found = {
            (name, "a"): [
                row
                for page in stream.fetch(client, "maison", since_of({}))
                if isinstance(page, Page) and page.op == "upsert"
                for row in page.rows
            ]
            for name, stream in STREAMS.items()
        }
        keys = [row["id"] for row in found["contacts", "a"]]
        bodies = [keys[begin : begin + 90] for begin in range(0, len(keys), 90)]
        events = [[push.event("propertyChange", key, 1) for key in body] for body in bodies]
        found["contacts", "w"] = [
            row
            for body in events
            for told in hubspot.WEBHOOK.receive(push.delivery(body, 1)[1], client)
            for row in told.rows
        ]
    here = make_company(tmp_path_factory.mktemp("export")).home
    for language in export.COLUMNS:
        path = export.write(here.root / "export.csv", company.mail_contacts, NOW, language)
        told = from_file(here, path, "hubspot")
        assert found.setdefault(("contacts", "f"), told) == told, "another language, other people"
    return found


@pytest.fixture(scope="module")
def told(
    company: Company, rows: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The contracts over every mix; in the account `changed` some contacts changed after the first pull."""
    here = make_company(tmp_path_factory.mktemp("hubspot")).home
    with warehouse(here) as con:
        raw.ensure(con)
        waiting = [
            *mixed(here, "hubspot", STREAMS, rows, NOW),
            *changed(here, company),
            *anew(here, company, rows),
        ]
        for minutes, batch in enumerate(waiting):
            landed = raw.land(con, here, batch, LATER + timedelta(minutes=minutes))
            assert (landed.failed_reason, landed.refused) == (None, 0), landed
    kinds = ("--exclude-resource-types", "unit_test", "test")
    days = {"lifecycle_as_of": "2026-11-21", "permission_as_of": "2026-11-21"}
    models = ("+int_platform_acts", "+events", "+int_deliverability_events")
    inside.dbt(here.warehouse, "build", *kinds, "--select", *models, **days)
    with duckdb.connect(str(here.warehouse), read_only=True) as reader:
        reader.execute("set TimeZone = 'UTC'")
        yield reader


def changed(here: Home, company: Company) -> Iterator[str]:
    """A first pull; then somebody is merged into somebody, one is deleted and one leaves everything."""
    survivor, loser, gone = (nodes.key_of(one) for one in some(company))
    with asking(company) as (client, change):
        yield pulled(here, client, Since(None), NOW)
        change(merge=[survivor, loser])
        change(delete=gone, index_lag=0)
        # What was told is all there is: only what changed since is searched for.
        yield pulled(here, client, Since(NOW - timedelta(hours=1), {"": 10**6}), LATER)


def subscriber(company: Company, rows: Any) -> Any:
    """A contact who takes the newsletter, as the API tells them."""
    taking = {
        nodes.key_of(one)
        for one in living(company)
        if one.email and subscriptions.standing(one, nodes.NEWSLETTER, NOW)[0] == "SUBSCRIBED"
    }
    return next(
        row for row in rows["contacts", "a"] if row["id"] in taking and states_of(row)["SUBSCRIBED"] == 1
    )


def states_of(row: Any) -> Counter:
    return Counter(state["status"] for state in row["subscriptions"])


def anew(here: Home, company: Company, rows: Any) -> Iterator[str]:
    """Somebody gets another role, which is no act, and a deal, told under the older name; then they leave
    everything; then HubSpot forgets that."""
    first = subscriber(company, rows)
    first = {**first, "properties": {**first["properties"], "hs_v2_date_entered_opportunity": ""}}
    entered = {"hs_lifecyclestage_opportunity_date": nodes.stamp(NOW)}
    left = [
        {**one, "status": "UNSUBSCRIBED", "timestamp": LATER.isoformat()} for one in first["subscriptions"]
    ]
    versions = (
        first,
        {**first, "properties": {**first["properties"], **entered, "jobtitle": "Cheffe"}},
        {
            **first,
            "properties": {**first["properties"], **entered, "hs_email_optout": "true"},
            "subscriptions": left,
        },
        {
            **first,
            "properties": {**first["properties"], **entered, "hs_email_optout": ""},
            "subscriptions": [],
        },
    )
    types = LandingWriter(here.landing, "hubspot", STREAMS["subscription_types"], "api", LATER)
    types.write("anew", rows["subscription_types", "a"], "upsert", LATER, LATER)
    yield types.commit()
    for hours, row in enumerate(versions):
        at = NOW + timedelta(hours=hours)
        writer = LandingWriter(here.landing, "hubspot", STREAMS["contacts"], "api", LATER)
        writer.write("anew", [{**row, "updatedAt": at.isoformat()}], "upsert", LATER, LATER)
        yield writer.commit()


def pulled(here: Home, client: Any, since: Since, at: Any) -> str:
    stream = STREAMS["contacts"]
    writer = LandingWriter(here.landing, "hubspot", stream, "api", at)
    for item in stream.fetch(client, "changed", since):
        writer.take("changed", item, at)
    return writer.commit()


def some(company: Company) -> list[MailContact]:
    """Three with an address each, of whom nothing is merged so far."""
    return [one for one in living(company) if one.email and not nodes.merged_before(one)][:3]


def by_mix(con: duckdb.DuckDBPyConnection, columns: str, table: str, where: str = "true") -> dict[str, set]:
    found: dict[str, set[tuple]] = {mix: set() for mix in (*MIXES, "changed", "anew")}
    sql = f"select split_part(profile_id, ':', 2), split_part(profile_id, ':', 4), {columns} from {table}"
    for mix, *row in con.execute(f"{sql} where platform = 'hubspot' and {where}").fetchall():
        found[mix].add(tuple(row))
    return found


OF_CONTACTS = "split_part(profile_id, ':', 3) = 'contact'"


def test_every_contact_comes_by_every_way_and_the_deleted_by_none(rows, company):
    there = {nodes.key_of(one) for one in living(company)}
    assert len(there) > 50
    for way in WAYS:
        assert {row["id"] for row in rows["contacts", way]} == there


def test_a_search_meets_no_limit_and_an_index_that_lags_loses_nobody(company, monkeypatch):
    monkeypatch.setattr("connectors.hubspot.fetch.FOUND", 20)
    stream = STREAMS["contacts"]
    since = Since(NOW - timedelta(days=9000), {"": 10**6})
    with asking(company) as (client, change):
        change(last_result=40)
        everybody = {row["id"] for row in fetched(stream, client, "maison", since)[0] if "properties" in row}
        assert everybody == {nodes.key_of(one) for one in living(company)}
        # Changed a moment ago, and not in the index yet: the next search looks an hour back.
        change(touch=min(everybody))
        lately = Since(NOW - stream.overlap, {"": 10**6})
        late = {row["id"] for row in fetched(stream, client, "maison", lately)[0]}
        change(index_lag=0)
        found = {row["id"] for row in fetched(stream, client, "maison", lately)[0]}
        assert min(everybody) in found - late


def test_many_are_searched_for_side_by_side_and_each_is_met_once(company, monkeypatch):
    monkeypatch.setattr("connectors.hubspot.fetch.MANY", 10)
    monkeypatch.setattr("connectors.hubspot.fetch.FOUND", 7)
    with asking(company) as (client, change):
        change(last_result=14, index_lag=0)
        client.at_once = 3
        rows, announced = fetched(STREAMS["contacts"], client, "maison", Since(None))
        assert sorted(row["id"] for row in rows if "properties" in row) == sorted(
            nodes.key_of(one) for one in living(company)
        )
        assert all("subscriptions" in row for row in rows if "properties" in row)
        # Not in the index yet: then it is the list that is read.
        change(touch=max(row["id"] for row in rows if "properties" in row), index_lag=3600)
        again, counted = fetched(STREAMS["contacts"], client, "maison", Since(None))
        assert {row["id"] for row in again} == {row["id"] for row in rows}
        assert announced == counted == {"": len(living(company))}


def test_every_way_and_mix_tells_the_same_people(told):
    columns = "email, phone, first_name, last_name, company, job_title, created_at, platform_id"
    whole = by_mix(told, columns, "contracts.profiles", OF_CONTACTS)

    def to_the_minute(rows: set) -> set:
        # An export tells no seconds.
        return {(*row[:7], row[7].replace(second=0, microsecond=0), row[8].split(":")[-1]) for row in rows}

    found = {mix: to_the_minute(rows) for mix, rows in whole.items()}
    assert not {mix: odd for mix in MIXES if (odd := found[mix] ^ found["a"])}
    assert any(row[6] for row in found["a"]), "nobody has a role"
    doubled = "select count(*) - count(distinct profile_id) from contracts.profiles"
    assert told.execute(doubled).fetchone() == (0,)


def test_who_left_everything_is_told_by_every_way_and_mix(told, company):
    where = "act = 'asserted_optout' and purpose = 'marketing' and reason like 'left everything%'"
    found = by_mix(told, "raw_value", "consent.consent__hubspot_states", where)
    truth = {
        (nodes.key_of(one), one.email)
        for one in living(company)
        if one.email and nodes.has_left_everything(one, NOW)
    }
    assert truth
    assert not {mix: odd for mix in MIXES if (odd := found[mix] ^ truth)}


def test_a_subscription_is_the_tools_word_and_an_interest_of_ours_nobodys(told, company):
    where = "purpose like 'newsletter:%'"
    found = by_mix(
        told, "purpose, act, occurred_at", "contracts.int_platform_acts", f"{where} and {OF_CONTACTS}"
    )
    truth, bases = set(), set()
    # Several records of one address are one subscriber.
    owner = {one.email.lower(): one for one in company.mail_contacts if one.email}
    for one in living(company):
        for state in subscriptions.statuses(owner[one.email.lower()], NOW) if one.email else ():
            is_ours = state["status"] == "SUBSCRIBED" and state["legalBasis"] != "CONSENT_WITH_NOTICE"
            act = {"SUBSCRIBED": "asserted_grant", "UNSUBSCRIBED": "asserted_optout"}.get(state["status"])
            bases.add(state["legalBasis"])
            if act and not is_ours:
                truth.add(
                    (nodes.key_of(one), f"newsletter:{state['subscriptionId']}", act, state["timestamp"])
                )
    shown = {(*row[:3], nodes.stamp(row[3])) for row in found["a"]}
    assert bases == {None, "CONSENT_WITH_NOTICE", "LEGITIMATE_INTEREST_CLIENT", "PROCESS_AND_STORE"}
    assert {act for _, _, act, _ in truth} == {"asserted_grant", "asserted_optout"}
    assert shown == truth
    assert found["w"] == found["aw"] == found["af"] == found["a"]
    assert not found["f"], "an export tells no single subscriptions"
    grants = by_mix(told, "act", "contracts.int_platform_acts", f"purpose = 'marketing' and {OF_CONTACTS}")[
        "a"
    ]
    assert {act for _, act in grants} == {"asserted_grant", "asserted_optout"}


def test_a_state_is_an_act_only_when_it_changes(told):
    columns = "purpose, act, occurred_at"
    acts = by_mix(told, columns, "contracts.int_platform_acts", OF_CONTACTS)["anew"]
    grants = {purpose for _, purpose, act, _ in acts if act == "asserted_grant"}
    assert grants == {"marketing", f"newsletter:{nodes.NEWSLETTER}"}
    left = {(purpose, at) for _, purpose, act, at in acts if act == "asserted_optout"}
    kinds = {f"newsletter:{number}" for number, *_ in nodes.TYPES}
    assert left == {(purpose, LATER) for purpose in ("marketing", *kinds)}


def test_a_ticked_box_is_a_yes_under_all_its_words(told, company):
    forms = {form.form_id: form for form in company.forms if form.platform == "hubspot"}
    where = "act = 'grant' and channel = 'email' and split_part(profile_id, ':', 3) = 'response'"
    found = by_mix(told, "purpose, wording_text", "contracts.int_platform_acts", where)["a"]
    truth = set()
    for lead in company.leads:
        form = forms.get(lead.form_id)
        for box in form.boxes if form and lead.person_id and lead.answers.get("email") else ():
            free = not box.is_required and not box.is_checked_by_default
            if nodes.is_subscription(box) and free and lead.boxes.get(box.key):
                above = nodes.CONSENT[nodes.language(form)][0].removeprefix("<p>").removesuffix("</p>")
                for purpose in ("marketing", f"newsletter:{nodes.NEWSLETTER}"):
                    truth.add((nodes.guid(lead.lead_id), purpose, f"{above} {box.text}"))
    assert truth
    assert found == truth
    refused = "act = 'deny' and channel = 'email' and split_part(profile_id, ':', 3) = 'response'"
    assert not by_mix(told, "act", "contracts.int_platform_acts", refused)["a"], "silence is no refusal"


def test_what_was_answered_is_told_once_with_who_answered(told, company):
    found = by_mix(told, "email, first_name", "contracts.profiles", "object = 'response'")["a"]
    leads = [lead for lead in company.leads if lead.platform == "hubspot" and lead.person_id]
    truth = {
        (
            nodes.guid(one.lead_id),
            # Spaces only: what else stands about an address is the normaliser's to take off.
            *(one.answers.get(name, "").strip(" ") or None for name in ("email", "first_name")),
        )
        for one in leads
    }
    assert truth
    assert found == truth


def test_stages_of_the_sales_team_are_dated_by_them(told, company):
    kinds = "event_type in ('became_mql', 'became_sql', 'opportunity_opened')"
    found = by_mix(told, "event_type, occurred_at", "contracts.events", kinds)
    names = {"marketingqualifiedlead": "became_mql", "salesqualifiedlead": "became_sql",
             "opportunity": "opportunity_opened"}  # fmt: skip
    truth = {
        (nodes.key_of(one), names[stage], nodes.stamp(at))
        for one in living(company)
        for stage, at in nodes.stages(one).items()
        if at <= NOW
    }
    assert len({kind for _, kind, _ in truth}) == 3
    assert {(*row[:2], nodes.stamp(row[2])) for row in found["a"]} == truth
    assert found["w"] == found["awf"] == found["a"]


def test_a_stage_is_known_from_the_version_on_that_told_it(told):
    known = "select _ingested_at from raw_hubspot.contacts where _account = 'anew' order by _ingested_at"
    first, second, *_ = [at for (at,) in told.execute(known).fetchall()]
    kinds = "event_type in ('lead_imported', 'opportunity_opened')"
    found = by_mix(told, "event_type, ingested_at", "contracts.events", kinds)["anew"]
    assert {row[1:] for row in found} == {("lead_imported", first), ("opportunity_opened", second)}
    assert first < second


def test_a_dead_address_is_no_word_about_permission(told, company):
    dead = {nodes.key_of(one) for one in living(company) if nodes.has_bounced(one, NOW)}
    assert dead
    assert {
        key for (key,) in by_mix(told, "", "contracts.events", "event_type = 'hard_bounced'")["a"]
    } == dead
    where = "channel = 'email' and act = 'asserted_optout' and purpose = 'marketing'"
    acts = by_mix(told, "act", "contracts.int_platform_acts", where)["a"]
    assert not {key for key, _ in acts} & dead


def test_merged_contacts_are_linked_and_deleted_ones_known(told, company):
    survivor, loser, gone = (nodes.key_of(one) for one in some(company))
    found = dict(by_mix(told, "platform_id", "contracts.profiles", OF_CONTACTS)["changed"])
    assert found[survivor] == found[loser] == f"hubspot:contact:changed:{survivor}"
    assert gone in found, "who is deleted there keeps their number here"
    deleted = "select split_part(profile_id, ':', 4) from staging.stg_hubspot__contacts where is_deleted"
    assert told.execute(deleted).fetchall() == [(gone,)]


def test_a_hint_at_who_is_gone_or_merged_is_told_as_it_is(company):
    survivor, loser, gone = (nodes.key_of(one) for one in some(company))
    with asking(company) as (client, change):
        change(merge=[survivor, loser])
        change(erase=gone)
        events = [push.event("merge", loser, 1), push.event("privacyDeletion", gone, 1)]
        hooks = list(hubspot.WEBHOOK.receive(push.delivery(events, 1)[1], client))
        assert [(hook.op, [row["id"] for row in hook.rows]) for hook in hooks] == [
            ("upsert", [survivor]),
            ("delete", [gone]),
        ]
        assert loser in hooks[0].rows[0]["properties"]["hs_merged_object_ids"].split(";")
        # Asked to, HubSpot erases; asked again, there is nobody.
        erase = STREAMS["contacts"].erasing.ask
        assert [erase(client, survivor, {}), erase(client, survivor, {})] == ["erased", "not_there"]


def test_at_its_nastiest_everybody_lands_or_is_held_with_a_reason(company, tmp_path):
    """Refusals, cut answers, empty and repeated pages, contacts that are late or lack a promised field."""
    with running(company, faults="nasty", seed=3) as base_url:
        block = home.ALL["hubspot"] | {"base_url": f"{base_url}/hubspot", "per_second": 500}
        settings = make_company(tmp_path, platforms={"hubspot": block})
        requests.post(f"{base_url}/_sim/faults", json={"wait_seconds": 0.05, "slow_seconds": 0.05}, timeout=5)
        lacking = requests.get(f"{base_url}/_sim/missing", timeout=5).json()["hubspot"]
        with warehouse(settings.home) as con:
            said = read_hourly(con, settings, "hubspot", NOW, hours=5)
            here = {
                name: {
                    key
                    for (key,) in con.execute(
                        f"select distinct _key from raw_hubspot.{name} where _op = 'upsert'"
                    ).fetchall()
                }
                for name in ("contacts", "responses")
            }
            held = con.execute(
                "select stream, key from door.quarantine where status = 'held' and len(reasons) > 0"
            ).fetchall()
    everybody = {
        "contacts": {nodes.key_of(one) for one in living(company)},
        "responses": {nodes.guid(one.lead_id) for one in company.leads if one.platform == "hubspot"},
    }
    for name, there in everybody.items():
        refused = {key for stream, key in held if stream == name}
        assert refused <= set(lacking[name])
        assert here[name] | refused == there, name
    assert "HUBSPOT_TOKEN" in said, "no token was refused: take another seed"
