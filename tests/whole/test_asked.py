"""Answers to people of the made-up company: all that is theirs, nothing of others, both languages."""

import csv
import json
from pathlib import Path

import pytest
from town import Town

from pipelines.home import Home
from pipelines.warehouse_file import warehouse

pytestmark = pytest.mark.slow
# Tables with a customer's number in them: where an answer tells of them, or why it does not.
TOLD = {
    "customers": "computed, and identity",
    "customer_fields": "identity",
    "customer_profiles": "records",
    "customer_crosswalk": "numbers",
    "touchpoints": "events",
    "consents": "permission_acts",
    "customer_permissions": "permissions",
    "permissions_expiring": "permissions, by their end",
    "customer_stages": "stages",
    "stage_transitions": "stages, by their changes",
    "stage_restatements": "stages, as they were told before",
    "publication_changes": "stages and numbers, as they were published before",
    "referrals": "recommendations",
    "ambassadors": "computed",
    "next_acts": "next_act",
    "orders": "orders",
    "order_ownership": "orders, by what came before them",
    "order_attribution": "orders, by who brought them",
    "campaign_touches": "touchpoints, by their campaign",
    "order_campaigns": "orders, by their campaign",
    "customer_campaigns": "touchpoints, by their first campaign",
    "customer_ownership": "permissions, records and orders, counted",
    "revenue_by_customer": "orders, added up",
    "identity_log": "numbers",
    "account_members": "names colleagues",
    "household_members": "names relatives",
    "judgements": "names who judged",
    "review_queue": "names others",
    "doubtful_records": "records, beside those of others",
}


@pytest.fixture(scope="module")
def town(whole: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    return whole.copy(tmp_path_factory.mktemp("asked") / "town")


def asked(town: Town, number: str, folder: Path, language: str) -> dict[str, list[dict]]:
    ran = town.firsthand(
        "dsar", number, "--received", "2027-01-31", "--language", language, "--out", str(folder)
    )
    assert ran.code == 0, ran.text
    assert "-> 2027-02-28" in ran.out
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, *folder.iterdir()))
    told = json.loads((folder / "data.json").read_text())
    assert {path.stem for path in folder.glob("*.csv")} == told.keys()
    return {name: section["rows"] for name, section in told.items()}


def test_no_table_about_people_is_forgotten(town: Town) -> None:
    holding = town.published(
        "select distinct table_name from duckdb_columns() where column_name like '%customer_id'"
    )
    assert {name for (name,) in holding} - TOLD.keys() == set()


def test_who_sent_a_friend_is_told_of_it_and_not_who(town: Town, tmp_path: Path) -> None:
    [(number, friend)] = town.published(
        "select referrer_customer_id, any_value(referee_customer_id) from referrals"
        " where referrer_customer_id <> referee_customer_id group by 1"
        " having count(*) = 1 order by 1 limit 1"
    )
    told = asked(town, number, tmp_path / "fr", "fr")
    assert "a person you recommended us to" in [row["other_person"] for row in told["recommendations"]]
    text = json.dumps(told)
    assert friend not in text
    mine, theirs = (
        {v for (v,) in town.published("select value from customer_fields where customer_id = ?", who)}
        for who in (number, friend)
    )
    addresses = {value for value in theirs - mine if "@" in value or value.startswith("+")}
    assert [value for value in sorted(addresses) if value in text] == []


def refuse(town: Town, number: str) -> None:
    """A record the door holds, of them, and one of somebody else."""
    addresses = town.published(
        "select best_email from customers where best_email is not null"
        " order by customer_id <> ?, customer_id limit 2",
        number,
    )
    with warehouse(Home(town.root)) as con:
        for key, (address,) in enumerate(addresses):
            payload = json.dumps({"email": address.upper(), "stars": "five"})
            con.execute(
                """
                insert into door.quarantine
                (
                    quarantine_id, platform, stream, via, account, key, op, version, payload, reasons,
                    fetched_at, arrived_at, batch, status
                )
                select
                    'held-' || $key, 'files', 'reviews', 'file', 'files', 'row-' || $key, 'upsert', 'v',
                    $payload, ['stars is not a number'], now(), now(), 'by-hand', 'held'
                """,
                {"key": str(key), "payload": payload},
            )


def test_all_that_is_held_is_in_it(town: Town, tmp_path: Path) -> None:
    [(number,)] = town.published(
        "select customer_id from customers where order_count > 1 and merged_from_count > 1"
        " and can_email order by customer_id limit 1"
    )
    wanted = ("--channel", "email", "--where", f"customer_id = '{number}'")
    ran = town.firsthand("export", *wanted, "--out", str(tmp_path / "spring.json"))
    assert ran.code == 0, ran.text
    refuse(town, number)
    told = asked(town, number, tmp_path / "en", "en")
    [[held]] = [told["held_back"]]
    [(address,)] = town.published("select best_email from customers where customer_id = ?", number)
    assert (held["source"], held["why"]) == ("files", "stars is not a number")
    assert held["content"] == {"email": address.upper(), "stars": "five"}
    tables = {"orders": "orders", "permission_acts": "consents", "records": "customer_profiles"}
    for name, table in tables.items():
        [(count,)] = town.published(f"select count(*) from {table} where customer_id = ?", number)
        assert len(told[name]) == count > 0, name
    computed = {row["what"] for row in told["computed"]}
    assert computed >= {"stage", "erased_without_a_new_act_on", "order_count"}
    assert "export" in {row["what"] for row in told["handed_out"]}
    assert {row["source"] for row in told["records"]} == {row["source"] for row in told["as_received"]}
    with (tmp_path / "en" / "orders.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["art_20"] for row in csv.DictReader(file)} == {"yes"}
