"""Backup, loss of everything, restore: the same rows, the same first-seen times, the same numbers."""

import hashlib
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from homes import make_company
from landings import DAY_ONE, STREAMS, drop
from visiting import PASSWORD

from console import accounts, store
from console.sessions import Sessions
from pipelines import backup, config, raw
from pipelines.backup import BackupRefused
from pipelines.door import command, commands, tombstones
from pipelines.door.judgements import judgement
from pipelines.home import Home
from pipelines.keyed import Keyed
from pipelines.resemblance import weights
from pipelines.sealed import CHUNK
from pipelines.warehouse_file import warehouse

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = {"FIRSTHAND_BACKUP_KEY": "a passphrase for tests"}
# A stand-in for the founder rule: a customer's number hangs on who was first seen when.
NUMBERS = """
    select _account, _key, md5('tillpoint:' || _key), min(_first_seen_at), min(_occurred_at)
    from raw_tillpoint.members group by all order by all
"""
DOOR = (
    "batches",
    "cursors",
    "announcements",
    "form_counts",
    "seen_again",
    "quarantine",
    "tombstones",
    "commands",
    "judgements",
    "identity_log",
)


@pytest.fixture(autouse=True)
def only_made_up_streams(monkeypatch):
    monkeypatch.setattr(raw, "known_streams", lambda: STREAMS)


@pytest.fixture
def home(tmp_path):
    """A home with a bit of everything in it."""
    (tmp_path / "old").mkdir()
    company = make_company(tmp_path / "old")
    home = company.home
    with warehouse(home) as con:
        raw.ensure(con, STREAMS)
        for day in range(3):
            rows = [
                {"id": str(n), "created": "2026-09-01T00:00:00Z", "email": f"p{n}@mail.example", "form": "f"}
                for n in range(day * 10, day * 10 + 15)
            ]
            batch = drop(home, [*rows, {"id": "bad", "vip": day}])
            raw.land(con, home, batch, DAY_ONE + timedelta(days=day), STREAMS)
        keyed = Keyed.of(company.secrets)
        tombstones.add(con, [tombstones.email(keyed, "gone@mail.example", DAY_ONE)])
        command.send(
            home, judgement("tillpoint:till:member:1", "tillpoint:till:member:2", "apart", "x", DAY_ONE)
        )
        assert commands.obey_waiting(con, home, DAY_ONE).count == 1
        # History of runs: nothing brings it back but a backup.
        con.execute(
            "insert into door.identity_log by name select 1 as entry, $1 as logged_at, "
            "'n' as customer_number, 'born' as event, 'n' as customer_id, 'first_record' as cause, "
            "$1 as since",
            [DAY_ONE],
        )
    (home.webhooks / "waiting.json").write_text("{}")
    (home.commands / "judgement.json").write_text('{"command": "judge"}')
    (home.refused / "odd.csv").write_text("x")
    (home.root / "audiences" / "versions" / "spring").mkdir(parents=True)
    (home.root / "audiences" / "versions" / "spring" / "000001.yaml").write_text("x")
    (home.state / "tokens.json").write_text('{"refresh": "secret"}')
    accounts.add(home, "ines", "steward", PASSWORD)
    return home


def snapshot(home):
    with warehouse(home, read_only=True) as con:
        assert con.execute("select count(*) from door.judgements").fetchone()[0] == 1
        assert con.execute("select count(*) from door.identity_log").fetchone()[0] == 1
        tables = {f"door.{name}": con.execute(f"from door.{name} order by all").fetchall() for name in DOOR}
        tables["raw"] = con.execute("from raw_tillpoint.members order by all").fetchall()
        return tables, con.execute(NUMBERS).fetchall(), raw.hand_out(con, STREAMS)


def test_everything_is_lost_and_comes_back(home, tmp_path):
    before, file = snapshot(home), tmp_path / "b.firsthand"
    session = Sessions(home).begin(accounts.Account("ines", "steward"))
    made = backup.write(home, file, KEY, NOON)
    assert (made.is_encrypted, file.stat().st_mode & 0o777) == (True, 0o600)
    shutil.rmtree(home.root)
    new = Home.at(tmp_path / "new")
    found = backup.restore(new, file, KEY)
    assert (found.made_at, found.tables) == (NOON, made.tables)
    assert snapshot(new) == before
    assert new.warehouse.stat().st_mode & 0o777 == 0o600
    assert (new.webhooks / "waiting.json").read_text() == "{}"
    assert (new.commands / "judgement.json").exists()
    assert (new.refused / "odd.csv").exists()
    assert (new.root / "audiences" / "versions" / "spring" / "000001.yaml").exists()
    assert new.config.exists()
    assert not new.env_file.exists()
    assert not (new.state / "tokens.json").exists()
    # Whoever had an account has it, and logs in anew: not even a trace of a session is left.
    assert accounts.recognised(new, "ines", PASSWORD) == accounts.Account("ines", "steward")
    assert Sessions(new).whose(session) is None
    kept = store.path(new)
    assert hashlib.sha256(session.encode()).hexdigest().encode() not in kept.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert not list((new.root / "data" / "tmp").iterdir())


def test_weights_come_back_wherever_they_lie(home, tmp_path):
    own = weights.SHIPPED.read_text()
    (home.root / "data" / "matcher").mkdir()
    (home.root / "data" / "matcher" / "weights-1.json").write_text(own)
    (home.root / "mine.json").write_text(own)
    home.config.write_text("company: x\nmatching: {weights: mine.json}\n")
    backup.write(home, tmp_path / "b", KEY, NOON)
    new = Home.at(tmp_path / "new")
    backup.restore(new, tmp_path / "b", KEY)
    assert config.read(new).matching.weights == str(new.root / "mine.json")
    assert (new.root / "data" / "matcher" / "weights-1.json").read_text() == own


