"""Mailchimp from its platform to the contracts, by API, webhook and export and in any mix, held against the
truth.

Every audience is an account; here every mix is one of its own, so that one small warehouse holds them all.
The truth is the made-up company, which no server hands out.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any

import duckdb
import inside
import pytest
import requests
from homes import make_company
from tape import env, fetched, since_of
from troubled import read_hourly
from ways import MIXES, WAYS, from_file, mixed

from connectors import mailchimp
from connectors.landing import LandingWriter
from pipelines import raw
from pipelines.home import Home
from pipelines.warehouse_file import warehouse
from simulator import home
from simulator.clock import end_of
from simulator.company import make
from simulator.model import Company
from simulator.platforms.mailchimp import export, nodes, push
from simulator.server import running

pytestmark = pytest.mark.slow

UNTIL = date(2026, 11, 20)
NOW = end_of(UNTIL)
LATER = NOW + timedelta(hours=2)
AUDIENCE = nodes.AUDIENCES[0]
STREAMS = {stream.name: stream for stream in mailchimp.STREAMS}


@pytest.fixture(scope="module")
def company() -> Company:
    return make(120, 7, UNTIL)


@pytest.fixture(scope="module")
def rows(company: Company, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[Any]]:
    """(stream, way) -> rows."""
    with running(company) as base_url:
        client = mailchimp.client(
            env({"base_url": f"{base_url}/mailchimp/3.0", "per_second": 500}, home.SECRETS)
        )
        found = {
            (name, "a"): fetched(stream, client, AUDIENCE.list_id, since_of({}))[0]
            for name, stream in STREAMS.items()
        }
        found["members", "w"] = [
            row
            for contact in nodes.members(AUDIENCE, company.mail_contacts)
            for told in mailchimp.WEBHOOK.receive(push.delivery(contact, AUDIENCE, NOW)[1], client)
            for row in told.rows
        ]
    here = make_company(tmp_path_factory.mktemp("export")).home
    path = export.write(here.root / "export.zip", AUDIENCE, company.mail_contacts, NOW)
    found["members", "f"] = from_file(here, path, "mailchimp", UTC)
    return found


@pytest.fixture(scope="module")
def told(rows: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The contracts over every mix; of the account `changed` some members changed after the first pull."""
    here = make_company(tmp_path_factory.mktemp("mailchimp")).home
    with warehouse(here) as con:
        raw.ensure(con)
        for batch in [*mixed(here, "mailchimp", STREAMS, rows, NOW), *changed(here, rows)]:
            landed = raw.land(con, here, batch, LATER)
            assert (landed.failed_reason, landed.refused) == (None, 0), landed
    kinds = ("--exclude-resource-types", "unit_test", "test")
    days = {"lifecycle_as_of": "2026-11-21", "permission_as_of": "2026-11-21"}
    models = ("+int_platform_acts", "+events", "+spend", "+int_deliverability_events")
    inside.dbt(here.warehouse, "build", *kinds, "--select", *models, **days)
    with duckdb.connect(str(here.warehouse), read_only=True) as reader:
        reader.execute("set TimeZone = 'UTC'")
        yield reader


def changed(here: Home, rows: Any) -> Iterator[str]:
    """Three members of a first pull, and what a second one tells of them; a fourth is deleted, by webhook."""
    left, back, moved, gone = standing(rows, "subscribed", has_signed_up=True)[:4]
    first = LandingWriter(here.landing, "mailchimp", STREAMS["members"], "api", NOW)
    first.write("changed", [left, {**back, "status": "unsubscribed"}, moved, gone], "upsert", NOW, NOW)
    yield first.commit()
    at = {"last_changed": LATER.isoformat()}
    new = "moved@poste.example"
    tagged = {**left, **at, "tags_count": 1, "interests": dict.fromkeys(left["interests"], True)}
    second = LandingWriter(here.landing, "mailchimp", STREAMS["members"], "api", LATER)
    second.write(
        "changed",
        [tagged, {**back, **at}, {**moved, **at, "id": nodes.key_of(new), "email_address": new}],
        "upsert",
        LATER,
        LATER,
    )
    yield second.commit()
    bye = {**tagged, "status": "unsubscribed", "last_changed": (LATER + timedelta(hours=1)).isoformat()}
    third = LandingWriter(here.landing, "mailchimp", STREAMS["members"], "api", LATER)
    third.write("changed", [bye], "upsert", LATER, LATER)
    yield third.commit()
    last = LandingWriter(here.landing, "mailchimp", STREAMS["members"], "webhook", LATER)
    last.write("changed", [{"id": gone["id"], "list_id": AUDIENCE.list_id}], "delete", LATER, LATER)
    yield last.commit()


