"""Publication: a reader never sees half of one, a bad one is never shown, bi.duckdb names nobody."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from marts import BUILT_AT, MARTS, build_marts, company_with_marts, write_manifest

from pipelines import config
from pipelines.company import Company
from pipelines.door import tombstones
from pipelines.keyed import Keyed, MissingKey
from pipelines.publish import AuditRefused, NothingToPublish, publish
from pipelines.serving import folders
from pipelines.warehouse_file import warehouse


@pytest.fixture
def company(tmp_path):
    return company_with_marts(tmp_path)[0]


@pytest.fixture
def manifest(tmp_path):
    return tmp_path / "manifest.json"


def change(company, *statements):
    with warehouse(company.home) as con:
        for statement in statements:
            con.execute(statement)


def ask(company, query, file="marketing"):
    path = company.home.serving / "current" / f"{file}.duckdb"
    with duckdb.connect(str(path.resolve()), read_only=True) as con:
        return con.execute(query).fetchall()


def refused(company, manifest, **more):
    with pytest.raises(AuditRefused) as caught:
        publish(company, manifest, BUILT_AT, **more)
    return str(caught.value)


# -- what is shown -----------------------------------------------------------------------------------


def test_a_publication_is_whole_and_says_what_it_is(company, manifest):
    published = publish(company, manifest, BUILT_AT)
    said = json.loads((company.home.serving / "current" / "manifest.json").read_text())
    assert said == published.manifest
    assert said["counts"] == {
        "customers": 40,
        "orders": 40,
        "publication_changes": 0,
        "revenue_by_customer": 37,
    }
    assert said["configuration"] == company.config.hash()
    assert said["built_at"] == "2026-11-20T05:00:00+00:00"
    assert set(said["files"]) == {
        "bi.duckdb", "customers.parquet", "marketing.duckdb", "orders.parquet", "publication_changes.parquet",
        "revenue_by_customer.parquet"
    }  # fmt: skip
    assert ask(company, "select count(*), sum(net_revenue_total) from customers")[0][0] == 40
    assert all(result.passed for result in published.results)
    assert {r.column for r in published.results} >= {"customer_id", "stage", "can_post", "number of rows"}


def test_files_are_for_a_group_and_nobody_else(company, manifest):
    folder = publish(company, manifest, BUILT_AT).folder
    assert folder.stat().st_mode & 0o777 == 0o750
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o640}


def test_labels_and_descriptions_travel_as_comments(company, manifest):
    publish(company, manifest, BUILT_AT)
    for file in ("marketing", "bi"):
        comments = dict(
            ask(
                company,
                "select column_name, comment from duckdb_columns() where table_name = 'customers'",
                file,
            )
        )
        assert comments["stage"] == "stage (fr) / stage: What stage is; it's text."
        assert ask(company, "select comment from duckdb_tables() where table_name = 'orders'", file) == [
            ("One row per orders.",)
        ]


def test_only_types_that_old_drivers_know(company, manifest):
    publish(company, manifest, BUILT_AT)
    kinds = {
        kind for (kind,) in ask(company, "select distinct data_type from duckdb_columns() where not internal")
    }
    assert "JSON" not in kinds
    assert ask(company, "select distinct traits from customers") == [('{"a": 1}',)]


# -- bi.duckdb ---------------------------------------------------------------------------------------


def test_bi_names_nobody_and_its_keys_are_stable(company, manifest):
    publish(company, manifest, BUILT_AT)
    columns = {
        c for (c,) in ask(company, "select column_name from duckdb_columns() where not internal", "bi")
    }
    assert not columns & {"display_name", "best_email"}
    before = ask(company, "select customer_id from customers order by 1", "bi")
    numbers = ask(company, "select customer_id from customers order by 1")
    assert not set(before) & set(numbers)
    assert len(set(before)) == 40
    publish(company, manifest, BUILT_AT + timedelta(days=1))
    assert ask(company, "select customer_id from customers order by 1", "bi") == before
    joined = "select count(*) from orders join customers using (customer_id)"
    assert ask(company, joined, "bi") == ask(company, joined) == [(36,)]
    assert ask(
        company, "select count(*) from revenue_by_customer where customer_id like 'unattributed%'", "bi"
    )[0] == (1,)


def test_bi_shows_no_number_of_a_household_either(company, tmp_path):
    change(
        company,
        "alter table marts.customers add column household_id varchar",
        "update marts.customers set household_id = 'household-' || customer_id",
    )
    marts = json.loads(json.dumps(MARTS))
    marts["customers"]["columns"]["household_id"] = "varchar"
    publish(company, write_manifest(tmp_path / "m.json", marts), BUILT_AT)
    numbers = {n for (n,) in ask(company, "select household_id from customers")}
    hidden = {n for (n,) in ask(company, "select household_id from customers", "bi")}
    assert len(hidden) == len(numbers) == 40
    assert not hidden & numbers
    assert all(number.startswith("household-") for number in hidden)
    shown = {n for (n,) in ask(company, "select 'household-' || customer_id from customers", "bi")}
    assert not hidden & shown


def test_an_undocumented_column_stays_out_of_bi(company, tmp_path):
    marts = json.loads(json.dumps(MARTS))
    del marts["customers"]["columns"]["traits"]
    publish(company, write_manifest(tmp_path / "m.json", marts), BUILT_AT)
    assert ask(company, "select traits from customers limit 1")
    with pytest.raises(duckdb.BinderException):
        ask(company, "select traits from customers", "bi")


def test_a_personal_column_somebody_forgot_to_mark_is_refused(company, tmp_path):
    marts = json.loads(json.dumps(MARTS))
    marts["customers"]["columns"]["best_email"] = "varchar"
    said = refused(company, write_manifest(tmp_path / "m.json", marts))
    assert "bi: customers.best_email holds 40 e-mail addresses" in said
    assert "@" not in said


def test_a_list_of_people_to_work_through_is_not_in_bi_at_all(company, tmp_path):
    marts = json.loads(json.dumps(MARTS))
    marts["orders"]["meta"] = {"marketing_only": True}
    publish(company, write_manifest(tmp_path / "m.json", marts), BUILT_AT)
    assert ask(company, "select count(*) from orders") == [(40,)]
    with pytest.raises(duckdb.CatalogException):
        ask(company, "from orders", "bi")


def test_a_mart_that_nobody_described_is_refused(company, tmp_path):
    marts = json.loads(json.dumps(MARTS))
    marts["orders"]["columns"] = {}
    assert "no column of orders is described" in refused(company, write_manifest(tmp_path / "m.json", marts))


def test_without_its_key_nothing_is_published(company, manifest):
    keyless = Company(company.home, company.config, {})
    with pytest.raises(MissingKey, match="FIRSTHAND_KEY must be set"):
        publish(keyless, manifest, BUILT_AT)


# -- the audit ---------------------------------------------------------------------------------------

ONE = "where display_name = 'Person 3'"
HARMS = {
    "a number twice": ("insert into marts.customers from marts.customers limit 1", "customer_id"),
    "a number is null": (f"update marts.customers set customer_id = null {ONE}", "customer_id"),
    "a seventh stage": (f"update marts.customers set stage = 'friend' {ONE}", "stage"),
    "a permission unknown": (f"update marts.customers set can_sms = null {ONE}", "can_sms"),
    "no address": (f"update marts.customers set best_email = 'x' {ONE}", "best_email"),
    "negative refunds": (f"update marts.customers set refunds_total = -1 {ONE}", "refunds_total"),
    "an order twice": ("insert into marts.orders select 'o1', null, 0", "orders has 1 repeated"),
    "money lost": ("delete from marts.revenue_by_customer where net = 39", "orders add up to"),
    "half gone": ("delete from marts.customers where display_name > 'Person 2'", "number of rows"),
    "orders gone": ("delete from marts.orders where order_id > 'o2'", "orders has"),
    "older than last time": ("update door.batches set landed_at = '2026-01-01'", "knows nothing after"),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_bad_publication_is_never_shown(company, manifest, harm):
    shown = publish(company, manifest, BUILT_AT).folder
    statement, word = HARMS[harm]
    change(company, statement)
    assert word in refused(company, manifest)
    assert folders.current(company.home.serving) == shown
    assert [path.name for path in company.home.serving.iterdir() if path.name[0] == "."] == []


def test_more_given_back_than_paid_is_reported_and_published(company, manifest):
    change(company, f"update marts.customers set net_revenue_total = -1 {ONE}")
    failed = [r.column for r in publish(company, manifest, BUILT_AT).results if not r.passed]
    assert failed == ["net_revenue_total"]


def test_an_operator_may_say_that_less_is_right(company, manifest):
    publish(company, manifest, BUILT_AT)
    build_marts(company, 12)
    assert "number of rows" in refused(company, manifest)
    assert publish(company, manifest, BUILT_AT, accept_smaller=True).counts["customers"] == 12


def test_the_erased_are_not_published(company, manifest):
    keyed = Keyed.of(company.secrets)
    asked = datetime(2026, 6, 1, tzinfo=UTC)
    with warehouse(company.home) as con:
        tombstones.add(con, [tombstones.email(keyed, "P7@mail.example", asked)])
    assert "customers.best_email holds 1 values of people who were erased" in refused(company, manifest)
    # Who signs up again after the request is somebody new.
    change(company, "update marts.customers set first_seen_on = '2026-06-02' where best_email like 'p7@%'")
    publish(company, manifest, BUILT_AT)


def test_nor_are_their_refused_records(company, tmp_path):
    keyed = Keyed.of(company.secrets)
    asked = datetime(2026, 6, 1, tzinfo=UTC)
    columns = {"id": "varchar", "arrived_at": "timestamptz", "payload": "varchar pii"}
    marts = MARTS | {"refused_records": {"key": ["id"], "columns": columns}}
    change(
        company,
        "create table marts.refused_records (id varchar, arrived_at timestamptz, payload varchar)",
        """insert into marts.refused_records values
            ('1', '2026-05-01', '{"who": ["Ana <Ana@mail.example>"], "phone": "0612"}'),
            ('2', '2026-05-01', '{"phone": "+33 1 99 00 12 34"}'),
            ('3', '2026-05-01', 'no json, ana2@mail.example')""",
    )
    with warehouse(company.home) as con:
        tombstones.add(con, [tombstones.email(keyed, "ana@mail.example", asked)])
        tombstones.add(con, [tombstones.phone(keyed, "+33199001234", "FR", asked)])
    manifest = write_manifest(tmp_path / "m.json", marts)
    assert "refused_records.payload holds 2 values of people who were erased" in refused(company, manifest)
    # What they send after the request is a new act.
    change(company, "update marts.refused_records set arrived_at = '2026-06-02'")
    publish(company, manifest, BUILT_AT)


def test_marts_that_were_never_built_are_not_published(company, tmp_path):
    marts = MARTS | {"campaigns": {"key": ["campaign_id"], "columns": {"campaign_id": "varchar"}}}
    with pytest.raises(NothingToPublish, match="campaigns"):
        publish(company, write_manifest(tmp_path / "m.json", marts), BUILT_AT)


# -- snapshots ---------------------------------------------------------------------------------------


def test_the_last_three_are_kept_and_leftovers_go(company, manifest):
    (company.home.serving / ".building-dead").mkdir()
    names = [publish(company, manifest, BUILT_AT).folder.name for _ in range(5)]
    assert [path.name for path in folders.snapshots(company.home.serving)] == names[2:]
    assert folders.current(company.home.serving).name == names[4]
    assert not (company.home.serving / ".building-dead").exists()


def test_what_is_shown_is_never_deleted(company, manifest):
    first = publish(company, manifest, BUILT_AT).folder
    for _ in range(2):
        publish(company, manifest, BUILT_AT)
    folders.show(company.home.serving, first)
    folders.prune(company.home.serving, keep=1)
    assert folders.current(company.home.serving) == first


PUBLISH = """
import sys
from marts import BUILT_AT
from pathlib import Path
from pipelines.company import Company
from pipelines.home import Home
from pipelines.publish import publish
root = Path(sys.argv[1])
publish(Company.at(Home.at(root)), root / "manifest.json", BUILT_AT)
"""


def test_killed_between_publication_and_swap_the_old_one_stays(company, manifest):
    shown = publish(company, manifest, BUILT_AT).folder
    environment = {"FIRSTHAND_DIE_AT": "between_publication_and_swap", "PYTHONPATH": ".:tests"}
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH, str(company.home.root)], env=environment, check=False
    )
    assert done.returncode == -9
    assert folders.current(company.home.serving) == shown
    assert publish(company, manifest, BUILT_AT).folder.name > shown.name


# -- readers (tests/whole/test_readers.py has them in a loop) ------------------------------------------


def test_a_reader_never_blocks_a_publication_and_a_writer_is_waited_for(company, manifest):
    publish(company, manifest, BUILT_AT)
    path = company.home.serving / "current" / "marketing.duckdb"
    with duckdb.connect(str(path), read_only=True) as reader:
        count = reader.execute("select count(*) from customers").fetchone()
        assert publish(company, manifest, BUILT_AT)
        assert reader.execute("select count(*) from customers").fetchone() == count


def test_settings_of_publication_are_read(tmp_path):
    company, manifest = company_with_marts(tmp_path)
    keeping_one = config.Config(company="x", publication=config.Publication(keep=1))
    for _ in range(3):
        publish(Company(company.home, keeping_one, company.secrets), manifest, BUILT_AT)
    assert len(folders.snapshots(company.home.serving)) == 1


# -- how it lies in the file -------------------------------------------------------------------------


def numbers_in_order(company, table, column="customer_id", file="marketing"):
    return [number for (number,) in ask(company, f"select {column} from {table} order by rowid", file)]


def test_rows_of_one_person_lie_together_and_in_bi_tell_no_order(company, manifest):
    change(
        company,
        "create or replace table marts.orders as from marts.orders order by md5(order_id::varchar)",
        "create or replace table marts.customers as from marts.customers order by md5(customer_id::varchar)",
    )
    publish(company, manifest, BUILT_AT)
    for table in ("customers", "orders"):
        numbers = [number and str(number) for number in numbers_in_order(company, table)]
        assert numbers == sorted(numbers, key=lambda number: (number is None, number))
    # A stand-in whose place told how large the number is would tell its first digits.
    keyed = Keyed.of(company.secrets)
    hidden = {
        keyed.number("customer", str(number)): str(number)
        for number in numbers_in_order(company, "customers")
    }
    behind = [hidden[str(one)] for one in numbers_in_order(company, "customers", file="bi")]
    assert len(behind) > 20 and behind != sorted(behind)


def test_a_mart_says_by_what_it_is_read(company, tmp_path):
    marts = {name: dict(mart) for name, mart in MARTS.items()}
    marts["orders"]["meta"] = {"read_by": ["order_id"]}
    publish(company, write_manifest(tmp_path / "by_order.json", marts), BUILT_AT)
    numbers = numbers_in_order(company, "orders", "order_id")
    assert numbers == sorted(numbers)
