"""Exports: exactly the allowed, in every format, no cell a formula, and a record of who left by which law."""

import csv
import hashlib
import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import openpyxl
import pytest
from homes import make_company
from permission_harness import Ledger

from pipelines import audit_log, audit_trail, cli, clock, permission
from pipelines.audiences import store
from pipelines.company import Company
from pipelines.door import consents, tombstones
from pipelines.exporting import export, files, hashed, selection
from pipelines.keyed import Keyed
from pipelines.reading import opened
from pipelines.warehouse_file import warehouse

pytestmark = pytest.mark.slow

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EARLIER = datetime(2026, 1, 5, 12, tzinfo=UTC)
PEOPLE = 1000
# What somebody may write into the name of a form, hoping for a marketer's spreadsheet.
FORMULAS = (
    "=1+1", "+33 boutique", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "＝1+1", '=HYPERLINK("x")', "|=1"
)  # fmt: skip
FATES: dict[str, list[str]] = {
    "silent": [],
    "yes": ["grant"],
    "yes_then_no": ["grant", "withdraw"],
    "no_then_yes": ["deny", "grant"],
    "asserted": ["asserted_grant"],
    "objected": ["grant", "object"],
    "complained": ["grant", "complaint"],
}
MAY = {"yes", "no_then_yes"}


def mail(number: int) -> str:
    return f"lou{number}@poste.example"


@pytest.fixture(scope="module")
def fates() -> list[str]:
    rng = Random(4)
    return [rng.choice(sorted(FATES)) for _ in range(PEOPLE)]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, fates: list[str]) -> Iterator[Company]:
    """A thousand people of France: what they said in the warehouse, who they are in the publication."""
    company = make_company(tmp_path_factory.mktemp("town"), countries=["FR"])
    company.home.warehouse.parent.mkdir()
    ledger = Ledger(company.home.warehouse)
    ledger.con.begin()
    for number, fate in enumerate(fates):
        ledger.person(f"p{number}", [mail(number), f"+3363998{number:04}"])
        for step, act in enumerate(FATES[fate]):
            actor = "source_state" if act.startswith("asserted") else "person"
            at = EARLIER + timedelta(days=step)
            ledger.act(mail(number), "email", act, at, actor=actor, profile_id=f"p{number}")
    ledger.con.commit()
    ledger.close()
    publish(company)
    yield company


def publish(company: Company) -> None:
    current = company.home.serving / "current"
    current.mkdir()
    with duckdb.connect(str(current / "marketing.duckdb")) as con:
        names = [[f"p{number}", FORMULAS[number % len(FORMULAS)]] for number in range(PEOPLE)]
        con.execute(
            "create table customers (customer_id varchar, display_name varchar, first_name varchar,"
            " last_name varchar, language varchar, stage varchar, best_email varchar)"
        )
        con.executemany(
            "insert into customers values (?, ?, 'Lou', null, 'fr', 'lead', 'no@poste.example')", names
        )
    (current / "manifest.json").write_text(json.dumps({"day": "2026-11-20"}))


def asked(channel: str = "email", **more: Any) -> export.Asked:
    return replace(export.Asked(channel, "marketing", DAY, "ines", NOON), **more)


def everybody(company: Company) -> selection.Selection:
    with opened(company.home) as con:
        return selection.by_condition(con, "true", ["stage"])


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".xlsx":
        lines = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
        return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    if path.suffix == ".parquet":
        found = duckdb.sql(f"from '{path}'")
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    return json.loads(path.read_text())


def tables(company: Company, query: str) -> list[tuple]:
    with warehouse(company.home, read_only=True) as con:
        return con.execute(query).fetchall()


