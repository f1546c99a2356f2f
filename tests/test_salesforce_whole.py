"""Salesforce from its platform to the contracts, by API and by the weekly export, held against the truth: the
made-up company, which no server hands out.

Each way and mix is an account of its own, so that one small warehouse holds them all; `later` is told more: a
lead was merged into another and that one converted, somebody opted out, an opportunity won and one deleted.
"""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from typing import Any

import duckdb
import inside
import pytest
import requests
import ways
from homes import make_company
from tape import env, since_of
from troubled import read_hourly
from ways import WAYS, from_file

from connectors import salesforce
from connectors.stream import Page
from pipelines import raw
from pipelines.warehouse_file import warehouse
from simulator import home
from simulator.clock import end_of
from simulator.company import make
from simulator.faults import NASTY
from simulator.model import Company, MailContact
from simulator.platforms.salesforce import export, nodes
from simulator.server import running

pytestmark = pytest.mark.slow

UNTIL = date(2026, 11, 20)
NOW = end_of(UNTIL)
LATER = NOW + timedelta(hours=2)
STREAMS = {stream.name: stream for stream in salesforce.STREAMS}
PEOPLE = {"lead_records": "Lead", "contacts": "Contact"}
MIXES = ("a", "f", "af")


@pytest.fixture(scope="module")
def company() -> Company:
    return make(200, 7, UNTIL)


def client_at(base_url: str) -> Any:
    return salesforce.client(env({"base_url": f"{base_url}/salesforce", "per_second": 5000}, home.SECRETS))


def read(client: Any, name: str, since: Any) -> dict[str, list[dict]]:
    """op -> rows."""
    found: dict[str, list[dict]] = {"upsert": [], "delete": []}
    for page in STREAMS[name].fetch(client, "a", since):
        if isinstance(page, Page):
            found[page.op] += page.rows
    return found


@pytest.fixture(scope="module")
def rows(company: Company, tmp_path_factory: pytest.TempPathFactory) -> dict[Any, Any]:
    """(stream, way) -> rows; what is told of a merger an hour later."""
    with running(company) as base_url:
        client = client_at(base_url)
        found: dict[Any, Any] = {(name, "a"): read(client, name, since_of({}))["upsert"] for name in STREAMS}
        loser, survivor = [row["Id"] for row in found["lead_records", "a"] if not row["IsConverted"]][:2]
        wish = {"platform": "salesforce", "merge": [loser, survivor]}
        assert requests.post(f"{base_url}/_sim/settings", json=wish, timeout=5).ok
        # As many as we hold, so that changes alone are asked for.
        landed = {"": len(found["lead_records", "a"])}
        since = since_of({"since": (NOW - timedelta(hours=1)).isoformat(), "landed": landed})
        found["merged"], found["after"] = (loser, survivor), read(client, "lead_records", since)
    here = make_company(tmp_path_factory.mktemp("export")).home
    for path in export.write(here.root, company.mail_contacts, NOW):
        found[{"Lead": "lead_records", "Contact": "contacts"}[path.stem], "f"] = from_file(
            here, path, "salesforce", UTC
        )
    return found


