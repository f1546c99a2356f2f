"""What people decide, through the door: each command once, whatever happens; what is wrong is kept."""

import json
import os
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from homes import make_company
from landings import DAY_ONE, STREAMS

from pipelines import fingerprint, intake, land, raw, schedules
from pipelines.door import command, commands
from pipelines.door.command import Malformed
from pipelines.door.judgements import judgement
from pipelines.places import DBT_PROJECT
from pipelines.warehouse_file import warehouse

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
A, B, C = "files:files:lead:a", "files:files:lead:b", "files:files:lead:c"
SAID = {
    "command": "judge",
    "id": "20261120T120000-abc",
    "made_at": "2026-11-20T13:00:00+01:00",
    "made_by": "ines",
    "left": B,
    "right": A,
    "verdict": "together",
    "reason": "told us on the phone",
}


@pytest.fixture
def company(tmp_path):
    return make_company(tmp_path)


@pytest.fixture
def home(company):
    with warehouse(company.home) as con:
        raw.ensure(con, STREAMS)
    return company.home


def put(home, name="c.json", **said):
    path = home.commands / name
    path.write_text(json.dumps(SAID | said))
    return path


def obey(home, at=NOON):
    with warehouse(home) as con:
        return commands.obey_waiting(con, home, at)


def stored(home, query="from door.judgements order by judged_at, ingested_at, judgement_id"):
    with warehouse(home, read_only=True) as con:
        return con.execute(query).fetchall()


def in_force(home):
    """As the model reads them."""
    sql = (DBT_PROJECT / "models/identity/int_judgements.sql").read_text()
    sql = sql.replace("{{ config(materialized='view') }}", "")
    sql = sql.replace("{{ source('door', 'judgements') }}", "door.judgements")
    return {(row[0], row[1]): row[2] for row in stored(home, sql)}


def judge(home, left, right, verdict, made_at=NOON):
    return command.send(home, judgement(left, right, verdict, "ines", made_at))


# -- the store -------------------------------------------------------------------------------------


def test_a_judgement_lands_whole_and_its_file_goes(home):
    put(home)
    assert obey(home).count == 1
    assert stored(home) == [
        ("20261120T120000-abc", A, B, "together", "ines", "told us on the phone", None, NOON, NOON)
    ]
    assert not list(home.commands.iterdir())


def test_the_same_file_twice_is_once(home):
    path = put(home)
    shutil.copy(path, home.root / "again.json")
    obey(home)
    shutil.copy(home.root / "again.json", path)
    shutil.copy(home.root / "again.json", home.commands / "copy.json")
    found = obey(home, NOON + timedelta(days=1))
    assert (found.count, found.refused, found.errors) == (0, [], [])
    assert len(stored(home)) == 1
    assert not list(home.commands.iterdir())


def test_the_newest_wins_whatever_the_order_of_arrival_and_nothing_is_overwritten(home):
    judge(home, A, B, "apart", NOON + timedelta(hours=2))
    obey(home, NOON + timedelta(days=1))
    judge(home, B, A, "together", NOON)
    obey(home, NOON + timedelta(days=2))
    assert in_force(home) == {(A, B): "apart"}
    assert [row[3] for row in stored(home)] == ["together", "apart"]


def test_of_two_made_in_one_moment_the_one_sent_last_wins(home):
    for verdict in ("together", "apart", "together", "apart"):
        judge(home, A, C, verdict)
    obey(home)
    assert in_force(home) == {(A, C): "apart"}


def test_what_is_withdrawn_is_the_rules_business_again_and_only_that(home):
    judge(home, A, B, "apart")
    judge(home, A, C, "together")
    judge(home, B, A, "withdrawn", NOON + timedelta(minutes=1))
    obey(home, NOON + timedelta(days=1))
    assert in_force(home) == {(A, C): "together"}
    assert len(stored(home)) == 3


def test_a_clock_that_runs_ahead_does_not_win_for_ever(home):
    judge(home, A, B, "together", NOON + timedelta(days=3650))
    obey(home, NOON)
    judge(home, A, B, "apart", NOON + timedelta(hours=1))
    obey(home, NOON + timedelta(days=1))
    assert in_force(home) == {(A, B): "apart"}


def test_the_clock_of_ingestion_never_runs_back_for_commands_either(home):
    put(home)
    obey(home, NOON)
    with warehouse(home) as con:
        assert raw.ingest_time(con, DAY_ONE) == NOON


