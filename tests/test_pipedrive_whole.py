"""Pipedrive from its platform to the contracts, by API, webhook and export, held against the truth: the
made-up company, which no server hands out.

Each way and mix is an account of its own, so that one small warehouse holds them all; `later` is told more:
one was merged into another, one left, a deal was won and one deleted.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import inside
import pytest
import requests
import ways
from homes import make_company
from tape import env, fetched, since_of
from troubled import read_hourly
from ways import MIXES, WAYS, from_file

from connectors import pipedrive
from pipelines import raw
from pipelines.warehouse_file import warehouse
from simulator import home
from simulator.clock import end_of
from simulator.company import make
from simulator.faults import NASTY
from simulator.model import Company, MailContact
from simulator.platforms.pipedrive import export, nodes, push
from simulator.server import running

pytestmark = pytest.mark.slow

UNTIL = date(2026, 11, 20)
NOW = end_of(UNTIL)
LATER = NOW + timedelta(hours=2)
STREAMS = {stream.name: stream for stream in pipedrive.STREAMS}


@pytest.fixture(scope="module")
def company() -> Company:
    return make(120, 7, UNTIL)


def client_at(base_url: str) -> Any:
    block = {"base_url": f"{base_url}/pipedrive/api/v2", "per_second": 5000}
    return pipedrive.client(env(block, home.SECRETS))


def pushed(client: Any, *words: Any, **more: Any) -> list[Any]:
    return list(pipedrive.WEBHOOK.receive(push.delivery(*words, **more)[1], client))


@pytest.fixture(scope="module")
def rows(company: Company, tmp_path_factory: pytest.TempPathFactory) -> dict[Any, Any]:
    """(stream, way) -> rows; `deleted` deals apart; what the webhook said of a merger."""
    with running(company) as base_url:
        client = client_at(base_url)
        found: dict[Any, Any] = {
            (name, "a"): [
                row
                for page in stream.fetch(client, "a", since_of({}))
                if page.op == "upsert"
                for row in page.rows
            ]
            for name, stream in STREAMS.items()
        }
        found["persons", "w"] = [
            row
            for told in found["persons", "a"]
            for hook in pushed(client, "change", told["id"], told)
            for row in hook.rows
        ]
        loser, survivor = (row["id"] for row in found["persons", "a"][:2])
        wish = {"platform": "pipedrive", "merge": [loser, survivor]}
        assert requests.post(f"{base_url}/_sim/settings", json=wish, timeout=5).ok
        found["hooks"] = pushed(client, "delete", loser, None, merged_to_id=str(survivor))
        found["after"] = fetched(STREAMS["persons"], client, "a", since_of({}))[0]
        found["merged"] = (loser, survivor)
    here = make_company(tmp_path_factory.mktemp("export")).home
    path = export.write(here.root / "export.csv", company.mail_contacts, NOW)
    found["persons", "f"] = from_file(here, path, "pipedrive")
    return found


@pytest.fixture(scope="module")
def told(rows: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    here = make_company(tmp_path_factory.mktemp("pipedrive")).home
    with warehouse(here) as con:
        raw.ensure(con)

        def land(name: str, via: str, at: Any, by_account: dict[str, list], op: str = "upsert") -> None:
            ways.land(here, con, "pipedrive", STREAMS[name], via, by_account, op, at)

        for (name, way), theirs in ((key, theirs) for key, theirs in rows.items() if isinstance(key, tuple)):
            mixes = {mix: theirs for mix in MIXES if way in mix}
            land(name, WAYS[way], NOW, mixes | ({"later": theirs} if way == "a" else {}))
        for hook in rows["hooks"]:
            land(hook.stream, "webhook", LATER, {"later": hook.rows}, hook.op)
        at = {"update_time": LATER.isoformat()}
        land("persons", "api", LATER, {"later": [leaver(rows) | at | {"marketing_status": "unsubscribed"}]})
        won, gone = still_open(rows)[:2]
        land("deals", "api", LATER, {"later": [won | at | {"status": "won", "won_time": LATER.isoformat()}]})
        land("deals", "api", LATER, {"later": [{"id": gone["id"], "is_deleted": True} | at]}, "delete")
    kinds = ("--exclude-resource-types", "unit_test", "test")
    days = {"lifecycle_as_of": "2026-11-21", "permission_as_of": "2026-11-21"}
    inside.dbt(here.warehouse, "build", *kinds, "--select", "+int_platform_acts", "+events", **days)
    with duckdb.connect(str(here.warehouse), read_only=True) as reader:
        reader.execute("set TimeZone = 'UTC'")
        yield reader


def leaver(rows: Any) -> dict[str, Any]:
    return next(
        row
        for row in rows["persons", "a"]
        if row["marketing_status"] == "subscribed" and row["id"] not in rows["merged"]
    )


def still_open(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows["deals", "a"] if row["status"] == "open" and row["person_id"]]


def found_in(con: Any, mix: str, columns: str, table: str, where: str = "true") -> set[tuple]:
    sql = f"select split_part(profile_id, ':', 4), {columns} from {table} where {where}"
    sql += " and platform = 'pipedrive' and split_part(profile_id, ':', 2) = ?"
    return set(con.execute(sql, [mix]).fetchall())


def there(company: Company) -> list[MailContact]:
    return [one for one in company.mail_contacts if not nodes.deleted_at(one, NOW)]


def test_everybody_comes_by_every_way_but_who_was_deleted(rows, company):
    keys = {one.contact_id for one in there(company)}
    assert all({row["id"] for row in rows["persons", way]} == keys for way in "awf")
    assert len(keys) < len(company.mail_contacts)


def test_every_way_and_mix_tells_the_same_people(told):
    columns = "email, phone, first_name, last_name, full_name, company, created_at"
    found = {mix: found_in(told, mix, columns, "contracts.profiles") for mix in MIXES}
    # An organization's name is in a list of its own, which no webhook brings.
    short = {row[:6] + row[7:] for row in found["w"]}
    assert all(found[mix] == found["a"] for mix in ("f", "aw", "af", "awf", "wf"))
    assert short == {row[:6] + row[7:] for row in found["a"]}
    assert {row[6] for row in found["a"]} == {None, "Atelier Exemple"}


def test_a_status_is_the_tools_word_and_what_is_none_is_nothing(told, company):
    truth = {
        (str(one.contact_id), {"subscribed": "asserted_grant", "unsubscribed": "asserted_optout"}[status])
        for one in there(company)
        if one.email and (status := nodes.status(one, NOW)) in ("subscribed", "unsubscribed")
    }
    assert {act for _, act in truth} == {"asserted_grant", "asserted_optout"}
    where = "channel = 'email' and purpose = 'marketing'"
    for mix in MIXES:
        assert found_in(told, mix, "act", "contracts.int_platform_acts", where) == truth, mix


def test_deals_are_opened_won_and_lost_and_no_orders(told, company, rows):
    truth = set()
    for one in there(company):
        if not nodes.has_deal(one) or one.created_at + timedelta(days=3) > NOW:
            continue
        row = nodes.deal(one, one.contact_id, NOW)
        if row["is_deleted"]:
            continue
        value = Decimal(str(row["value"])).quantize(Decimal("0.01"))
        ends = {"won": "deal_won", "lost": "deal_lost"}
        for kind in ("opportunity_opened", *([ends[row["status"]]] if row["status"] in ends else [])):
            truth.add((str(one.contact_id), kind, str(value), row["currency"]))
    columns = "event_type, details ->> '$.value', details ->> '$.currency'"
    where = "event_type in ('opportunity_opened', 'deal_won', 'deal_lost') and amount is null"
    found = {
        (key, kind, str(Decimal(value).quantize(Decimal("0.01"))), currency)
        for key, kind, value, currency in found_in(told, "a", columns, "contracts.events", where)
    }
    assert found == truth and {kind for _, kind, _, _ in truth} == {
        "opportunity_opened",
        "deal_won",
        "deal_lost",
    }
    assert any(row["is_archived"] for row in rows["deals", "a"]), "those put away are in a list of their own"


def test_who_was_merged_away_is_one_with_who_survived(told, rows):
    loser, survivor = map(str, rows["merged"])
    assert [hook.op for hook in rows["hooks"]] == ["upsert", "delete"]
    assert int(loser) not in {row["id"] for row in rows["after"]}, "the list does not tell it"
    found = dict(found_in(told, "later", "platform_id", "contracts.profiles"))
    assert found[loser] == found[survivor] == f"pipedrive:later:person:{survivor}"
    assert len(set(found.values())) == len(found) - 1, "nobody else is"
    gone = told.execute("select profile_id from staging.stg_pipedrive__persons where is_deleted").fetchall()
    assert gone == [(f"pipedrive:later:person:{loser}",)]


def test_a_later_no_a_deal_won_and_one_deleted(told, rows):
    acts = found_in(told, "later", "act, occurred_at", "contracts.int_platform_acts")
    assert (str(leaver(rows)["id"]), "asserted_optout", LATER) in acts
    won, gone = still_open(rows)[:2]
    columns = "event_type, occurred_at, ingested_at"
    ends = found_in(
        told, "later", columns, "contracts.events", f"evidence = 'pipedrive:later:deal:{won['id']}'"
    )
    assert (str(won["person_id"]), "deal_won", LATER, LATER) in ends and len(ends) == 2
    gone_id = f"pipedrive:later:deal:{gone['id']}"
    assert not found_in(told, "later", columns, "contracts.events", f"evidence = '{gone_id}'")


def test_at_its_nastiest_everybody_lands_or_is_held_with_a_reason(company, tmp_path):
    """Refusals, cut answers, empty and repeated pages, people that come late or lack a promised field."""
    with running(company) as base_url:
        block = {"base_url": f"{base_url}/pipedrive/api/v2", "per_second": 5000, "account": "maison"}
        settings = make_company(tmp_path, platforms={"pipedrive": block})
        # It is asked little: a token that is refused once for sure, else the usual troubles.
        troubles: dict[str, Any] = {name: {} for name in NASTY} | {
            "expired_token": {"probability": 1, "most": 1}
        }
        wish = {"faults": troubles, "seed": 3, "wait_seconds": 0.05, "slow_seconds": 0.05}
        assert requests.post(f"{base_url}/_sim/faults", json=wish, timeout=5).ok
        lacking = requests.get(f"{base_url}/_sim/missing", timeout=5).json()["pipedrive"]["persons"]
        with warehouse(settings.home) as con:
            said = read_hourly(con, settings, "pipedrive", NOW, hours=5)
            here = {
                key for (key,) in con.execute("select distinct _key from raw_pipedrive.persons").fetchall()
            }
            held = con.execute(
                "select key from door.quarantine"
                " where stream = 'persons' and status = 'held' and len(reasons) > 0"
            ).fetchall()
    assert {key for (key,) in held} == set(lacking)
    assert here | set(lacking) == {str(one.contact_id) for one in there(company)}
    assert "PIPEDRIVE_API_TOKEN" in said
