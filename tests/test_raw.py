"""The door: landing twice changes nothing, order and batch size change nothing, a crash loses nothing."""

import gzip
import hashlib
import itertools
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landings import DAY_ONE, MEMBERS, SHOPS, STREAMS, drop, latest, nothing

from connectors.landing import LandingWriter, state_of
from connectors.stream import Announced, Stream
from pipelines import raw
from pipelines.door import changelog, gone, incoming, judge
from pipelines.home import Home
from pipelines.warehouse_file import WarehouseBusy, connect_patiently, warehouse


@pytest.fixture
def home(tmp_path):
    return Home.at(tmp_path)


@pytest.fixture
def con():
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    raw.ensure(con, STREAMS)
    yield con
    con.close()


def land(con, home, batch, at=DAY_ONE):
    return raw.land(con, home, batch, at, STREAMS)


def rows(con, columns="_key, payload ->> '$.email'", order="_changed_at, _fetched_at"):
    return con.execute(f"select {columns} from raw_tillpoint.members order by {order}").fetchall()


def member(key="a", day=1, **more):
    return {"id": key, "updated": f"2026-10-{day:02d}T00:00:00Z", "created": "2026-09-01T00:00:00Z", **more}


# -- the change log --------------------------------------------------------------------------------


def test_pulling_twice_changes_nothing(con, home):
    assert land(con, home, drop(home, [member(), member("b")])).new == 2
    again = land(con, home, drop(home, [member("b"), member()]))
    assert (again.read, again.new) == (2, 0)
    assert len(rows(con)) == 2


def test_two_pulls_side_by_side_add_each_version_once(con, home):
    """The one that fetched first may well land last."""
    first, second = (
        drop(home, [member(), member(day=2, state="out")], fetched_at=DAY_ONE + timedelta(seconds=s))
        for s in (1, 2)
    )
    assert land(con, home, second).new == 2
    assert land(con, home, first).new == 0


def test_a_batch_landed_once_is_a_no_op_and_its_files_go(con, home):
    batch = drop(home, [member()])
    kept = {path.name: path.read_bytes() for path in home.landing.iterdir()}
    assert land(con, home, batch).new == 1
    assert not list(home.landing.iterdir())
    # The crash between commit and delete: the files are still there.
    for name, content in kept.items():
        (home.landing / name).write_bytes(content)
    assert land(con, home, batch).new == 0
    assert not list(home.landing.iterdir())
    assert con.execute("select count(*) from door.batches").fetchone() == (1,)


def test_a_flag_that_goes_and_comes_back_is_three_versions(con, home):
    for day, state in enumerate(("in", "out", "in"), 1):
        land(con, home, drop(home, [member(day=day, state=state)]))
    assert [s for (s,) in rows(con, "payload ->> '$.state'")] == ["in", "out", "in"]


def test_an_old_file_landed_late_takes_its_old_place(con, home):
    def flags():
        return con.execute(
            "select payload ->> '$.name' from raw_tillpoint.shops order by _fetched_at, _version"
        ).fetchall()

    def export(name, day):
        made = datetime(2026, 5, day, tzinfo=UTC)
        land(con, home, drop(home, [{"id": "1", "name": name}], stream=SHOPS, via="file", fetched_at=made))

    export("March", 3)
    export("March", 25)
    assert flags() == [("March",)]
    # Between two sightings of "March": then the second is proof that it came back.
    export("April", 14)
    assert flags() == [("March",), ("April",), ("March",)]


def test_each_way_keeps_its_own_chain(con, home):
    land(con, home, drop(home, [member()]))
    land(con, home, drop(home, [member()], via="file"))
    assert rows(con, "_via", "_via") == [("api",), ("file",)]