@pytest.fixture(scope="module")
def told(rows: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    here = make_company(tmp_path_factory.mktemp("salesforce")).home
    with warehouse(here) as con:
        raw.ensure(con)

        def land(name: str, via: str, at: Any, by_account: dict[str, list], op: str = "upsert") -> None:
            ways.land(here, con, "salesforce", STREAMS[name], via, by_account, op, at)

        for (name, way), theirs in ((key, theirs) for key, theirs in rows.items() if isinstance(key, tuple)):
            mixes = {mix: theirs for mix in MIXES if way in mix}
            land(name, WAYS[way], NOW, mixes | ({"later": theirs} if way == "a" else {}))
        for op, theirs in rows["after"].items():
            land("lead_records", "api", LATER, {"later": theirs}, op)
        at = {"SystemModstamp": stamp(LATER)}
        survivor = next(row for row in rows["lead_records", "a"] if row["Id"] == rows["merged"][1])
        become = {
            "IsConverted": True,
            "ConvertedDate": "2026-11-20",
            "ConvertedContactId": contact(rows)["Id"],
        }
        land("lead_records", "api", LATER + timedelta(minutes=1), {"later": [survivor | at | become]})
        land("contacts", "api", LATER, {"later": [contact(rows) | at | {"HasOptedOutOfEmail": True}]})
        won, gone = still_open(rows)[:2]
        closed = {"IsClosed": True, "IsWon": True, "CloseDate": "2026-11-20"}
        land("opportunities", "api", LATER, {"later": [won | at | closed]})
        land("opportunities", "api", LATER, {"later": [{"Id": gone["Id"], "IsDeleted": True} | at]}, "delete")
    kinds = ("--exclude-resource-types", "unit_test", "test")
    days = {"lifecycle_as_of": "2026-11-21", "permission_as_of": "2026-11-21"}
    inside.dbt(here.warehouse, "build", *kinds, "--select", "+int_platform_acts", "+events", **days)
    with duckdb.connect(str(here.warehouse), read_only=True) as reader:
        reader.execute("set TimeZone = 'UTC'")
        yield reader


def stamp(at: Any) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def contact(rows: Any) -> dict[str, Any]:
    """Who never was a lead, is with us and may be written to."""
    first = {row["ConvertedContactId"] for row in rows["lead_records", "a"]}
    return next(
        row
        for row in rows["contacts", "a"]
        if row["Id"] not in first and row["Email"] and not row["HasOptedOutOfEmail"]
    )


def still_open(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows["opportunities", "a"] if not row["IsClosed"]]


def found_in(con: Any, mix: str, columns: str, table: str, where: str = "true") -> set[tuple]:
    sql = f"select split_part(profile_id, ':', 4), {columns} from {table} where {where}"
    sql += " and platform = 'salesforce' and split_part(profile_id, ':', 2) = ?"
    return set(con.execute(sql, [mix]).fetchall())


def people(company: Company) -> Iterator[tuple[str, MailContact]]:
    for one in company.mail_contacts:
        if nodes.is_lead(one):
            yield "Lead", one
        if nodes.is_contact(one, NOW) and not nodes.deleted_at("Contact", one, NOW):
            yield "Contact", one


def test_everybody_comes_by_both_ways_but_who_was_deleted(rows, company):
    for stream, of in PEOPLE.items():
        keys = {nodes.key_of(of, one.contact_id) for kind, one in people(company) if kind == of}
        assert all({row["Id"] for row in rows[stream, way]} == keys for way in "af")


def test_both_ways_tell_the_same_people(told):
    columns = "email, phone, first_name, last_name, created_at"
    found = {mix: found_in(told, mix, columns, "contracts.profiles") for mix in MIXES}
    assert found["a"] == found["f"] == found["af"]
    assert not any("not provided" in str(row) for row in found["a"]), "what is not known is nothing"
    # An account's name is in a list of its own, of which the weekly export has another file.
    assert {one for _, one in found_in(told, "a", "company", "contracts.profiles")} == {
        None,
        "Atelier Exemple",
    }


def test_a_lead_and_the_contact_it_became_are_one(told, company):
    found = dict(found_in(told, "a", "platform_id", "contracts.profiles"))
    pairs = {
        (nodes.key_of("Lead", one.contact_id), nodes.key_of("Contact", one.contact_id))
        for kind, one in people(company)
        if kind == "Lead" and nodes.is_converted(one, NOW) and not nodes.deleted_at("Contact", one, NOW)
    }
    assert pairs and all(
        found[lead] == found[other] == f"salesforce:record:a:{other}" for lead, other in pairs
    )
    assert len(set(found.values())) <= len(found) - len(pairs)
    # Told once, when they came; and what their conversion means.
    listed = {
        key for key, _ in found_in(told, "a", "event_id", "contracts.events", "event_type = 'lead_imported'")
    }
    assert not listed & {other for _, other in pairs}
    sold = found_in(told, "a", "occurred_at::date", "contracts.events", "event_type = 'became_sql'")
    assert {(lead, day) for lead, day in sold if lead in {one for one, _ in pairs}} == {
        (nodes.key_of("Lead", one.contact_id), nodes.converted_at(one).date())
        for kind, one in people(company)
        if kind == "Lead" and nodes.key_of("Lead", one.contact_id) in {lead for lead, _ in pairs}
    }


def test_a_no_is_told_by_both_ways_and_there_is_no_yes(told, company):
    truth = {
        (nodes.key_of(of, one.contact_id), channel, "asserted_optout")
        for of, one in people(company)
        for channel, is_out, point in (
            ("email", nodes.has_left(one, NOW), one.email),
            ("phone", one.contact_id % 19 == 3, one.phone),
        )
        if is_out and point
    }
    assert {channel for _, channel, _ in truth} == {"email", "phone"}
    for mix in MIXES:
        assert found_in(told, mix, "channel, act", "contracts.int_platform_acts") == truth, mix


def test_bounces_are_dated_and_opportunities_no_orders(told, company, rows):
    dead = {
        (nodes.key_of(of, one.contact_id), at.replace(microsecond=0))
        for of, one in people(company)
        if (at := nodes.bounced_at(one, NOW))
    }
    assert (
        dead == found_in(told, "a", "occurred_at", "contracts.events", "event_type = 'hard_bounced'") and dead
    )
    kinds = {"open": 0, "deal_won": 0, "deal_lost": 0}
    for row in rows["opportunities", "a"]:
        kinds["deal_won" if row["IsWon"] else "deal_lost" if row["IsClosed"] else "open"] += 1
    assert all(kinds.values())
    found = told.execute(
        "select event_type, count(*) from contracts.events where platform = 'salesforce' and amount is null"
        " and split_part(profile_id, ':', 2) = 'a'"
        " and event_type in ('opportunity_opened', 'deal_won', 'deal_lost') group by all"
    ).fetchall()
    assert dict(found) == {"opportunity_opened": sum(kinds.values())} | {
        name: count for name, count in kinds.items() if name != "open"
    }


def test_merged_then_converted_is_one_with_the_contact(told, rows):
    loser, survivor = rows["merged"]
    assert [row["MasterRecordId"] for row in rows["after"]["upsert"] if row["Id"] == loser] == [survivor]
    found = dict(found_in(told, "later", "platform_id", "contracts.profiles"))
    assert found[loser] == found[survivor] == found[contact(rows)["Id"]]
    gone = told.execute(
        "select profile_id from staging.stg_salesforce__people where is_deleted and account = 'later'"
    ).fetchall()
    assert gone == [(f"salesforce:later:lead:{loser}",)]
    assert found_in(told, "later", "occurred_at", "contracts.int_platform_acts") >= {
        (contact(rows)["Id"], LATER)
    }


def test_an_opportunity_won_later_and_one_deleted(told, rows):
    won, gone = still_open(rows)[:2]
    columns = "event_type, ingested_at"
    for row, kinds in ((won, {"opportunity_opened", "deal_won"}), (gone, set())):
        where = f"evidence = 'salesforce:later:opportunity:{row['Id']}'"
        found = found_in(told, "later", columns, "contracts.events", where)
        assert {kind for _, kind, _ in found} == kinds
        assert all(at >= LATER for _, kind, at in found if kind == "deal_won"), "and not when it was opened"


def test_at_its_nastiest_everybody_lands_or_is_held_with_a_reason(company, tmp_path):
    """Refusals, cut answers, ended sessions, empty pages, records that come late or lack a promised field."""
    with running(company) as base_url:
        block = {"base_url": f"{base_url}/salesforce", "per_second": 5000, "account": "maison"}
        settings = make_company(tmp_path, platforms={"salesforce": block})
        troubles: dict[str, Any] = {name: {} for name in NASTY} | {
            "expired_token": {"probability": 0.2, "most": 4}
        }
        wish = {"faults": troubles, "seed": 3, "wait_seconds": 0.05, "slow_seconds": 0.05}
        assert requests.post(f"{base_url}/_sim/faults", json=wish, timeout=5).ok
        lacking = requests.get(f"{base_url}/_sim/missing", timeout=5).json()["salesforce"]
        with warehouse(settings.home) as con:
            read_hourly(con, settings, "salesforce", NOW, hours=4)
            here, held = {}, {}
            for stream in PEOPLE:
                keys = con.execute(f"select distinct _key from raw_salesforce.{stream}").fetchall()
                here[stream] = {key for (key,) in keys}
                refused = "select key from door.quarantine where stream = ? and status = 'held'"
                held[stream] = {key for (key,) in con.execute(refused, [stream]).fetchall()}
        fired = requests.get(f"{base_url}/_sim/stats", timeout=5).json()["faults"]["salesforce"]
    assert fired["expired_token"], "a session that ends is begun anew, and no run is the worse for it"
    for stream, of in PEOPLE.items():
        assert held[stream] == set(lacking[stream])
        truth = {nodes.key_of(of, one.contact_id) for kind, one in people(company) if kind == of}
        assert here[stream] | held[stream] >= truth
