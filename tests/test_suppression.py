"""Suppression lists: exactly those who said no, of those the tool knows; to a partner only as hashes."""

import csv
import hashlib
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from homes import make_company
from permission_harness import Ledger

from pipelines import audit_log, cli, clock
from pipelines.company import Company
from pipelines.warehouse_file import warehouse

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EARLIER = datetime(2026, 1, 5, 12, tzinfo=UTC)
PHONE = "+33639980001"
# By profile: the address, and what was said of it.
SAID = {
    "brevo:brevo:contact:1": ("gone@poste.example", "withdraw"),
    "brevo:brevo:contact:2": ("complained@poste.example", "complaint"),
    "brevo:brevo:contact:3": ("objected@poste.example", "object"),
    "brevo:brevo:contact:4": ("yes@poste.example", "grant"),
    "brevo:brevo:contact:5": ("silent@poste.example", None),
    "brevo:brevo:contact:6": ("=1+1@poste.example", "withdraw"),
    "shopify:1:customer:7": ("unknown.there@poste.example", "withdraw"),
}
NOES = {"gone@poste.example", "complained@poste.example", "objected@poste.example"}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    made = make_company(tmp_path_factory.mktemp("noes"), countries=["FR"], language="en")
    made.home.warehouse.parent.mkdir()
    ledger = Ledger(made.home.warehouse)
    for profile, (address, act) in SAID.items():
        ledger.person(profile, [address, *([PHONE] if profile.endswith(":1") else [])])
        if act:
            ledger.act(address, "email", act, EARLIER, actor="person", profile_id=profile)
    ledger.act(PHONE, "sms", "withdraw", EARLIER, actor="person", profile_id="brevo:brevo:contact:1")
    ledger.close()
    return made


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.VARIABLE, NOON.isoformat())


def written(company: Company, path: Path, *words: str) -> list[list[str]]:
    code = cli.main(["--home", str(company.home.root), "suppression", *words, "--out", str(path)])
    assert code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_a_tool_is_told_of_the_noes_it_knows(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, *lines = written(company, tmp_path / "noes.csv", "--for", "brevo", "--by", "ines")
    assert head == ["EMAIL"]
    assert {line[0] for line in lines} == NOES
    told = capsys.readouterr().out
    assert "3 said no and are known there" in told
    assert "1 are not in the file, for a spreadsheet" in told
    assert "@" not in told
    with warehouse(company.home, read_only=True) as con:
        kept = con.execute("select format, recipient, made_by, allowed_count from door.exports").fetchall()
        members = con.execute("select customer_id, basis from door.export_members").fetchall()
    assert kept == [("suppression", "brevo", "ines", 3)]
    assert sorted(members) == [(f"brevo:brevo:contact:{n}", "suppression") for n in (1, 2, 3)]
    [entry] = audit_log.entries(company.home)
    assert (entry.what, entry.by, entry.facts["recipient"], entry.facts["people"]) == (
        "export", "ines", "brevo", 3,
    )  # fmt: skip
    # Nobody there is known to Mailchimp.
    assert written(company, tmp_path / "none.csv", "--for", "mailchimp") == [["Email Address"]]


def test_numbers_go_as_brevo_takes_them(company: Company, tmp_path: Path) -> None:
    lines = written(company, tmp_path / "sms.csv", "--for", "brevo", "--channel", "sms")
    assert lines == [["SMS"], [PHONE.removeprefix("+")]]


def test_a_partner_gets_hashes_of_all_who_said_no(company: Company, tmp_path: Path) -> None:
    head, *lines = written(company, tmp_path / "partner.csv", "--for", "partner")
    assert head == ["sha256"]
    everybody = NOES | {"=1+1@poste.example", "unknown.there@poste.example"}
    assert [line[0] for line in lines] == sorted(
        hashlib.sha256(one.encode()).hexdigest() for one in everybody
    )


def test_a_no_of_a_moment_ago_counts_and_a_dry_run_leaves_nothing(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(company.home.root)]
    with warehouse(company.home, read_only=True) as con:
        before = con.execute("select count(*) from door.exports").fetchone()
    assert cli.main([*home, "consent", "withdraw", "yes@poste.example", "--by", "ines"]) == 0
    try:
        assert cli.main([*home, "suppression", "--for", "brevo", "--dry-run"]) == 0
        assert "4 said no and are known there" in capsys.readouterr().out
        lines = written(company, tmp_path / "noes.csv", "--for", "brevo", "--day", "2026-01-04")
        assert lines == [["EMAIL"]], "on that day nobody had"
        with warehouse(company.home, read_only=True) as con:
            assert con.execute("select count(*) from door.exports").fetchone()[0] == before[0] + 1
    finally:
        for path in company.home.commands.glob("*.json"):
            path.unlink()


def test_ad_platforms_get_none(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--home", str(company.home.root), "suppression", "--for", "meta", "--dry-run"])
    home = ["--home", str(company.home.root)]
    assert cli.main([*home, "suppression", "--for", "hubspot", "--channel", "sms", "--dry-run"]) == 2
    assert "no list of numbers" in capsys.readouterr().err