def test_first_seen_is_the_arrival_and_never_rewritten(con, home):
    arrived = DAY_ONE - timedelta(hours=3)
    land(con, home, drop(home, [member()], via="webhook", arrived_at=arrived))
    earlier = arrived - timedelta(days=1)
    land(con, home, drop(home, [member(day=2)], via="webhook", arrived_at=earlier), DAY_ONE)
    land(con, home, drop(home, [member(day=3)]), DAY_ONE + timedelta(days=1))
    assert set(rows(con, "_first_seen_at")) == {(arrived,)}


def test_the_ingest_clock_never_runs_backwards(con, home):
    land(con, home, drop(home, [member()]), DAY_ONE)
    land(con, home, drop(home, [member(day=2)]), DAY_ONE - timedelta(days=9))
    assert set(rows(con, "_ingested_at")) == {(DAY_ONE,)}
    assert raw.ingest_time(con, DAY_ONE + timedelta(1)) == DAY_ONE + timedelta(1)


def test_a_deletion_is_a_version_without_promises(con, home):
    land(con, home, drop(home, [member()]))
    gone = land(con, home, drop(home, [{"id": "a"}], op="delete"))
    assert (gone.new, gone.refused) == (1, 0)


def test_an_unknown_field_never_breaks_a_load(con, home):
    assert land(con, home, drop(home, [member(brand_new={"deep": [1, None, "é\u2028"]})])).new == 1


# -- invariant 1 -----------------------------------------------------------------------------------

FLAGS = Stream("flags", nothing, key="id", changed_at="t", volatile=("t",), counted="present")
T0 = datetime(2026, 1, 1, tzinfo=UTC)
SIGHTING = st.tuples(
    st.sampled_from(["api", "webhook", "file"]),
    st.sampled_from(["x", "y"]),  # account
    st.sampled_from(["a", "b"]),  # key
    st.sampled_from(["upsert", "upsert", "upsert", "delete"]),
    st.sampled_from([0, 1]),  # the state
    st.one_of(st.none(), st.integers(0, 3)),  # changed
    st.integers(0, 5),  # fetched
)
# What dbt's history() and latest() show, without their merging of ways.
HISTORY = """
    with placed as (
        select *, coalesce(_changed_at, _fetched_at) as _time,
            lag((_version, _op)) over (
                partition by _account, _key, _via
                order by coalesce(_changed_at, _fetched_at), _fetched_at, _version, _op
            ) as before
        from raw_toy.flags
    )
    -- Not `_fetched_at`: when we looked is no part of what a record's history tells.
    select _via, _account, _key, _time, _version, _op, _first_seen_at, _ingested_at, _fetched_at
    from placed where before is distinct from (_version, _op)
    order by all
"""
LATEST = f"""
    with history as ({HISTORY})
    select _via, _account, _key, _version, _op from history
    qualify row_number() over (
        partition by _via, _account, _key order by _time desc, _fetched_at desc, _version desc, _op desc
    ) = 1
    order by all
"""


def views(tmp, lots, ingest=DAY_ONE):
    """The views after landing `lots`, each a list of sightings of one way."""
    home, streams = Home.at(tmp), {("toy", "flags"): FLAGS}
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    raw.ensure(con, streams)
    for place, lot in enumerate(lots):
        writer = LandingWriter(home.landing, "toy", FLAGS, lot[0][0], T0 + timedelta(days=place))
        for _, account, key, op, state, changed, fetched in lot:
            row = {"id": key, "s": state}
            if changed is not None:
                row["t"] = (T0 + timedelta(hours=changed)).isoformat()
            writer.write(account, [row], op, T0 + timedelta(hours=fetched))
        raw.land(con, home, writer.commit(), ingest, streams)
    shown = latest("raw_toy.flags", keep_deleted=True)
    deleted = f"select _account, _key, _is_deleted from {shown} order by all"
    gone.find(con, streams)
    told = [con.execute(sql).fetchall() for sql in (HISTORY, LATEST, deleted, "from gone order by all")]
    found = [row[:-1] for row in told[0]], told[1:]
    # Every row of raw is there once, whatever came twice.
    assert con.execute("select count(*) = count(distinct columns(*)::varchar) from raw_toy.flags").fetchone()
    con.close()
    return found