def test_life_goes_on_after_a_restore_without_a_double(home, tmp_path):
    backup.write(home, tmp_path / "b", KEY, NOON)
    new = Home.at(tmp_path / "new")
    backup.restore(new, tmp_path / "b", KEY)
    before = snapshot(new)[1]
    make_company(new.root)  # .env is in no backup: its secrets are kept elsewhere
    with warehouse(new) as con:
        # The clock of the lost machine ran ahead of this one's: it still never runs backwards.
        assert raw.ingest_time(con, DAY_ONE) == DAY_ONE + timedelta(days=2)
        rows = [{"id": "0", "created": "2026-09-01T00:00:00Z", "email": "p0@mail.example", "form": "f"}]
        assert raw.land(con, new, drop(new, rows), NOON, STREAMS).new == 0
    assert snapshot(new)[1] == before


def test_in_the_clear_only_on_demand(home, tmp_path):
    with pytest.raises(BackupRefused, match="set FIRSTHAND_BACKUP_KEY, or say --plain"):
        backup.write(home, tmp_path / "b", {}, NOON)
    assert not (tmp_path / "b").exists()
    assert not backup.write(home, tmp_path / "b", {}, NOON, plain=True).is_encrypted
    backup.restore(Home.at(tmp_path / "new"), tmp_path / "b", {})
    assert snapshot(Home.at(tmp_path / "new"))[1] == snapshot(home)[1]


def test_an_encrypted_backup_shows_nobody(home, tmp_path):
    backup.write(home, tmp_path / "plain", {}, NOON, plain=True)
    backup.write(home, tmp_path / "sealed", KEY, NOON)
    assert b"judgement" in (tmp_path / "plain").read_bytes()
    for word in (b"judgement", b"mail.example", b"tillpoint", b"PAR1"):
        assert word not in (tmp_path / "sealed").read_bytes()


@pytest.mark.parametrize("key", [{}, {"FIRSTHAND_BACKUP_KEY": "another"}])
def test_a_wrong_key_restores_nothing(home, tmp_path, key):
    backup.write(home, tmp_path / "b", KEY, NOON)
    new = Home.at(tmp_path / "new")
    with pytest.raises(BackupRefused, match="FIRSTHAND_BACKUP_KEY"):
        backup.restore(new, tmp_path / "b", key)
    assert not new.warehouse.exists()


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("harm", ["cut", "changed", "swapped", "not one"])
def test_a_damaged_backup_restores_nothing(home, tmp_path, harm, plain):
    (home.refused / "large.bin").write_bytes(bytes(range(256)) * 4 * (CHUNK // 256))
    file = tmp_path / "b"
    backup.write(home, file, KEY, NOON, plain=plain)
    content = file.read_bytes()
    if harm == "cut":
        content = content[: len(content) // 2]
    elif harm == "changed":
        place = len(content) // 2
        content = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    elif harm == "swapped":
        start = content.index(b"\n", 30) + 1
        first, second = (
            content[start : start + CHUNK + 16],
            content[start + CHUNK + 16 : start + 2 * (CHUNK + 16)],
        )
        content = content[:start] + second + first + content[start + 2 * (CHUNK + 16) :]
    else:
        content = b"something else" + content
    file.write_bytes(content)
    new = Home.at(tmp_path / "new")
    with pytest.raises(BackupRefused):
        backup.restore(new, file, KEY)
    assert not new.warehouse.exists()


def test_a_dry_run_reads_all_and_writes_nothing(home, tmp_path):
    listed = backup.write(home, tmp_path / "b", KEY, NOON, dry_run=True)
    assert listed.tables["raw_tillpoint.members"] == 35
    assert not (tmp_path / "b").exists()
    assert not (home.state / "backup.json").exists()
    backup.write(home, tmp_path / "b", KEY, NOON)
    new = Home.at(tmp_path / "new")
    assert backup.restore(new, tmp_path / "b", KEY, dry_run=True).tables == listed.tables
    assert not new.warehouse.exists()


def test_nothing_is_ever_overwritten(home, tmp_path):
    backup.write(home, tmp_path / "b", KEY, NOON)
    with pytest.raises(BackupRefused, match="already"):
        backup.write(home, tmp_path / "b", KEY, NOON)
    with pytest.raises(BackupRefused, match="empty folder"):
        backup.restore(home, tmp_path / "b", KEY)


def test_tokens_only_when_asked(home, tmp_path):
    assert "data/state/tokens.json" not in backup.write(home, tmp_path / "a", KEY, NOON).files
    made = backup.write(home, tmp_path / "b", KEY, NOON, with_tokens=True)
    assert "data/state/tokens.json" in made.files
    new = Home.at(tmp_path / "new")
    backup.restore(new, tmp_path / "b", KEY)
    assert (new.state / "tokens.json").stat().st_mode & 0o077 == 0


def test_a_platform_since_removed_comes_back_too(home, tmp_path, monkeypatch):
    backup.write(home, tmp_path / "b", KEY, NOON)
    monkeypatch.setattr(raw, "known_streams", dict)
    backup.restore(Home.at(tmp_path / "new"), tmp_path / "b", KEY)
    assert snapshot(Home.at(tmp_path / "new"))[1] == snapshot(home)[1]