def standing(rows: Any, status: str, has_signed_up: bool) -> list[dict[str, Any]]:
    found = [row for row in rows["members", "a"] if row["status"] == status]
    return [row for row in found if mailchimp.has_signed_up(row) == has_signed_up]


def by_mix(con: duckdb.DuckDBPyConnection, columns: str, table: str, where: str = "true") -> dict[str, set]:
    found: dict[str, set[tuple]] = {mix: set() for mix in (*MIXES, "changed")}
    sql = f"select split_part(profile_id, ':', 2), split_part(profile_id, ':', 4), {columns} from {table}"
    for mix, *row in con.execute(f"{sql} where platform = 'mailchimp' and {where}").fetchall():
        found[mix].add(tuple(row))
    return found


def test_every_member_in_every_state_comes_by_every_way(rows, company):
    there = {nodes.key_of(one.email) for one in nodes.members(AUDIENCE, company.mail_contacts)}
    states = {}
    for way in WAYS:
        assert {row["id"] for row in rows["members", way]} == there
        states[way] = {row["id"]: row["status"] for row in rows["members", way]}
    assert states["a"] == states["w"] == states["f"]
    assert set(states["a"].values()) == mailchimp.STATUSES


def test_every_way_and_mix_tells_the_same_people(told):
    found = by_mix(told, "email, phone, first_name, last_name, created_at", "contracts.profiles")
    assert not {mix: odd for mix in MIXES if (odd := found[mix] ^ found["a"])}
    doubled = "select count(*) - count(distinct profile_id) from contracts.profiles"
    assert told.execute(doubled).fetchone() == (0,)


def test_every_way_and_mix_tells_the_same_story_of_members(told, rows):
    of_members = "event_type in ('newsletter_signup', 'lead_imported')"
    found = by_mix(told, "event_type, occurred_at", "contracts.events", of_members)
    assert not {mix: odd for mix in MIXES if (odd := found[mix] ^ found["a"])}
    signed_up = {row["id"] for row in rows["members", "a"] if mailchimp.has_signed_up(row)}
    assert {key for key, kind, _ in found["a"] if kind == "newsletter_signup"} == signed_up
    assert len(found["a"]) == len(rows["members", "a"])


def test_a_no_is_told_by_every_way_and_mix(told, rows):
    found = by_mix(
        told, "act", "contracts.int_platform_acts", "act = 'asserted_optout' and channel = 'email'"
    )
    gone = {(row["id"], "asserted_optout") for row in rows["members", "a"] if row["status"] == "unsubscribed"}
    assert gone
    assert all(found[mix] == gone for mix in MIXES)


