"""What the door refused: nothing is lost, each command works once however often it is given."""

import json
from datetime import timedelta

import duckdb
import pytest
from homes import make_company
from landings import DAY_ONE, MEMBERS, STREAMS, drop

from connectors.stream import Stream
from pipelines import audit_log, audit_trail, raw
from pipelines.company import Company
from pipelines.door import command, commands
from pipelines.door.command import Malformed
from pipelines.door.decisions import decided
from pipelines.home import Home

LATER = DAY_ONE + timedelta(days=3)


@pytest.fixture
def home(tmp_path):
    return Home.at(tmp_path)


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        raw.ensure(con, STREAMS)
        yield con


def bad(con, home, **more):
    rows = [{"id": "a", "email": "nobody"}, {"id": "b", "email": "nowhere"}, {"id": "c"}]
    return raw.land(con, home, drop(home, rows, **more), DAY_ONE, STREAMS)


def decide(con, home, decision, ids, reason="why not", at=LATER, streams=STREAMS):
    """By command, and heard in the same step, as a run does it."""
    for said in decided(decision, ids, "ines", at, reason):
        assert commands.obey(con, command.send(home, said), at)
    return raw.rehear(con, home, at, streams)


def known(con):
    return con.execute(
        "select key, status, decided_by, decided_why, decided_at from door.quarantine order by key"
    ).fetchall()


def keys(con):
    return con.execute(
        "select _key, _first_seen_at, _ingested_at from raw_tillpoint.members order by 1"
    ).fetchall()


def test_refused_records_wait_with_their_reasons_and_the_rest_lands(con, home):
    landed = bad(con, home)
    assert (landed.read, landed.new, landed.refused) == (3, 1, 2)
    assert [(one.key, one.reasons) for one in raw.held(con)] == [
        ("a", ["email does not look as promised"]),
        ("b", ["email does not look as promised"]),
    ]


def test_the_same_bad_record_again_is_held_once(con, home):
    bad(con, home)
    bad(con, home)
    assert len(raw.held(con)) == 2


def test_replay_judges_by_todays_promises_and_keeps_the_arrival(con, home):
    bad(con, home)
    assert [one.refused for one in raw.replay(con, home, LATER, streams=STREAMS)] == [2]
    mended = {("tillpoint", "members"): Stream("members", MEMBERS.fetch, promises=())}
    assert [one.new for one in raw.replay(con, home, LATER, streams=mended)] == [2]
    assert keys(con) == [("a", DAY_ONE, LATER), ("b", DAY_ONE, LATER), ("c", DAY_ONE, DAY_ONE)]
    # Given twice.
    assert raw.replay(con, home, LATER, streams=mended) == []
    assert len(raw.held(con, "replayed")) == 2


def test_an_inbox_arrival_is_kept_through_quarantine(con, home):
    arrived = DAY_ONE - timedelta(hours=5)
    bad(con, home, via="webhook", arrived_at=arrived)
    raw.replay(con, home, LATER, accept=True, streams=STREAMS)
    assert keys(con)[0] == ("a", arrived, LATER)


def test_a_good_version_that_comes_by_itself_keeps_the_arrival_of_the_refused_one(con, home):
    bad(con, home)
    raw.land(con, home, drop(home, [{"id": "a", "email": "a@mail.example"}]), LATER, STREAMS)
    assert keys(con)[0] == ("a", DAY_ONE, LATER)


def test_an_operator_may_accept_one_and_let_another_go(con, home):
    bad(con, home)
    first, second = (one.quarantine_id for one in raw.held(con))
    assert decide(con, home, "accept", [first], "she spells it so")[0].new == 1
    assert decide(con, home, "dismiss", [second, first], "a test") == []
    both = [
        ("a", "replayed", "ines", "she spells it so", LATER),
        ("b", "dismissed", "ines", "a test", LATER),
    ]
    assert known(con) == both
    # Let go is let go: the same version is not asked about again, nor heard with all the others.
    bad(con, home)
    assert raw.replay(con, home, LATER, accept=True, streams=STREAMS) == []
    assert decide(con, home, "accept", [second]) == []
    assert known(con) == both
    # Unless somebody asks for it.
    decide(con, home, "reopen", [second, first])
    assert known(con) == [both[0], ("b", "held", None, None, None)]