@pytest.mark.parametrize("ending", sorted(files.FORMATS))
def test_a_file_holds_exactly_the_allowed(
    town: Company, fates: list[str], tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"all{ending}"
    done = export.run(town, asked(), everybody(town), path)
    found = read(path)
    expected = {mail(number) for number, fate in enumerate(fates) if fate in MAY}
    assert {row["contact"] for row in found} == expected
    assert len(found) == len(expected) == done.allowed
    assert {row["law"][:5] for row in found} == {"FR v1"}
    assert sum(done.refused.values()) == PEOPLE - done.allowed
    assert done.refused["never_asked"] == fates.count("silent")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.part"))


def test_no_cell_runs(town: Company, tmp_path: Path) -> None:
    for ending in (".csv", ".xlsx"):
        export.run(town, asked(), everybody(town), tmp_path / f"all{ending}")
    cells = [cell for row in read(tmp_path / "all.csv") for cell in row.values()]
    assert cells
    assert not [cell for cell in cells if cell.lstrip(" \u00a0").startswith(files.DANGEROUS)]
    sheet = openpyxl.load_workbook(tmp_path / "all.xlsx").active
    kinds = {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value is not None}
    assert kinds == {"s"}
    shown = {str(row["display_name"]) for row in read(tmp_path / "all.xlsx")}
    assert "=1+1" in shown, "kept as it was written, as a text"


def test_no_address_leaves_as_a_name() -> None:
    named = {"first_name": None, "last_name": "Lou", "display_name": "Lou", "best_email": mail(1)}
    nameless = named | {"last_name": None, "display_name": "+33639980001"}
    gone = dict.fromkeys(selection.ADDRESSES)
    assert selection.without_addresses([named, nameless]) == [
        named | gone,
        nameless | gone | {"display_name": None},
    ]


def test_a_phone_number_stays_a_number_for_whoever_sends() -> None:
    assert files.armoured("+33639981234") == "0033639981234"
    assert files.armoured("+33 6; DROP") == "'+33 6; DROP"
    assert files.armoured("Lou-Ann") == "Lou-Ann"
    assert files.armoured(None) == ""
    assert files.armoured(DAY) == "2026-11-20"


def test_a_dry_run_leaves_nothing(town: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tables(town, "from door.exports")
    words = ["--channel", "email", "--where", "true", "--day", "2026-11-20", "--dry-run"]
    assert cli.main(["--home", str(town.home.root), "export", *words]) == 0
    shown = capsys.readouterr().out
    assert f"{PEOPLE:,}" in shown
    assert "@" not in shown
    assert tables(town, "from door.exports") == before


def test_what_left_is_recorded_without_a_name(town: Company, fates: list[str], tmp_path: Path) -> None:
    done = export.run(town, asked(reason="spring letter"), everybody(town), tmp_path / "all.json")
    (kept,) = tables(town, f"from door.exports where export_id = '{done.export_id}'")
    assert {"ines", "spring letter", "email", DAY, done.allowed, done.laws} <= set(kept)
    assert json.loads(kept[11]) == done.refused
    assert done.sha256 == hashlib.sha256((tmp_path / "all.json").read_bytes()).hexdigest() == kept[-1]
    entry = audit_log.entries(town.home)[-1]
    told = {name: entry.facts[name] for name in ("people", "reason", "sha256")}
    assert (entry.what, entry.by, entry.reference) == ("export", "ines", f"export {done.export_id}")
    assert told == {"people": done.allowed, "reason": "spring letter", "sha256": done.sha256}
    members = tables(town, f"from door.export_members where export_id = '{done.export_id}'")
    assert {row[1] for row in members} == {f"p{n}" for n, fate in enumerate(fates) if fate in MAY}
    assert "@" not in str(kept) + str(members)


def test_of_an_audience_leave_the_allowed_and_its_version_is_recorded(
    town: Company, fates: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def leave(name: str, code: int = 0) -> set[str]:
        path = tmp_path / f"{name}.csv"
        words = ["--channel", "email", "--audience", name, "--day", "2026-11-20", "--out", str(path)]
        assert cli.main(["--home", str(town.home.root), "export", *words]) == code
        return {row["contact"] for row in read(path)} if path.exists() else set()

    few = [f"Lou {number}" for number in range(40)]
    with duckdb.connect(str(town.home.serving / "current" / "marketing.duckdb")) as con:
        con.execute("alter table customers add column if not exists city varchar")
        con.executemany(
            "update customers set city = ? where customer_id = ?", [[w, f"p{n}"] for n, w in enumerate(few)]
        )
    title = {"fr": "x", "en": "x"}
    store.save(town.home, "few", store.written(title, {"field": "city", "in": few}), "ines", NOON)
    text = store.written(title, {"all": [{"audience": "few"}, {"field": "stage", "is": "lead"}]})
    for name in ("leads", "leads-again"):
        store.save(town.home, name, text, "ines", NOON)
    expected = {mail(number) for number, fate in enumerate(fates[:40]) if fate in MAY}
    assert expected
    assert leave("leads") == expected
    (kept,) = tables(town, "select audience, audience_version, refused_counts from door.exports where"
                     " audience is not null")  # fmt: skip
    assert kept[:2] == ("leads", 1)
    assert sum(json.loads(kept[2]).values()) == 40 - len(expected)
    with warehouse(town.home) as con:
        audit_trail.catch_up(con, town)
    (entry,) = [one for one in audit_log.entries(town.home) if one.facts.get("audience")]
    assert (entry.what, entry.facts["audience"], entry.facts["version"]) == ("export", "leads", 1)
    # Edited and not saved: nobody could tell later whom it meant. So too where it leans on one that was.
    own = town.home.root / "audiences" / "few.yaml"
    own.write_text(own.read_text() + "# a line more\n")
    assert leave("few", code=2) == leave("leads-again", code=2) == set()
    assert "few.yaml was edited" in capsys.readouterr().err


def test_a_no_entered_a_moment_ago_counts_without_a_run(
    town: Company, fates: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(clock.VARIABLE, NOON.isoformat())
    number = fates.index("yes")
    home = str(town.home.root)
    assert cli.main(["--home", home, "consent", "withdraw", mail(number).upper(), "--by", "ines"]) == 0
    try:
        export.run(town, asked(), everybody(town), tmp_path / "all.json")
        assert mail(number) not in {row["contact"] for row in read(tmp_path / "all.json")}
        # The run obeys it, and only then is it in the ledger for good.
        assert tables(town, "from door.consent_entries") == []
        assert len(list(town.home.commands.glob("*.json"))) == 1
    finally:
        for path in town.home.commands.glob("*.json"):
            path.unlink()


def test_another_day_is_another_answer(town: Company, fates: list[str]) -> None:
    before = export.run(town, asked(day=EARLIER.date()), everybody(town), None)
    # On the first day those who took their yes back the day after had not yet.
    first = {"yes", "yes_then_no", "objected", "complained"}
    assert before.allowed == sum(fate in first for fate in fates)


def test_the_erased_stay_out_unless_they_came_back(town: Company, fates: list[str], tmp_path: Path) -> None:
    gone, back, long_ago = [number for number, fate in enumerate(fates) if fate == "yes"][:3]
    keyed, old = Keyed.of(town.secrets), Keyed(b"the key before this one", 7)
    stones = [
        tombstones.email(keyed, mail(gone), NOON - timedelta(days=1)),
        tombstones.email(keyed, mail(back), EARLIER - timedelta(days=1)),
        tombstones.email(old, mail(long_ago), NOON - timedelta(days=1)),
    ]
    town.home.env_file.write_text(f"{town.home.env_file.read_text()}FIRSTHAND_KEY_V7={old.key.decode()}\n")
    with warehouse(town.home) as con:
        tombstones.add(con, stones)
    try:
        done = export.run(Company.at(town.home), asked(), everybody(town), tmp_path / "all.json")
        found = {row["contact"] for row in read(tmp_path / "all.json")}
        assert not {mail(gone), mail(long_ago)} & found
        assert mail(back) in found
        assert done.refused["was_erased"] == 2
    finally:
        with warehouse(town.home) as con:
            con.execute("delete from door.tombstones")


def test_one_address_is_written_to_once(town: Company, fates: list[str]) -> None:
    number = fates.index("yes")
    with warehouse(town.home) as con:
        con.begin()
        con.execute(
            "insert into contracts.identifiers select 'twin', * exclude (profile_id)"
            " from contracts.identifiers where profile_id = ?",
            [f"p{number}"],
        )
        con.execute("insert into identity.int_customer_profiles values ('twin', 'twin', 'twin')")
        con.execute("create temp table nobody as select 1")
        answers = permission.ask(con, [f"p{number}", "twin"], "email", "marketing", DAY, None)
        con.rollback()
    assert [(one.is_allowed, one.reason) for one in answers] == [
        (True, "consent"),
        (False, "same_point_as_another"),
    ]


def test_both_flags_or_neither(town: Company, fates: list[str]) -> None:
    with warehouse(town.home) as con:
        con.begin()
        say_yes_to_ads(con, {0: ["ad_user_data"], 1: ["ad_user_data", "ad_personalization"]})
        answers = permission.ask(con, ["p0", "p1", "p2"], "ad_upload", permission.ADS, DAY, None)
        con.rollback()
    found = [one.is_allowed for one in answers]
    assert found == [False, fates[1] != "objected", False]


def say_yes_to_ads(con: duckdb.DuckDBPyConnection, said: dict[int, list[str]]) -> None:
    for number, purposes in said.items():
        for purpose in purposes:
            con.execute(
                "insert into contracts.told_acts (consent_act_id, contact_type, contact_value,"
                " channel, purpose, act, actor, basis, occurred_at, occurred_at_precision, ingested_at,"
                " needs_confirmation, profile_id)"
                " values (?, 'email', ?, 'ad_upload', ?, 'grant', 'person',"
                " 'consent', ?, 'second', ?, false, ?)",
                [f"ad{number}{purpose}", mail(number), purpose, NOON, NOON, f"p{number}"],
            )


@pytest.mark.parametrize(("recipient", "header"), [("meta", "email,phone"), ("google", "Email,Phone")])
def test_a_list_for_an_ad_platform_is_hashes_of_those_who_said_yes_to_both(
    town: Company, fates: list[str], tmp_path: Path, recipient: str, header: str
) -> None:
    both, one = [n for n, fate in enumerate(fates) if fate == "silent"][:3], fates.index("yes")
    path = tmp_path / "list.csv"
    with warehouse(town.home) as con:
        say_yes_to_ads(con, {number: list(consents.ADS) for number in both} | {one: ["ad_user_data"]})
    try:
        words = ["--channel", "ad_upload", "--purpose", "ads", "--where", "true", "--day", "2026-11-20"]
        more = ["--for", recipient, "--out", str(path)]
        assert cli.main(["--home", str(town.home.root), "export", *words, *more]) == 0
    finally:
        with warehouse(town.home) as con:
            con.execute("delete from contracts.told_acts where starts_with(consent_act_id, 'ad')")
    hashes = sorted(hashlib.sha256(mail(number).encode()).hexdigest() for number in both)
    assert path.read_text() == "\n".join([header, *(f"{one}," for one in hashes)]) + "\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    told = tables(town, f"select allowed_count from door.exports where recipient = '{recipient}'")
    assert told == [(3,)]


def test_numbers_are_spelt_as_each_ad_platform_asks() -> None:
    number = "+33639981234"
    plain = {"meta": "33639981234", "google": "+33639981234"}
    for recipient, text in plain.items():
        line = hashed.line_of(recipient, "phone", number)
        assert line == ("", hashlib.sha256(text.encode()).hexdigest())
        line = hashed.line_of(recipient, "email", " Ana.Roy@Poste.example")
        assert line == (hashlib.sha256(b"ana.roy@poste.example").hexdigest(), "")
        with pytest.raises(ValueError, match="post"):
            hashed.line_of(recipient, "post", "1 rue Haute")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--where", "true", "--out", "all.doc"], "ends in .csv"),
        (["--where", "no_such_column = 1", "--dry-run"], "--where"),
        (["--where", "true); drop table customers; select (1", "--dry-run"], "--where"),
        (["--where", "true", "--columns", "best_email", "--dry-run"], "no other leaves"),
        (["--where", "true", "--columns", "nothing", "--dry-run"], "no column of customers"),
        (["--where", "true", "--purpose", "marketting", "--dry-run"], "no such purpose"),
        (["--expiring", "60", "--dry-run"], "`firsthand run` first"),
        (["--where", "true", "--for", "google", "--dry-run"], "--for goes with"),
        (["--customers", "/nowhere/numbers.csv", "--dry-run"], "numbers.csv"),
        (["--where", "true", "--reason", "for marie@maison.example", "--dry-run"], "nobody's address"),
        (["--where", "true", "--reason", "two\nlines", "--dry-run"], "one line"),
    ],
)
def test_what_cannot_be_meant_is_said(
    town: Company, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert cli.main(["--home", str(town.home.root), "export", "--channel", "email", *words]) == 2
    assert said in capsys.readouterr().err
