"""What the door refused: nothing is lost, each command works once however often it is given."""

from datetime import timedelta

import duckdb
import pytest
from landings import DAY_ONE, MEMBERS, STREAMS, drop

from connectors.stream import Stream
from pipelines import raw
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
    assert raw.replay(con, home, LATER, [first], accept=True, streams=STREAMS)[0].new == 1
    assert raw.dismiss(con, [second], LATER) == 1
    assert raw.dismiss(con, [second, first], LATER) == 0
    assert raw.held(con) == []
    # Let go is let go: the same version is not asked about again.
    bad(con, home)
    assert raw.held(con) == []


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
