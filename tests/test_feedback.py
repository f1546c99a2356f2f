"""Ad platforms are told once of each stage that a lead of theirs reached, of who said yes to both ad uses."""

import csv
import json
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from homes import make_company
from permission_harness import Ledger

from pipelines import audit_log, cli, clock
from pipelines.company import Company
from pipelines.door import consents
from pipelines.warehouse_file import warehouse

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ORDERED = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
# Of each: platform, age of the lead in days, whether both ad uses were allowed.
PEOPLE = {
    "ada": ("meta", 10, True),
    "bea": ("meta", 10, False),
    "cyr": ("google_ads", 20, True),
    "dan": ("google_ads", 120, True),
    "eve": ("google_ads", 20, True),
}
STAGES = {"lead": 1, "prospect": 2, "first_time_customer": 3}


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """Five people with a lead each: prospects a day later, buyers two days ago; Eve's click is not known."""
    monkeypatch.setenv(clock.VARIABLE, NOON.isoformat())
    made = make_company(tmp_path, countries=["FR"], language="en", feedback={"first_time_customer": "Vente"})
    made.home.warehouse.parent.mkdir()
    ledger = Ledger(made.home.warehouse)
    ledger.con.execute(
        "alter table contracts.events add column platform varchar;"
        "alter table contracts.events add column evidence varchar;"
        "alter table contracts.events add column amount decimal(18, 2);"
        "alter table contracts.events add column currency varchar;"
        "alter table contracts.events add column details json;"
        "create table marts.customer_stages (customer_id varchar, axis varchar, value varchar,"
        " value_rank integer, valid_from date, evidence varchar, is_reversal boolean)"
    )
    for number, (name, (platform, age, may)) in enumerate(PEOPLE.items(), 1):
        lead, led_at = profile(name), NOON - timedelta(days=age)
        ledger.person(lead, [f"{name}@poste.example"])
        for purpose in consents.ADS if may else ():
            ledger.act(
                f"{name}@poste.example", "ad_upload", "grant", led_at, purpose=purpose, contact_type="email",
                profile_id=lead,
            )  # fmt: skip
        click = f"Cj0K{number}" if platform == "google_ads" and name != "eve" else None
        happened(ledger.con, lead, "lead_created", led_at, platform, click=click)
        happened(
            ledger.con, lead, "order_paid", ORDERED, "shopify", evidence=f"order-{name}", amount="120.50"
        )
        reached(ledger.con, name, "lead", led_at.date(), lead)
        reached(ledger.con, name, "prospect", (led_at + timedelta(days=1)).date(), "nothing dated")
        reached(ledger.con, name, "first_time_customer", ORDERED.date(), f"order-{name}")
    ledger.close()
    return made


def profile(name: str) -> str:
    platform, number = PEOPLE[name][0], 1234567890123450 + list(PEOPLE).index(name)
    return f"{platform}:1:lead:{number}"


def happened(con: Any, lead: str, what: str, at: datetime, platform: str, **said: str | None) -> None:
    con.execute(
        "insert into contracts.events by name"
        " select $lead as profile_id, $what as event_type, $at as occurred_at, $platform as platform,"
        " $evidence as evidence, $amount::decimal(18, 2) as amount,"
        " if($amount is null, null, 'EUR') as currency, json_object('form', '7', 'click', $click) as details",
        {"lead": lead, "what": what, "at": at, "platform": platform, "evidence": said.get("evidence", lead)}
        | {name: said.get(name) for name in ("amount", "click")},
    )


def reached(con: Any, name: str, stage: str, day: date, evidence: str, is_reversal: bool = False) -> None:
    con.execute(
        "insert into marts.customer_stages values (?, 'stage', ?, ?, ?, ?, ?)",
        [profile(name), stage, STAGES[stage], day, evidence, is_reversal],
    )


def tell(company: Company, recipient: str, path: Path | None, *words: str) -> int:
    what = ["--out", str(path)] if path else ["--dry-run"]
    return cli.main(["--home", str(company.home.root), "feedback", "--for", recipient, *what, *words])


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_google_is_told_of_clicks_and_of_nothing_else(company: Company, tmp_path: Path, capsys) -> None:
    path = tmp_path / "conversions.csv"
    assert tell(company, "google", path, "--by", "ines", "--reason", "monthly") == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = table(path)
    references = [line.pop("Order ID") for line in lines]
    granted = {"Ad User Data": "Granted", "Ad Personalization": "Granted"}
    assert lines == [
        {
            "Google Click ID": "Cj0K3", "Conversion Name": "Qualified lead",
            "Conversion Time": "2026-11-01 11:00:00+00:00", "Conversion Value": "", "Conversion Currency": "",
        } | granted,
        {
            "Google Click ID": "Cj0K3", "Conversion Name": "Vente",
            "Conversion Time": "2026-11-18 09:30:00+00:00", "Conversion Value": "120.50",
            "Conversion Currency": "EUR",
        } | granted,
    ]  # fmt: skip
    assert len(set(references)) == 2
    # Dan's click is older than 90 days; Eve's lead has none.
    assert "2 are too old" in capsys.readouterr().out
    [entry] = audit_log.entries(company.home)
    assert (entry.what, entry.by, entry.facts["recipient"], entry.facts["people"]) == (
        "export", "ines", "google", 1,
    )  # fmt: skip