def test_what_is_sent_is_private_and_whole(home):
    path = command.send(home, judgement(A, B, "apart", "Inès", NOON, "père et fils"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert commands.read(path).reason == "père et fils"
    assert [p.name for p in home.commands.iterdir()] == [path.name]


# -- what is wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{not json", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("", "no JSON"),
        ('["judge"]', "one JSON object"),
        ('{"command": "dance"}', "no such command; known: judge"),
        ('{"command": ["judge"]}', "no such command"),
        (
            json.dumps(SAID | {"verdict": "maybe"}),
            "verdict: Input should be 'together', 'apart'",
        ),
        (json.dumps(SAID | {"right": SAID["left"]}), "left and right are the same profile"),
        (json.dumps(SAID | {"right": f" {SAID['left']}"}), "left and right are the same profile"),
        (json.dumps(SAID | {"left": ""}), "left: String should have at least 1 character"),
        (json.dumps(SAID | {"left": 7}), "left: Input should be a valid string"),
        (json.dumps(SAID | {"reson": "x"}), "reson: Extra inputs are not permitted"),
        (json.dumps(SAID | {"made_at": "2026-11-20T12:00:00"}), "made_at: Input should have timezone info"),
        (json.dumps(SAID | {"made_at": "9999-12-31T23:59:59-12:00"}), "made_at: Input should be less than"),
        (json.dumps(SAID | {"id": "../../x"}), "id: String should match pattern"),
        (json.dumps({k: v for k, v in SAID.items() if k != "made_by"}), "made_by: Field required"),
        (json.dumps(SAID | {"reason": "\ud800"}), "Invalid JSON"),
        (json.dumps(SAID | {"reason": "x" * 3000}), "reason: String should have at most 2000"),
    ],
)
def test_what_nobody_can_obey_is_refused_with_the_reason_and_kept(company, home, content, said):
    (home.commands / "wrong.json").write_text(content)
    put(home, "right.json")
    taken = intake.take(company)
    (path, reason) = taken.refused[0]
    assert (path.name, len(taken.refused)) == ("wrong.json", 1)
    assert said in reason
    assert (home.refused / "wrong.json").read_text() == content
    assert (home.refused / "wrong.json.reason.txt").read_text() == f"{reason}\n"
    assert [p.name for p in home.commands.iterdir()] == ["right.json"]
    assert not intake.verdict_of(company, taken).passed


def test_a_reason_quotes_nobody(home):
    put(home, left=7, verdict="marie@mail.example", made_at="marie@mail.example")
    with pytest.raises(Malformed) as refused:
        commands.read(home.commands / "c.json")
    assert "marie" not in str(refused.value)


def test_a_file_beyond_any_command_is_not_even_read(home):
    path = put(home, reason="x" * command.LARGEST)
    with pytest.raises(Malformed, match="larger than any command"):
        commands.read(path)


def test_an_edited_copy_of_an_obeyed_command_is_refused_not_lost(company, home):
    put(home)
    obey(home)
    put(home, verdict="apart", made_at="2026-11-20T14:00:00+01:00")
    put(home, "good.json", id="another-one", left=C)
    found = land.obey(company, lambda text: None)
    assert found.count == 1
    assert "another command's" in found.refused[0][1]
    assert (home.refused / "c.json").exists()
    check = land.verdict_on(found)
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.ERROR
    assert len(stored(home)) == 2


def test_one_that_breaks_stays_and_stops_no_other(home, monkeypatch):
    put(home, "a.json", id="first-one")
    put(home, "b.json", id="second-one")
    real = commands.KINDS["judge"].write

    def break_once(con, said, at):
        real(con, said, at)
        if said.id == "first-one":
            raise ZeroDivisionError("marie@mail.example")

    monkeypatch.setattr(commands.KINDS["judge"], "write", break_once)
    found = obey(home)
    assert (found.count, found.errors) == (1, ["a.json could not be obeyed: ZeroDivisionError"])
    assert [row[0] for row in stored(home)] == ["second-one"]
    monkeypatch.undo()
    assert obey(home).count == 1
    assert not list(home.commands.iterdir())


def test_what_is_still_being_written_is_left_alone(company, home):
    put(home, "c.json.1f.part")
    assert commands.unreadable(home) == []
    assert obey(home).count == 0


# -- kills and runs --------------------------------------------------------------------------------

DIES = """
import sys
from datetime import UTC, datetime
from pipelines.door import commands
from pipelines.home import Home
from pipelines.warehouse_file import warehouse
home = Home.at(sys.argv[1])
with warehouse(home) as con:
    commands.obey_waiting(con, home, datetime(2026, 11, 20, 12, tzinfo=UTC))
"""


def test_killed_inside_the_commit_it_is_obeyed_once_by_the_next(home):
    put(home)
    environment = os.environ | {"FIRSTHAND_DIE_AT": "inside_commit", "PYTHONPATH": "."}
    died = subprocess.run([sys.executable, "-c", DIES, str(home.root)], env=environment, check=False)
    assert died.returncode == -9
    assert stored(home) == []
    assert obey(home).count == 1
    assert len(stored(home)) == 1


def test_killed_before_the_file_went_it_only_goes(home):
    path = put(home)
    kept = path.read_bytes()
    obey(home)
    path.write_bytes(kept)
    assert obey(home).count == 0
    assert not path.exists()


def test_a_file_put_in_the_place_of_the_one_obeyed_is_not_removed_with_it(home, monkeypatch):
    path = put(home)
    real = commands.KINDS["judge"].write

    def meanwhile(con, said, at):
        real(con, said, at)
        put(home, id="the-next-one", verdict="withdrawn")

    monkeypatch.setattr(commands.KINDS["judge"], "write", meanwhile)
    obey(home)
    assert json.loads(path.read_text())["id"] == "the-next-one"


def test_a_new_judgement_is_a_new_build(company, home, monkeypatch):
    before = fingerprint.compute(company)
    assert fingerprint.compute(company) == before
    put(home)
    land.obey(company, lambda text: None)
    after = fingerprint.compute(company)
    assert {name for name in after if after[name] != before[name]} == {"commanded"}


def test_the_inbox_watch_sees_commands(home):
    path = put(home)
    os.utime(path, (1, 1))
    assert list(schedules.waiting(home, path.stat().st_mtime + 60)) == [path]