def test_a_yes_is_worth_what_proves_it(told, rows):
    where = "channel = 'email' and purpose = 'marketing'"
    found = by_mix(told, "act, needs_confirmation", "contracts.int_platform_acts", where)
    acts: dict[str, set] = {}
    for key, act, waits in found["a"]:
        acts.setdefault(key, set()).add((act, waits))
    yes = {("grant", False), ("confirm", False), ("asserted_grant", False)}
    for row in rows["members", "a"]:
        told_of = acts.get(row["id"], set())
        if row["status"] in ("transactional", "cleaned", "archived", "unsubscribed"):
            assert not told_of & yes, row["status"]
        elif row["status"] == "pending":
            assert told_of == {("grant", True)}
        elif row["timestamp_opt"] > row["timestamp_signup"] > "":
            assert told_of >= {("grant", False), ("confirm", False)}
        else:
            assert ("grant", False) in told_of and ("confirm", False) not in told_of
    # What only an export says is never more than the tool's word.
    assert {act for _, act, _ in found["f"]} == {"asserted_grant", "asserted_optout", "grant"}
    assert {waits for _, act, waits in found["f"] if act == "grant"} == {True}
    assert found["w"] == {one for one in found["a"] if one[1] not in ("withdraw", "complaint")}


def test_permissions_and_interests_keep_their_words(told, rows):
    where = "channel = 'post' or purpose like 'newsletter:%'"
    found = by_mix(told, "channel, act, wording_text", "contracts.int_platform_acts", f"({where})")
    assert {(channel, act, words) for _, channel, act, words in found["a"]} == {
        ("email", "asserted_grant", "Vos envies: Lampes"),
        ("email", "asserted_grant", "Vos envies: Tables"),
    }, "a permission for the post bears on an address, and nobody gave one"
    assert not found["f"], "the export tells neither"


def test_a_goodbye_and_a_complaint_are_dated_by_the_letter(told, company):
    found = by_mix(
        told, "act, occurred_at", "contracts.int_platform_acts", "act in ('withdraw', 'complaint')"
    )
    truth = set()
    first = min(letter.sent_at for letter in company.mail_campaigns)
    for contact in nodes.members(AUDIENCE, company.mail_contacts):
        for state in contact.consents:
            reason = state.reason or "unsubscribed"
            if state.state == "unsubscribed" and state.channel == "email" and first <= state.at <= NOW:
                act = {"unsubscribed": "withdraw", "complaint": "complaint"}.get(reason)
                truth |= (
                    {(nodes.key_of(contact.email), act, state.at.replace(microsecond=0))} if act else set()
                )
    assert {act for _, act, _ in truth} == {"withdraw", "complaint"}
    assert {(key, act, at.replace(microsecond=0)) for key, act, at in found["a"]} == truth


def test_clicks_and_bounces_but_no_opens(told, rows):
    kinds = told.execute(
        "select event_type, count(*) from contracts.events where platform = 'mailchimp' and "
        "split_part(profile_id, ':', 2) = 'a' and campaign_id is not null group by all"
    ).fetchall()
    acts = [row["action"] for row in rows["activity", "a"]]
    assert "open" not in acts
    assert dict(kinds)["email_clicked"] == acts.count("click") > 0
    cleaned = sum(row["status"] == "cleaned" for row in rows["members", "a"])
    dead = told.execute(
        "select count(distinct contact_value) from consent.int_deliverability_events"
        " where kind = 'hard_bounce'"
    ).fetchone()
    assert dead[0] >= cleaned > 0


def test_letters_have_their_figures(told, company):
    sent = [letter for letter in company.mail_campaigns if letter.sent_at <= NOW]
    found = told.execute(
        "select count(*), sum(reach), sum(clicks) from contracts.spend"
        " where platform = 'mailchimp' and account = 'a'"
    ).fetchone()
    arrived = sum(letter.sent - letter.hard_bounces - letter.soft_bounces for letter in sent)
    assert found == (len(sent), arrived, sum(letter.unique_clicks for letter in sent))


