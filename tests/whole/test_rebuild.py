"""When a run computes everybody anew and when only who changed, in whole runs; both say the same."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import inside
import pytest
import yaml
from town import MORNING, Town, differences

from pipelines import dbt_parsed
from pipelines.company import Company
from pipelines.home import Home

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def town(whole: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Each test goes on from where the one before it ended."""
    town = whole.copy(tmp_path_factory.mktemp("rebuilt") / "home")
    yield town
    shutil.rmtree(town.root)


def ran(town: Town, *words: str) -> bool:
    """Whether the run that was made computed everybody."""
    done = town.firsthand("run", *words)
    assert done.code == 0, done.text
    return town.rows("select is_full from contracts.int_settled")[0][0]


def test_an_ordinary_run_is_an_increment(whole: Town) -> None:
    assert whole.rows("select is_full from contracts.int_settled") == [(False,)]


def test_erased_records_leave_by_an_increment_that_equals_a_rebuild_done_once(town: Town) -> None:
    key, profile, customer = town.rows(
        """
        select split_part(profile_id, ':', 4), profile_id, customer_id from identity.int_customer_profiles
        where starts_with(profile_id, 'brevo:') and customer_id in (
            select customer_id from identity.int_customer_profiles group by 1 having count(*) >= 3
        )
        order by profile_id limit 1
        """
    )[0]
    with duckdb.connect(str(town.root / "data" / "warehouse.duckdb")) as con:
        con.execute("delete from raw_brevo.contacts where _key = ?", [key])
        con.execute("insert into door.tombstones select md5(?), 'profile', '', 1, now()", [profile])
    assert not ran(town)
    kept = town.rows("select count(*) from identity.int_customer_profiles where profile_id = ?", profile)
    assert kept == [(0,)], customer
    incremented, snapshot = town.tables(), town.manifest["snapshot"]
    assert ran(town, "--rebuild-identity")
    found = differences(incremented, town.tables())
    assert not found, "\n".join(found)
    rebuilt = town.manifest["snapshot"]
    assert rebuilt != snapshot, "a rebuild that was asked for is made, though it changes nobody"
    ran(town)
    assert town.manifest["snapshot"] == rebuilt, "nothing is new after it"


def test_another_threshold_computes_everybody(
    whole: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what a run tells dbt, without the rest of it; the weekly turn is tests/test_identity_mode.py's."""
    monkeypatch.setenv("FIRSTHAND_INGESTED_AT", MORNING)

    def is_full(**settings: Any) -> bool:
        town = whole.copy(tmp_path / f"{len(settings)}")
        kept = yaml.safe_load((town.root / "firsthand.yaml").read_text())
        matching = kept["matching"] | settings
        (town.root / "firsthand.yaml").write_text(yaml.safe_dump(kept | {"matching": matching}))
        told = json.loads(dbt_parsed.variables(Company.at(Home(town.root))))
        inside.dbt(Home(town.root).warehouse, "run", "--select", "int_settled", **told)
        [(is_full, bits)] = town.rows("select is_full, threshold_bits from contracts.int_settled")
        assert bits == settings.get("threshold_bits", bits)
        return is_full

    assert not is_full()
    assert is_full(threshold_bits=15.0)
