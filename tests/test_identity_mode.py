"""What makes a build compute everybody anew: a new version of anything identity reads, or the weekly turn."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
import retold
from homes import make_company

from pipelines import clock, dbt_parsed, fingerprint, identity_mode, raw
from pipelines.company import Company
from pipelines.resemblance import weights
from pipelines.warehouse_file import warehouse

FRIDAY, SUNDAY_NIGHT, MONDAY = "2026-11-20T05:00+00:00", "2026-11-21T23:30+00:00", "2026-11-23T05:00+00:00"


@pytest.fixture
def company(tmp_path) -> Company:
    shutil.copy(weights.SHIPPED, tmp_path / "own.json")
    return make_company(tmp_path, matching={"weights": "own.json", "threshold_bits": 13})


def again(company: Company, **settings) -> Company:
    return make_company(company.home.root, **settings)


def test_dbt_is_told_the_settings_the_file_by_its_path_and_no_day(company):
    told = json.loads(dbt_parsed.variables(company))
    assert told["matching"] == {
        "threshold_bits": 13.0,
        "doubtful_bits": 6.0,
        "most_per_key": 60,
        "weights": str(company.home.root / "own.json"),
    }
    assert told["full_identity"] is False
    assert json.loads(dbt_parsed.variables(company, full_identity=True))["full_identity"] is True


def test_the_version_turns_with_what_is_in_the_weights_and_not_with_the_day(company, monkeypatch):
    monkeypatch.setenv(clock.VARIABLE, FRIDAY)
    before = identity_mode.version(company.config)
    monkeypatch.setenv(clock.VARIABLE, MONDAY)
    assert identity_mode.version(company.config) == before
    mine = company.home.root / "own.json"
    changed = json.loads(mine.read_text())
    changed["bits"]["first_name"]["same"] += 1
    mine.write_text(json.dumps(changed))
    assert identity_mode.version(company.config) != before


def test_the_version_turns_with_the_code_and_the_lists(company, monkeypatch, tmp_path):
    for name in ("connectors", "pipelines", "dbt_project"):
        (tmp_path / "code" / name).mkdir(parents=True)
    monkeypatch.setattr(identity_mode, "ROOT", tmp_path / "code")
    versions = {identity_mode.version(company.config)}
    for name in ("dbt_project/roles.csv", "dbt_project/match__x.sql", "pipelines/weights.json"):
        (tmp_path / "code" / name).write_text("1")
        versions.add(identity_mode.version(company.config))
    assert len(versions) == 4


def test_a_new_training_is_something_new_for_a_run(company):
    with warehouse(company.home) as con:
        raw.ensure(con)
    before = fingerprint.compute(company)
    assert fingerprint.compute(company) == before
    mine = company.home.root / "own.json"
    mine.write_text(mine.read_text() + "\n")
    assert fingerprint.compute(company) != before


def test_everybody_is_due_once_a_week_by_the_companys_day(company, monkeypatch):
    monkeypatch.setenv(clock.VARIABLE, FRIDAY)
    assert identity_mode.is_due(company), "nothing is known of the last time"
    identity_mode.note_rebuilt(company.home)
    assert not identity_mode.is_due(company)
    # In Paris it is Sunday already.
    monkeypatch.setenv(clock.VARIABLE, SUNDAY_NIGHT)
    assert identity_mode.is_due(company)
    identity_mode.note_rebuilt(company.home)
    assert not identity_mode.is_due(company)
    monkeypatch.setenv(clock.VARIABLE, MONDAY)
    assert not identity_mode.is_due(company)


def test_a_missed_day_is_made_up_for_another_may_be_chosen_and_none(company, monkeypatch):
    monkeypatch.setenv(clock.VARIABLE, FRIDAY)
    identity_mode.note_rebuilt(company.home)
    monkeypatch.setenv(clock.VARIABLE, MONDAY)
    assert identity_mode.is_due(company), "the machine was off on Sunday"
    assert identity_mode.is_due(again(company, matching={"full_rebuild_on": "monday"}))
    assert not identity_mode.is_due(again(company, matching={"full_rebuild_on": "tuesday"}))
    assert not identity_mode.is_due(again(company, matching={"full_rebuild_on": "never"}))


@pytest.mark.slow
def test_numbers_read_before_are_kept_until_everybody_is_computed_anew(told: Path, tmp_path: Path):
    """Another version of the reader may read them otherwise."""
    file = tmp_path / "warehouse.duckdb"
    shutil.copy(told, file)
    misread = "+33199009999"

    def ask(query: str) -> list[tuple]:
        with duckdb.connect(str(file)) as con:
            return con.execute(query).fetchall()

    before = ask("from contracts.int_phones order by all")
    ask(f"update contracts.int_phones set e164 = '{misread}' where e164 is not null")
    build = ("build", "--select", "int_settled", "int_identity__changes", "int_phones")
    build += ("--resource-type", "model")
    retold.dbt(file, *build)
    assert ask("select distinct e164 from contracts.int_phones where e164 is not null") == [(misread,)]
    retold.dbt(file, *build, full_identity=True)
    assert ask("from contracts.int_phones order by all") == before
