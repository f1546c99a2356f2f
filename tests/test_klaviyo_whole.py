"""Klaviyo from its platform to the contracts, by API, webhook and export, held against the truth: the made-up
company, which no server hands out.

Each way is an account of its own, so that one small warehouse holds them all; `a2` is read twice, before and
after two profiles were merged, one left and one was deleted.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import duckdb
import inside
import pytest
import requests
import ways
from homes import make_company
from tape import env, fetched, since_of
from troubled import read_hourly
from ways import from_file

from connectors import klaviyo
from pipelines import raw
from pipelines.warehouse_file import warehouse
from simulator import home
from simulator.clock import end_of
from simulator.company import make
from simulator.model import Company, ConsentState, MailContact
from simulator.platforms.klaviyo import export, nodes, push
from simulator.server import running

pytestmark = pytest.mark.slow

UNTIL = date(2026, 11, 20)
NOW = end_of(UNTIL)
LATER = NOW + timedelta(hours=2)
STREAMS = {stream.name: stream for stream in klaviyo.STREAMS}
WAYS = {"a": "api", "w": "webhook", "f": "file"}
MIXES = ("a", "w", "f", "aw", "af", "wf", "awf")


@pytest.fixture(scope="module")
def company() -> Company:
    """In which one more was put away by hand, and one more left a single list."""
    made = make(120, 7, UNTIL)
    here = [at for at, one in enumerate(made.mail_contacts) if is_in(one) and one.lists]
    put_away, left = (made.mail_contacts[at] for at in here[-2:])
    by_hand = ConsentState(NOW - timedelta(days=9), "email", "unsubscribed", reason="admin")
    made.mail_contacts[here[-2]] = replace(put_away, consents=(*put_away.consents, by_hand))
    made.mail_contacts[here[-1]] = replace(left, list_unsubscribed=((7, NOW - timedelta(days=5)),))
    return made


def is_in(contact: MailContact) -> bool:
    told = nodes.states(contact, "email", NOW)
    return bool(told) and told[-1].state == "subscribed"


def client_at(base_url: str) -> Any:
    return klaviyo.client(env({"base_url": f"{base_url}/klaviyo/api", "per_second": 5000}, home.SECRETS))


@pytest.fixture(scope="module")
def rows(company: Company, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Any]:
    """(stream, way) -> rows; `a2` after the merger of the first two who clicked."""
    with running(company) as base_url:
        client = client_at(base_url)
        found = {
            (name, "a"): fetched(stream, client, "a", since_of({}))[0] for name, stream in STREAMS.items()
        }
        hooks = [
            hook
            for row in found["events", "a"][::9]
            for hook in klaviyo.WEBHOOK.receive(push.delivery([row], "event:klaviyo.any", "t")[1], client)
        ]
        for name in ("profiles", "events"):
            told = [row for hook in hooks if hook.stream == name for row in hook.rows]
            found[name, "w"] = list({row["id"]: row for row in told}.values())
        clicked = [row for row in found["events", "a"] if row["metric_name"] == "Clicked Email"]
        loser, survivor = list(dict.fromkeys(owner(row) for row in clicked))[:2]
        wish = {"platform": "klaviyo", "merge": [loser, survivor]}
        assert requests.post(f"{base_url}/_sim/settings", json=wish, timeout=5).ok
        since = since_of({"since": (NOW - timedelta(hours=1)).isoformat()})
        for name in ("profiles", "events"):
            found[name, "a2"] = fetched(STREAMS[name], client, "a", since)[0]
        found["merged", ""] = (loser, survivor)
    here = make_company(tmp_path_factory.mktemp("export")).home
    path = export.write(here.root / "export.csv", company.mail_contacts, NOW)
    found["profiles", "f"] = from_file(here, path, "klaviyo")
    return found


def owner(row: dict[str, Any]) -> str:
    return row["relationships"]["profile"]["data"]["id"]


@pytest.fixture(scope="module")
def told(rows: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    here = make_company(tmp_path_factory.mktemp("klaviyo")).home
    with warehouse(here) as con:
        raw.ensure(con)

        def land(name: str, via: str, at: Any, by_account: dict[str, list], op: str = "upsert") -> None:
            ways.land(here, con, "klaviyo", STREAMS[name], via, by_account, op, at)

        for (name, way), theirs in rows.items():
            if way in WAYS:
                mixes = {mix: theirs for mix in MIXES if way in mix}
                land(name, WAYS[way], NOW, mixes | ({"a2": theirs} if way == "a" else {}))
        land("events", "api", LATER, {"a2": rows["events", "a2"]})
        left, gone = standing(rows, "FORM")[:2]
        mail = left["attributes"]["subscriptions"]["email"]["marketing"] | {
            "consent": "UNSUBSCRIBED",
            "suppression": [{"reason": "UNSUBSCRIBE", "timestamp": LATER.isoformat()}],
        }
        subscriptions = left["attributes"]["subscriptions"] | {"email": {"marketing": mail}}
        attributes = left["attributes"] | {"updated": LATER.isoformat(), "subscriptions": subscriptions}
        land("profiles", "api", LATER, {"a2": [left | {"attributes": attributes}]})
        land("profiles", "webhook", LATER, {"a2": [{"id": gone["id"]}]}, "delete")
    kinds = ("--exclude-resource-types", "unit_test", "test")
    days = {"lifecycle_as_of": "2026-11-21", "permission_as_of": "2026-11-21"}
    models = ("+int_platform_acts", "+events", "+spend", "+int_deliverability_events")
    inside.dbt(here.warehouse, "build", *kinds, "--select", *models, **days)
    with duckdb.connect(str(here.warehouse), read_only=True) as reader:
        reader.execute("set TimeZone = 'UTC'")
        yield reader


def standing(rows: Any, method: str) -> list[dict[str, Any]]:
    """Profiles subscribed in this way and not suppressed, apart from those that were merged."""
    found = [row for row in rows["profiles", "a"] if row["id"] not in rows["merged", ""]]
    found = [
        row for row in found if mail_of(row)["consent"] == "SUBSCRIBED" and not mail_of(row)["suppression"]
    ]
    return [row for row in found if mail_of(row)["method"] == method]


def mail_of(row: dict[str, Any]) -> dict[str, Any]:
    return row["attributes"]["subscriptions"]["email"]["marketing"]


def found_in(con: Any, mix: str, columns: str, table: str, where: str = "true") -> set[tuple]:
    sql = f"select split_part(profile_id, ':', 4), {columns} from {table} where {where}"
    sql += " and platform = 'klaviyo' and split_part(profile_id, ':', 2) = ?"
    return set(con.execute(sql, [mix]).fetchall())


def test_every_profile_comes_by_every_way(rows, company):
    there = {nodes.key_of(one) for one in company.mail_contacts}
    assert (
        {row["id"] for row in rows["profiles", "a"]} == {row["id"] for row in rows["profiles", "f"]} == there
    )
    assert rows["profiles", "w"] and {row["id"] for row in rows["profiles", "w"]} <= there


def test_the_webhook_tells_what_the_api_does(rows):
    for name in ("profiles", "events"):
        by_key = {row["id"]: row for row in rows[name, "a"]}
        assert rows[name, "w"] == [by_key[row["id"]] for row in rows[name, "w"]]


def test_every_way_and_mix_tells_the_same_people(told):
    columns = "email, phone, first_name, last_name, company, created_at"
    found = {mix: found_in(told, mix, columns, "contracts.profiles") for mix in MIXES}
    assert all(found[mix] == found["a"] for mix in MIXES if mix != "w")
    assert found["w"] and found["w"] <= found["a"]


def test_a_yes_is_worth_what_proves_it(told, rows):
    acts: dict[str, set] = {}
    where = "channel = 'email' and purpose = 'marketing' and act <> 'implied_start'"
    for key, act, at in found_in(told, "a", "act, occurred_at", "contracts.int_platform_acts", where):
        acts.setdefault(key, set()).add((act, at.isoformat()[:19]))
    kinds = set()
    for row in rows["profiles", "a"]:
        mail, said = mail_of(row), {act for act, _ in acts.get(row["id"], ())}
        if mail["consent"] == "NEVER_SUBSCRIBED":
            assert mail["can_receive_email_marketing"] and not said, "implicit permission is nobody's yes"
        elif mail["consent"] == "SUBSCRIBED":
            wanted = {"grant", "confirm"} if mail["double_optin"] else {"grant"}
            if mail["method"] in ("API", "MANUAL_IMPORT"):
                wanted = {"asserted_grant"}
            day = mail["consent_timestamp"].replace(" ", "T")[:19]
            assert {act for act, at in acts[row["id"]] if at == day} >= wanted, mail
            kinds.add(tuple(sorted(wanted)))
    assert len(kinds) == 3, "each kind of yes is among them"
    # What only an export says is never more than the tool's word, but for who left or complained.
    exported = {act for _, act in found_in(told, "f", "act", "contracts.int_platform_acts", where)}
    assert exported == {"asserted_grant", "asserted_optout", "withdraw", "complaint"}


REASONS = {"unsubscribed": "withdraw", "complaint": "complaint", "admin": "asserted_optout"}


def test_who_left_and_why_is_dated(told, company):
    where = "channel = 'email' and purpose = 'marketing'"
    where += " and act in ('withdraw', 'complaint', 'asserted_optout')"
    found = found_in(told, "a", "act, occurred_at", "contracts.int_platform_acts", where)
    found = {(key, act, at.replace(microsecond=0)) for key, act, at in found}
    truth = {
        (nodes.key_of(one), REASONS[reason], state.at.replace(microsecond=0))
        for one, state, reason in goodbyes(company)
        # Of what a profile was suppressed for, only the present is told; goodbyes are events of their own.
        if reason in REASONS and (reason != "admin" or state == nodes.states(one, "email", NOW)[-1])
    }
    assert {act for _, act, _ in truth} == set(REASONS.values())
    assert truth <= found
    assert {(key, at) for key, act, at in found if act != "asserted_optout"} <= {
        (k, at) for k, _, at in truth
    }
    dead = {nodes.key_of(one) for one, state, reason in goodbyes(company) if reason == "hard_bounce"}
    assert dead and not {key for key, _, _ in found} & dead - {key for key, _, _ in truth}


def goodbyes(company: Company) -> Iterator[tuple[MailContact, Any, str]]:
    for one in company.mail_contacts:
        for state in one.consents:
            if state.state == "unsubscribed" and state.channel == "email" and state.at <= NOW:
                yield one, state, state.reason or "unsubscribed"


def test_one_list_left_closes_that_one(told, company):
    found = found_in(told, "a", "act, purpose", "contracts.int_platform_acts", "purpose like 'newsletter:%'")
    truth = {
        (nodes.key_of(one), "withdraw", f"newsletter:{nodes.LISTS[listed]}")
        for one in company.mail_contacts
        for listed, at in one.list_unsubscribed
        if at <= NOW and is_in(one)
    }
    assert found == truth and truth


def test_text_messages_have_their_own_yes(told, company):
    found = found_in(told, "a", "act", "contracts.int_platform_acts", "channel = 'sms'")
    yes = {
        nodes.key_of(one)
        for one in company.mail_contacts
        if (told_sms := nodes.states(one, "sms", NOW)) and told_sms[-1].state == "subscribed" and one.phone
    }
    assert {key for key, act in found if act == "grant"} == yes and yes


def test_what_people_did_is_told_in_our_words_and_no_opens(told, rows):
    found = told.execute(
        "select event_type, count(*) from contracts.events where platform = 'klaviyo'"
        " and split_part(profile_id, ':', 2) = 'a' group by all"
    ).fetchall()
    kinds, names = dict(found), [row["metric_name"] for row in rows["events", "a"]]
    assert not {"Opened Email", "Received Email", "Placed Order"} & set(names)
    for name, kind in (
        ("Clicked Email", "email_clicked"), ("Quote Requested", "quote_requested"),
        ("Added to Cart", "add_to_cart"), ("Active on Site", "site_visit"),
        ("Marked Email as Spam", "complained"), ("Unsubscribed from Email Marketing", "unsubscribed"),
    ):  # fmt: skip
        assert kinds[kind] == names.count(name) > 0, name
    assert kinds["hard_bounced"] > 0 and kinds["hard_bounced"] + kinds["soft_bounced"] == names.count(
        "Bounced Email"
    )
    # A click belongs to the campaign whose message it was in.
    clicked = "event_type = 'email_clicked' and channel = 'newsletter'"
    campaigns = {one for _, one in found_in(told, "a", "campaign_id", "contracts.events", clicked)}
    assert None not in campaigns and campaigns <= {row["id"] for row in rows["campaigns", "a"]}


def test_campaigns_have_their_figures_archived_ones_too(told, company):
    sent = [one for one in company.mail_campaigns if one.sent_at <= NOW]
    found = told.execute(
        "select count(*), sum(reach), sum(clicks) from contracts.spend"
        " where platform = 'klaviyo' and account = 'a'"
    ).fetchone()
    assert found == (len(sent), sum(one.delivered for one in sent), sum(one.unique_clicks for one in sent))


def test_who_was_merged_away_is_one_with_who_survived(told, rows):
    loser, survivor = rows["merged", ""]
    assert loser not in {row["id"] for row in rows["profiles", "a2"]}
    found = dict(found_in(told, "a2", "platform_id", "contracts.profiles"))
    assert found[loser] == found[survivor] == f"klaviyo:a2:profile:{survivor}"
    assert len({number for key, number in found.items() if key != loser}) == len(found) - 1, "nobody else is"
    # What the one did before is told of the other; nothing is there twice.
    clicks = "event_type = 'email_clicked'"
    before = found_in(told, "a", "event_id", "contracts.events", clicks)
    after = found_in(told, "a2", "event_id", "contracts.events", clicks)
    assert len(before) == len(after) and loser not in {key for key, _ in after}


def test_a_later_no_and_a_deletion(told, rows):
    left, gone = (row["id"] for row in standing(rows, "FORM")[:2])
    columns = "act, occurred_at"
    where = "channel = 'email' and purpose = 'marketing'"
    acts = [
        row for row in found_in(told, "a2", columns, "contracts.int_platform_acts", where) if row[0] == left
    ]
    assert (left, "withdraw", LATER) in acts and "grant" in {act for _, act, _ in acts}
    deleted = told.execute("select profile_id from staging.stg_klaviyo__profiles where is_deleted").fetchall()
    assert {key for (key,) in deleted} == {
        f"klaviyo:a2:profile:{gone}",
        f"klaviyo:a2:profile:{rows['merged', ''][0]}",
    }


def test_at_its_nastiest_every_profile_lands_or_is_held_with_a_reason(company, tmp_path):
    """Refusals, cut answers, empty and repeated pages, profiles that come late or lack a promised field."""
    with running(company, faults="nasty", seed=3) as base_url:
        block = {"base_url": f"{base_url}/klaviyo/api", "per_second": 5000, "account": "maison"}
        settings = make_company(tmp_path, platforms={"klaviyo": block})
        requests.post(f"{base_url}/_sim/faults", json={"wait_seconds": 0.05, "slow_seconds": 0.05}, timeout=5)
        lacking = requests.get(f"{base_url}/_sim/missing", timeout=5).json()["klaviyo"]["profiles"]
        with warehouse(settings.home) as con:
            said = read_hourly(con, settings, "klaviyo", NOW, hours=4)
            here = {
                key for (key,) in con.execute("select distinct _key from raw_klaviyo.profiles").fetchall()
            }
            held = con.execute(
                "select key from door.quarantine"
                " where stream = 'profiles' and status = 'held' and len(reasons) > 0"
            ).fetchall()
    assert {key for (key,) in held} == set(lacking)
    assert here | set(lacking) == {nodes.key_of(one) for one in company.mail_contacts}
    assert "KLAVIYO_API_KEY" in said, "no key was refused: take another seed"
