"""Back to an older publication: in one step, with everybody erased since still erased."""

from datetime import UTC, datetime

import pytest
from marts import BUILT_AT, company_with_marts

from pipelines import audit_log, cli, fingerprint
from pipelines.config import ConfigError
from pipelines.door import tombstones
from pipelines.keyed import Keyed
from pipelines.publish import publish
from pipelines.rollback import RollbackRefused, roll_back
from pipelines.serving import folders
from pipelines.warehouse_file import warehouse

ASKED = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def company(tmp_path):
    company, manifest = company_with_marts(tmp_path)
    for _ in range(3):
        publish(company, manifest, BUILT_AT)
    fingerprint.note_published(company.home, {"day": "2026-11-20"})
    return company


def shown(company):
    return folders.current(company.home.serving).name[:6]


def firsthand(company, *words):
    return cli.main(["--home", str(company.home.root), "rollback", *words])


def test_the_one_before_is_shown_and_the_next_run_publishes_anew(company, capsys):
    assert firsthand(company, "--dry-run") == 0
    assert "000002-20261120T050000 would be shown" in capsys.readouterr().out
    assert shown(company) == "000003"
    assert firsthand(company) == 0
    said = capsys.readouterr().out
    assert [line.split()[0][:6] for line in said.splitlines()] == ["000003", "000002", "000001", "000002"]
    assert shown(company) == "000002"
    assert fingerprint.published(company.home) == {}
    entry = audit_log.entries(company.home)[-1]
    assert (entry.what, entry.facts["from"][:6], entry.facts["to"][:6]) == ("rollback", "000003", "000002")
    assert publish(company, company.home.root / "manifest.json", BUILT_AT).folder.name[:6] == "000004"
    assert shown(company) == "000004"


def test_by_name_or_number_and_forward_again(company):
    name = roll_back(company, "1").name
    assert shown(company) == "000001" == name[:6]
    with pytest.raises(ConfigError, match="000001-20261120T050000 is the oldest"):
        roll_back(company, None)
    with pytest.raises(ConfigError, match="is what is shown already"):
        roll_back(company, name)
    assert roll_back(company, "000003").name[:6] == "000003" == shown(company)


def test_an_unknown_one_is_told_with_what_is_kept(company, capsys):
    assert firsthand(company, "--to", "7") == 2
    said = capsys.readouterr().err
    assert "7 is not kept; kept: 000003-20261120T050000, 000002-" in said


def test_nothing_published_is_told(tmp_path):
    company, _ = company_with_marts(tmp_path)
    with pytest.raises(ConfigError, match="nothing is published yet"):
        roll_back(company, None)


def test_nobody_erased_since_is_shown_again(company, capsys):
    with warehouse(company.home) as con:
        tombstones.add(con, [tombstones.email(Keyed.of(company.secrets), "P7@mail.example", ASKED)])
    assert firsthand(company) == 1
    said = capsys.readouterr().err
    assert "customers.best_email holds 1 values of people who were erased" in said
    assert "@" not in said
    assert shown(company) == "000003"
    assert fingerprint.published(company.home) != {}


@pytest.mark.parametrize(
    ("swept_at", "why"), [("null", "erasure is under way"), ("now()", "erased since it was published")]
)
def test_an_erasure_shuts_what_was_published_before(company, swept_at, why):
    with warehouse(company.home) as con:
        con.execute(
            "insert into door.erasures values"
            f" ('e1', now(), 'nora', 'email', 'by reply', true, '{{}}', now(), null, {swept_at})"
        )
    with pytest.raises(RollbackRefused, match=why):
        roll_back(company, None)
    assert shown(company) == "000003"


def test_a_damaged_one_is_not_shown(company):
    older = company.home.serving / "000002-20261120T050000" / "orders.parquet"
    older.write_bytes(older.read_bytes()[:-1])
    with pytest.raises(RollbackRefused, match=r"not as it was written: orders\.parquet"):
        roll_back(company, None)