def test_what_is_heard_again_in_vain_waits_for_the_next_to_decide(con, home):
    bad(con, home)
    ids = [one.quarantine_id for one in raw.held(con)]
    assert [one.refused for one in decide(con, home, "replay", ids, None)] == [2]
    assert {row[1:] for row in known(con)} == {("held", None, None, None)}
    assert raw.rehear(con, home, LATER, STREAMS) == [], "once asked for is once heard"
    mended = {("tillpoint", "members"): Stream("members", MEMBERS.fetch, promises=())}
    assert [one.new for one in decide(con, home, "replay", ids, None, streams=mended)] == [2]
    assert {row[1] for row in known(con)} == {"replayed"}


def test_killed_between_the_command_and_the_hearing_the_next_run_hears_it(con, home):
    bad(con, home)
    ids = [one.quarantine_id for one in raw.held(con)]
    [said] = decided("accept", ids, "ines", LATER, "all good")
    path = command.send(home, said)
    assert commands.obey(con, path, LATER)
    # Here it died. The same file once more is no second command.
    command.send(home, said)
    assert not commands.obey(con, path, LATER)
    assert [one.new for one in raw.rehear(con, home, LATER, STREAMS)] == [2]
    assert keys(con)[0] == ("a", DAY_ONE, LATER)


def test_let_go_before_its_hearing_it_is_not_heard(con, home):
    bad(con, home)
    ids = [one.quarantine_id for one in raw.held(con)]
    for decision in ("accept", "dismiss"):
        [said] = decided(decision, ids, "ines", LATER, "second thoughts")
        commands.obey(con, command.send(home, said), LATER)
    assert raw.rehear(con, home, LATER, STREAMS) == []
    assert {row[1] for row in known(con)} == {"dismissed"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": None},
        {"reason": "  "},
        {"records": []},
        {"records": ["'; drop table door.quarantine"]},
        {"records": "all"},
        {"command": "shred"},
        {"streams": ["members"]},
    ],
)
def test_a_decision_says_of_what_and_why(home, wrong):
    [said] = decided("dismiss", ["0" * 32], "ines", LATER, "a test")
    path = command.send(home, said)
    path.write_text(json.dumps(json.loads(path.read_text()) | wrong))
    with pytest.raises(Malformed):
        commands.read(path)


def test_very_many_are_several_commands(monkeypatch):
    monkeypatch.setattr("pipelines.door.decisions.MOST", 2)
    ids = [f"{n:032x}" for n in range(5)]
    found = decided("replay", ids, "ines", LATER)
    assert [one.records for one in found] == [ids[:2], ids[2:4], ids[4:]]


def test_who_decided_over_how_many_is_in_the_audit_log(con, tmp_path):
    company = make_company(tmp_path)
    bad(con, company.home)
    decide(con, company.home, "dismiss", [one.quarantine_id for one in raw.held(con)], "nobody@mail.example")
    assert audit_trail.catch_up(con, Company.at(company.home)) == 1
    [entry] = audit_log.entries(company.home)
    assert (entry.what, entry.by, entry.facts["records"]) == ("dismiss", "ines", 2)
    assert "nobody" not in (company.home.root / "data/audit.jsonl").read_text()


def test_what_has_no_key_cannot_be_accepted(con, home):
    raw.land(con, home, drop(home, [{"email": "a@mail.example"}]), DAY_ONE, STREAMS)
    assert [one.refused for one in raw.replay(con, home, LATER, accept=True, streams=STREAMS)] == [1]
    assert raw.held(con)[0].reasons == ["it has no key"]


def test_a_refused_state_that_comes_back_is_held_again(con, home):
    def land(**row):
        return raw.land(con, home, drop(home, [{"id": "a", **row}]), DAY_ONE, STREAMS)

    land(email="nobody", updated="2026-10-01T00:00:00Z")
    raw.replay(con, home, LATER, accept=True, streams=STREAMS)
    land(email="a@mail.example", updated="2026-10-02T00:00:00Z")
    # Accepted once, its version is known; it lands as any other.
    assert land(email="nobody", updated="2026-10-01T00:00:00Z").refused == 0


def test_a_reading_by_platform(con, home):
    bad(con, home)
    assert raw.held(con, platform="elsewhere") == []
    assert len(raw.held(con, platform="tillpoint")) == 2