def expected_history(sightings):
    """The same by hand, over everything that was ever seen."""
    chains = {}
    for via, account, key, op, state, changed, fetched in sightings:
        time = fetched if changed is None else changed
        chains.setdefault((via, account, key), set()).add((time, fetched, state, op))
    return chains


@pytest.fixture
def unjudged(monkeypatch):
    """Expectations cost a hundred times what the change log does, and are tested elsewhere."""

    def none(con, lot, stream, new_versions):
        con.execute("create or replace temp table refused (n bigint, reasons varchar[])")
        return judge.Judged()

    monkeypatch.setattr(judge, "judge", none)


@pytest.mark.slow
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(st.lists(SIGHTING, min_size=1, max_size=14), st.randoms(use_true_random=False))
def test_any_order_any_batch_size_any_repetition_gives_the_same_views(
    tmp_path_factory, unjudged, sightings, random
):
    def cut(seen):
        lots = []
        for sighting in seen:
            if lots and lots[-1][0][0] == sighting[0] and random.random() < 0.5:
                lots[-1].append(sighting)
            else:
                lots.append([sighting])
        return lots

    one_by_one = views(tmp_path_factory.mktemp("h"), [[s] for s in sightings])
    mixed = sightings + random.sample(sightings, k=len(sightings) // 2)
    random.shuffle(mixed)
    assert views(tmp_path_factory.mktemp("h"), cut(mixed)) == one_by_one
    by_way = [list(lot) for _, lot in itertools.groupby(sorted(mixed, key=str), key=lambda s: s[0])]
    assert views(tmp_path_factory.mktemp("h"), by_way) == one_by_one
    assert changes(one_by_one[0]) == changes_by_hand(sightings)


def changes(history):
    return sorted((via, account, key, time, op) for via, account, key, time, _, op, *_ in history)


def changes_by_hand(sightings):
    versions = {(state, op): version_of(state) for state in (0, 1) for op in ("upsert", "delete")}
    found = []
    for (via, account, key), chain in expected_history(sightings).items():
        before = None
        for time, _, state, op in sorted(chain, key=lambda s: (s[0], s[1], versions[s[2], s[3]][key], s[3])):
            if (state, op) != before:
                found.append((via, account, key, at(time), op))
            before = (state, op)
    return sorted(found)


def at(hours):
    return T0 + timedelta(hours=hours)


def version_of(state):
    return {key: hashlib.sha256(f'{{"id":"{key}","s":{state}}}'.encode()).hexdigest() for key in ("a", "b")}


# -- deletions -------------------------------------------------------------------------------------


def there(con):
    return [key for (key,) in con.execute(f"select _key from {latest('raw_tillpoint.members')}").fetchall()]


def test_a_deletion_told_after_the_last_version_holds_though_it_moved_no_date(con, home):
    gone_at = {"id": "a", "updated": member()["updated"]}
    land(con, home, drop(home, [member()]))
    land(con, home, drop(home, [gone_at], op="delete"))
    assert there(con) == []
    # By another way too: a file that tells the same version says nothing of what came after it.
    land(con, home, drop(home, [member()], via="file"))
    assert there(con) == []
    land(con, home, drop(home, [member()]))
    assert there(con) == ["a"], "told again after that, it was put back"


def test_a_deletion_told_before_the_last_version_of_the_same_moment_does_not_hold(con, home):
    deletion = drop(home, [{"id": "a", "updated": member()["updated"]}], op="delete")
    later = drop(home, [member()])
    for batch in (later, deletion):  # landed the other way round
        land(con, home, batch)
    assert there(con) == ["a"]


# -- cursors and the ledger ------------------------------------------------------------------------


def cursor(con):
    return con.execute("select cursor_at from door.cursors").fetchone()


def test_a_cursor_moves_forward_with_its_rows_and_never_back(con, home):
    land(con, home, drop(home, [member(day=9)]))
    assert cursor(con) == (datetime(2026, 10, 9, tzinfo=UTC),)
    land(con, home, drop(home, [member("b", day=2)]))
    land(con, home, drop(home, [member("c", day=20)], drained=False))
    land(con, home, drop(home, [member("d", day=21)], backfill=True))
    assert cursor(con) == (datetime(2026, 10, 9, tzinfo=UTC),)
    since = raw.hand_out(con, STREAMS)["tillpoint", "members", "till"]
    assert since.moment == datetime(2026, 10, 9, tzinfo=UTC) - MEMBERS.overlap


def test_the_hand_out_counts_per_form_what_we_hold_or_refused(con, home):
    land(con, home, drop(home, [member("a", form="f"), member("b", form="f"), member("c", form="g")]))
    land(con, home, drop(home, [member("a", day=3, form="f"), member("d", form="g", email="nobody")]))
    landed = raw.hand_out(con, STREAMS)["tillpoint", "members", "till"].landed
    assert landed == {"f": 2, "g": 2, "": 4}
    # Accepted after all: counted once.
    raw.replay(con, home, DAY_ONE, accept=True, streams=STREAMS)
    assert raw.hand_out(con, STREAMS)["tillpoint", "members", "till"].landed == landed


def test_of_a_counted_stream_the_keys_lately_landed_are_handed_out_refused_ones_too(con, home):
    streams = {key: replace(one, counted=one is MEMBERS) for key, one in STREAMS.items()}
    land(con, home, drop(home, [member("old", day=9), member("new", day=9, created="2026-10-08T23:55:00Z")]))
    land(con, home, drop(home, [member("bad", day=8, created="2026-10-09T00:00:00Z", email="nobody")]))
    given = raw.hand_out(con, streams)["tillpoint", "members", "till"]
    assert given.moment == datetime(2026, 10, 8, 23, 50, tzinfo=UTC)
    assert given.recent == {"new", "bad"}
    assert raw.hand_out(con, STREAMS)["tillpoint", "members", "till"].recent is None, "nobody counts"


def test_what_was_deleted_before_it_ever_came_is_nothing_we_hold(con, home):
    def held():
        return raw.hand_out(con, STREAMS)["tillpoint", "members", "till"].landed.get("f", 0)

    land(con, home, drop(home, [member("a", form="f")]))
    land(con, home, drop(home, [{"id": "a", "form": "f"}, {"id": "spam", "form": "f"}], op="delete"))
    assert held() == 1
    land(con, home, drop(home, [member("spam", day=3, form="f")]))
    assert held() == 2, "it came after all"
    land(con, home, drop(home, [member("a", day=4, form="f")]))
    assert held() == 2, "put back, it is counted once"


def given(con, **how):
    """The hand-out where the members' platform counts them."""
    streams = {key: replace(one, **how) if one is MEMBERS else one for key, one in STREAMS.items()}
    return raw.hand_out(con, streams)["tillpoint", "members", "till"]


def test_what_its_platform_deleted_is_not_held_unless_that_counts_it_all_the_same(con, home):
    land(con, home, drop(home, [member("a", form="f"), member("b", form="f"), member("c", form="g")]))
    # Nor is what was deleted before it came ("x"); it names its form or not.
    land(con, home, drop(home, [{"id": "a"}, {"id": "x", "form": "f"}], op="delete"))
    assert given(con, counted="present").landed == {"f": 1, "g": 1, "": 2}
    assert given(con, counted="ever").landed == given(con).landed == {"f": 2, "g": 1, "": 3}


def test_what_is_told_again_after_it_was_deleted_is_held_though_no_date_of_it_moved(con, home):
    def held():
        return given(con, counted="present").landed.get("f", 0)

    land(con, home, drop(home, [member(form="f")], fetched_at=DAY_ONE))
    export = drop(home, [member(form="f")], via="file", fetched_at=DAY_ONE + timedelta(hours=3))
    land(con, home, drop(home, [{"id": "a"}], op="delete", fetched_at=DAY_ONE + timedelta(hours=1)))
    assert held() == 0
    land(con, home, export)
    assert held() == 0, "a file says how things stood"
    land(con, home, drop(home, [member(form="f")], fetched_at=DAY_ONE + timedelta(minutes=30)))
    assert held() == 0, "read before it was deleted, landed later"
    land(con, home, drop(home, [member(form="f")], fetched_at=DAY_ONE + timedelta(hours=2)))
    assert held() == 1
    land(con, home, drop(home, [{"id": "a"}], op="delete", fetched_at=DAY_ONE + timedelta(hours=4)))
    assert held() == 0, "told as before"


def test_who_was_deleted_and_shows_up_again_is_a_newcomer(con, home):
    land(con, home, drop(home, [member("a", day=9), member("b", day=9, created="2026-10-09T00:00:00Z")]))
    assert given(con, counted="present").recent == {"b"}
    land(con, home, drop(home, [{"id": "b", "updated": "2026-10-09T00:00:00Z"}], op="delete"))
    assert given(con, counted="present").recent == frozenset()
    assert given(con, counted="ever").recent == {"b"}


def test_what_a_platform_announces_is_kept(con, home):
    land(con, home, drop(home, [], announced=[Announced("f", 12, expired=2)]))
    said = con.execute("select account, form, count, expired from door.announcements").fetchall()
    assert said == [("till", "f", 12, 2)]


def test_what_had_expired_before_we_came_is_no_gap_and_what_comes_late_is(con, home):
    def accounted(landed, said, **more):
        land(con, home, drop(home, [member(key, form="f") for key in landed], announced=[said], **more))
        return raw.hand_out(con, STREAMS)["tillpoint", "members", "till"].landed.get("f", 0)

    # Cut off half way: nothing is known of what had expired.
    assert accounted("a", Announced("f", 3, expired=2), drained=False) == 1
    assert accounted("abc", Announced("f", 3, expired=2)) == 5
    # One more expires, none is lost; an old export brings one that had: the gap shrinks for good.
    assert accounted("", Announced("f", 2, expired=3)) == 5
    land(con, home, drop(home, [member("x", form="f")], via="file"))
    assert accounted("", Announced("f", 2, expired=3)) == 5
    # A lead with an old date appears: six are announced, five accounted for.
    assert accounted("", Announced("f", 3, expired=3)) == 5


# -- landing files ---------------------------------------------------------------------------------


def test_inbox_files_go_after_the_commit_and_nothing_outside_the_inbox(con, home):
    inside, outside = home.webhooks / "one.json", home.state / "tokens.json"
    for path in (inside, outside):
        path.write_text("{}")
    names = ["inbox/webhooks/one.json", "inbox/../data/state/tokens.json", "/etc/hostname"]
    land(con, home, drop(home, [member()], via="webhook", inbox=names))
    assert not inside.exists()
    assert outside.exists()
    assert Path("/etc/hostname").exists()


def test_a_file_put_in_the_place_of_the_one_that_was_read_stays(con, home):
    dropped = home.files / "list.csv"
    dropped.write_text("first")
    inbox = {"inbox/files/list.csv": state_of(dropped)}
    batch = drop(home, [member()], via="file", inbox=inbox)
    dropped.write_text("the second list")
    land(con, home, batch)
    assert dropped.read_text() == "the second list"
    land(con, home, drop(home, [member("b")], via="file", inbox={"inbox/files/list.csv": state_of(dropped)}))
    assert not dropped.exists()


def test_waiting_batches_land_pushed_before_pulled(home):
    pulled = drop(home, [member()])
    pushed = drop(home, [member()], via="webhook")
    assert raw.waiting(home) == [pushed, pulled]


def test_a_dead_writers_file_goes_and_a_living_ones_stays(home, monkeypatch):
    monkeypatch.setattr(incoming, "FRESH_SECONDS", 0)
    writer = LandingWriter(home.landing, "tillpoint", MEMBERS, "api", DAY_ONE)
    orphan = home.landing / "20260101T000000000000-tillpoint-members-api-aaaaaa.jsonl.gz"
    orphan.write_bytes(gzip.compress(b""))
    done = drop(home, [member()])
    assert raw.sweep(home) == 1
    assert not orphan.exists()
    writer.write("till", [member()], "upsert", DAY_ONE)
    alive = writer.commit()
    assert raw.waiting(home) == [alive, done]


@pytest.mark.parametrize("harm", ["cut", "gone", "short", "stranger"])
def test_an_unreadable_batch_is_set_aside_and_the_cursor_stays(con, home, harm):
    batch = drop(home, [member(str(n)) for n in range(50)])
    data = home.landing / f"{batch}.jsonl.gz"
    if harm == "cut":
        data.write_bytes(data.read_bytes()[:-40])
    elif harm == "gone":
        data.unlink()
    elif harm == "short":
        data.write_bytes(gzip.compress(gzip.decompress(data.read_bytes()).partition(b"\n")[0]))
    else:
        batch = drop(home, [member()], platform="elsewhere")
    landed = land(con, home, batch)
    assert landed.failed_reason
    assert landed.new == 0
    assert cursor(con) is None
    assert (home.refused / f"{batch}.reason.txt").exists()
    assert batch not in raw.waiting(home)


def test_an_error_of_ours_quotes_nobody_and_the_batch_waits(con, home, monkeypatch):
    batch = drop(home, [member(email="jeanne@mail.example")])

    def quote(con, *rest):
        con.execute("select cast('jeanne@mail.example' as integer)")

    monkeypatch.setattr(changelog, "write", quote)
    with pytest.raises(raw.NotLanded, match=r"^tillpoint/members: DuckDB raised ConversionException$"):
        land(con, home, batch)
    monkeypatch.undo()
    assert raw.waiting(home) == [batch]
    assert land(con, home, batch).new == 1


# -- one writer, no half batch ---------------------------------------------------------------------


def test_a_second_writer_waits_and_then_says_so(home):
    hold = (
        "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"
    )
    home.landing.mkdir(parents=True, exist_ok=True)
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(home.warehouse)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WarehouseBusy, match=r"warehouse\.duckdb was held"):
            connect_patiently(home.warehouse, {}, patience_seconds=0.2)
        holder.kill()
        # The kernel frees a dead holder's lock.
        with warehouse(home, patience_seconds=10) as con:
            assert con.execute("select current_setting('TimeZone')").fetchone() == ("UTC",)
    finally:
        holder.kill()
        holder.wait()
    assert home.warehouse.stat().st_mode & 0o777 == 0o600


DIES = """
import sys
sys.path.insert(0, "tests")
from landings import DAY_ONE, STREAMS
from pipelines import raw
from pipelines.home import Home
from pipelines.warehouse_file import warehouse
home = Home.at(sys.argv[1])
with warehouse(home) as con:
    raw.ensure(con, STREAMS)
    for batch in raw.waiting(home):
        raw.land(con, home, batch, DAY_ONE, STREAMS)
"""


def test_killed_inside_the_commit_nothing_is_lost_and_nothing_is_twice(home):
    drop(home, [member("a"), member("b")], announced=[Announced("f", 2)])

    def run(die_at):
        environment = os.environ | {"FIRSTHAND_DIE_AT": die_at, "PYTHONPATH": "."}
        return subprocess.run([sys.executable, "-c", DIES, str(home.root)], env=environment).returncode

    assert run("inside_commit") == -9
    with warehouse(home, read_only=True) as con:
        for table in ("door.batches", "door.cursors", "door.announcements", "raw_tillpoint.members"):
            assert con.execute(f"select count(*) from {table}").fetchone() == (0,)
    assert run("") == 0
    with warehouse(home, read_only=True) as con:
        assert len(rows(con)) == 2
        assert cursor(con)
    assert raw.waiting(home) == []