def test_a_state_is_an_act_only_when_it_changes(told, rows):
    left, back, moved, gone = (row["id"] for row in standing(rows, "subscribed", has_signed_up=True)[:4])
    where = "channel = 'email' and purpose = 'marketing'"
    found = by_mix(told, "act, reason, occurred_at", "contracts.int_platform_acts", where)["changed"]
    acts = {key: [(act, reason) for one, act, reason, _ in sorted(found, key=lambda r: r[3]) if one == key]
            for key in (left, back, moved, gone)}  # fmt: skip
    # A tag moves the date of the last change and nothing else.
    assert [act for act, _ in acts[left] if act != "confirm"] == ["grant", "asserted_optout"]
    # Let in again with the old proof: somebody's click in the tool, and no word of theirs.
    assert sorted(act for act, _ in acts[back]) == ["asserted_grant", "asserted_optout"]
    assert acts[moved][-1] == ("asserted_optout", "replaced by another address in the mail tool")
    assert "grant" in {act for act, _ in acts[gone]}


def test_a_deleted_member_keeps_their_number_and_a_moved_one_is_the_same(told, rows):
    _, _, moved, gone = standing(rows, "subscribed", has_signed_up=True)[:4]
    found = by_mix(told, "platform_id", "contracts.profiles")["changed"]
    assert gone["id"] in {key for key, _ in found}
    contact = f"mailchimp:contact:changed:{moved['contact_id']}"
    assert {key for key, number in found if number == contact} == {
        moved["id"],
        nodes.key_of("moved@poste.example"),
    }
    deleted = told.execute(
        "select profile_id from staging.stg_mailchimp__members where is_deleted"
    ).fetchall()
    assert deleted == [(f"mailchimp:changed:member:{gone['id']}",)]


def test_two_audiences_are_two_members_with_a_state_each(company):
    with running(company) as base_url:
        client = mailchimp.client(
            env({"base_url": f"{base_url}/mailchimp/3.0", "per_second": 500}, home.SECRETS)
        )
        assert list(mailchimp.audiences(client)) == [one.list_id for one in nodes.AUDIENCES]
        both = [fetched(STREAMS["members"], client, one.list_id, since_of({}))[0] for one in nodes.AUDIENCES]
        states = [{row["id"]: row["status"] for row in rows} for rows in both]
        common = states[0].keys() & states[1].keys()
        assert any(states[0][key] != states[1][key] for key in common)
        # Erased in one audience, the other has them still.
        row = next(row for row in both[0] if row["id"] in common)
        assert mailchimp.erase_member(client, row["id"], row) == "erased"
        assert mailchimp.erase_member(client, row["id"], row) == "not_there"
        (hook,) = mailchimp.WEBHOOK.receive(
            push.delivery(replace(company.mail_contacts[0], email=row["email_address"]), AUDIENCE, NOW)[1],
            client,
        )
        assert (hook.op, hook.account, hook.rows[0]["id"]) == ("delete", AUDIENCE.list_id, row["id"])


def test_at_its_nastiest_every_member_lands_or_is_held_with_a_reason(company, tmp_path):
    """Refusals, cut answers, empty and repeated pages, members that come late or without a promised field."""
    with running(company, faults="nasty", seed=3) as base_url:
        block = {"base_url": f"{base_url}/mailchimp/3.0", "per_second": 500}
        settings = make_company(tmp_path, platforms={"mailchimp": block})
        requests.post(f"{base_url}/_sim/faults", json={"wait_seconds": 0.05, "slow_seconds": 0.05}, timeout=5)
        lacking = requests.get(f"{base_url}/_sim/missing", timeout=5).json()["mailchimp"]["members"]
        with warehouse(settings.home) as con:
            said = read_hourly(con, settings, "mailchimp", NOW, hours=4)
            here = set(con.execute("select distinct _account, _key from raw_mailchimp.members").fetchall())
            held = con.execute(
                "select key from door.quarantine"
                " where stream = 'members' and status = 'held' and len(reasons) > 0"
            ).fetchall()
    everybody = {
        (one.list_id, nodes.key_of(contact.email))
        for one in nodes.AUDIENCES
        for contact in nodes.members(one, company.mail_contacts)
    }
    assert {key for (key,) in held} == set(lacking)
    assert here | {one for one in everybody if one[1] in lacking} == everybody
    assert "MAILCHIMP_API_KEY" in said, "no key was refused: take another seed"