def test_meta_is_told_in_the_body_of_its_call(company: Company, tmp_path: Path, capsys) -> None:
    path = tmp_path / "events.json"
    assert tell(company, "meta", path) == 0
    [event] = json.loads(path.read_text())["data"]
    assert event.pop("event_id")
    assert event == {
        "event_name": "Vente",
        "event_time": int(ORDERED.timestamp()),
        "action_source": "system_generated",
        "user_data": {"lead_id": 1234567890123450},
        "custom_data": {
            "event_source": "crm",
            "lead_event_source": "Firsthand",
            "value": 120.5,
            "currency": "EUR",
        },
    }
    told = capsys.readouterr().out
    assert "1  never asked" in told
    assert "4 are too old" in told, "what Ada and Bea did before the last week"
    assert "poste.example" not in path.read_text()


@pytest.mark.parametrize(("recipient", "ending"), [("google", ".csv"), ("meta", ".json")])
def test_a_move_is_told_once_and_a_dry_run_tells_nothing(
    company: Company, tmp_path: Path, capsys, recipient: str, ending: str
) -> None:
    assert tell(company, recipient, None) == 0
    first, again = tmp_path / f"first{ending}", tmp_path / f"again{ending}"
    assert tell(company, recipient, first) == tell(company, recipient, again) == 0
    assert len(first.read_text()) > len(again.read_text())
    assert "0 moves to tell of" in capsys.readouterr().out
    with warehouse(company.home, read_only=True) as con:
        kept = con.execute("select count(*), count(distinct export_id) from door.feedback").fetchall()
        text = str(con.execute("select * from door.feedback").fetchall())
    assert kept == [(2 if recipient == "google" else 1, 1)]
    assert "Cj0K" not in text and "lead:" not in text


def test_another_lead_of_a_person_who_was_told_of_tells_nothing_again(
    company: Company, tmp_path: Path
) -> None:
    assert tell(company, "google", tmp_path / "first.csv") == 0
    with warehouse(company.home) as con:
        late = "google_ads:1:lead:late"
        # A later click comes to light, of a record that turned out to be theirs.
        con.execute(
            "insert into identity.int_customer_profiles by name"
            " select $late as profile_id, $late as own_number, $who as customer_id",
            {"late": late, "who": profile("cyr")},
        )
        happened(con, late, "lead_created", NOON - timedelta(days=5), "google_ads", click="x")
    assert tell(company, "google", tmp_path / "again.csv") == 0
    assert table(tmp_path / "again.csv") == []


def test_what_the_platform_never_gave_is_not_told_it(company: Company, tmp_path: Path) -> None:
    with warehouse(company.home) as con:
        con.execute(
            "update contracts.events set details = '{\"click\": \"=cmd()\"}' where platform = 'google_ads'"
        )
        for table_name in ("contracts.events", "identity.int_customer_profiles"):
            con.execute(
                f"update {table_name} set profile_id = 'meta:1:lead:row-1a2b' where profile_id = ?",
                [profile("ada")],
            )
    assert (
        tell(company, "google", tmp_path / "none.csv") == tell(company, "meta", tmp_path / "none.json") == 0
    )
    assert table(tmp_path / "none.csv") == json.loads((tmp_path / "none.json").read_text())["data"] == []


def test_what_did_not_last_is_retracted_once(company: Company, tmp_path: Path, capsys) -> None:
    path = tmp_path / "first.csv"
    assert tell(company, "google", path) == 0
    [sale] = [line for line in table(path) if line["Conversion Name"] == "Vente"]
    with warehouse(company.home) as con:
        reached(con, "cyr", "prospect", date(2026, 11, 19), "order-cyr", is_reversal=True)
    # Another name since: the one that was told is the one to retract.
    settings = company.home.config
    settings.write_text(settings.read_text().replace("Vente", "Sale"))
    again = tmp_path / "again.csv"
    assert tell(company, "google", again) == 0
    assert table(again) == []
    assert table(tmp_path / "again-retractions.csv") == [
        {
            "Order ID": sale["Order ID"],
            "Conversion Name": "Vente",
            "Adjustment Time": "2026-11-20 12:00:00+00:00",
            "Adjustment Type": "RETRACT",
        }
    ]
    assert "1 that were told did not last: to be retracted" in capsys.readouterr().out
    assert tell(company, "google", tmp_path / "third.csv") == 0
    assert not (tmp_path / "third-retractions.csv").exists()


def test_who_takes_back_their_yes_is_told_of_no_more(company: Company, tmp_path: Path) -> None:
    with warehouse(company.home) as con:
        con.execute("update contracts.told_acts set act = 'withdraw' where profile_id = ?", [profile("cyr")])
    assert tell(company, "google", tmp_path / "none.csv") == 0
    assert table(tmp_path / "none.csv") == []


def test_a_folder_that_is_not_there_is_said_before_anything_is_recorded(company: Company, capsys) -> None:
    assert tell(company, "google", Path("/nowhere/conversions.csv")) != 0
    assert "/nowhere is no folder" in capsys.readouterr().err
    assert audit_log.entries(company.home) == []


@pytest.mark.parametrize("words", [["--for", "google", "--out", "x.json"], ["--for", "meta"]])
def test_a_wrong_file_is_said(company: Company, capsys, words: list[str]) -> None:
    assert cli.main(["--home", str(company.home.root), "feedback", *words]) != 0
    assert "--out names a file that ends in" in capsys.readouterr().err
