"""What changed since the last publication, as it was really published: by hand, kind by kind."""

import duckdb
import pytest
from marts import BUILT_AT, MARTS, company_with_marts, write_manifest

from pipelines.commands.run import summary
from pipelines.publish import publish
from pipelines.running import Outcome
from pipelines.warehouse_file import warehouse

WITH_CROSSWALK = MARTS | {
    "customer_crosswalk": {
        "key": ["customer_number"],
        "columns": {"customer_number": "varchar", "customer_id": "varchar", "status": "varchar"},
    }
}
EVERYBODY = (
    "create or replace table marts.customer_crosswalk as select customer_id::varchar as customer_number,"
)
EVERYBODY += " customer_id::varchar as customer_id, 'current' as status from marts.customers"
LEAVES = "delete from marts.customers where display_name = '{}'"
KINDS = ("new", "moved", "merged", "parted", "erased")


@pytest.fixture
def company(tmp_path):
    company, _ = company_with_marts(tmp_path, 30)
    write_manifest(tmp_path / "manifest.json", WITH_CROSSWALK)
    change(company, EVERYBODY)
    return company


def change(company, *statements):
    with warehouse(company.home) as con:
        for statement in statements:
            con.execute(statement)


def published(company):
    return publish(company, company.home.root / "manifest.json", BUILT_AT)


def told(company, file="marketing"):
    path = (company.home.serving / "current" / f"{file}.duckdb").resolve()
    with duckdb.connect(str(path), read_only=True) as con:
        columns = (
            "snapshot[:6], change, customer_id::varchar, other_customer_id::varchar, stage_before, stage_now"
        )
        return con.execute(f"select {columns} from publication_changes order by all").fetchall()


def numbers(company):
    with warehouse(company.home, read_only=True) as con:
        return dict(con.execute("select display_name, customer_id::varchar from marts.customers").fetchall())


def test_each_kind_is_counted_and_listed_and_the_old_is_carried_on(company):
    assert published(company).manifest["changes"] is None
    assert told(company) == []
    who = numbers(company)
    change(
        company,
        "update marts.customers set stage = 'loyal_customer' where display_name = 'Person 1'",
        # 2 goes into 1; 3 is erased; somebody signs up.
        f"update marts.customer_crosswalk set customer_id = '{who['Person 1']}', status = 'redirected'"
        f" where customer_number = '{who['Person 2']}'",
        f"update marts.customer_crosswalk set customer_id = null, status = 'erased'"
        f" where customer_number = '{who['Person 3']}'",
        "create table kept as from marts.customers where display_name = 'Person 2'",
        LEAVES.format("Person 2"),
        LEAVES.format("Person 3"),
        "insert into marts.customers select * replace (uuid() as customer_id, 'Zoe' as display_name,"
        " 'lead' as stage) from kept",
    )
    manifest = published(company).manifest
    zoe = numbers(company)["Zoe"]
    assert manifest["changes"] == {
        "since": "000001-20261120T050000", "new": 1, "moved": 1, "merged": 1, "parted": 0, "erased": 1
    }  # fmt: skip
    first = "first_time_customer"
    second = sorted(
        [
            ("000002", "new", zoe, None, None, "lead"),
            ("000002", "moved", who["Person 1"], None, first, "loyal_customer"),
            ("000002", "merged", who["Person 2"], who["Person 1"], first, None),
            ("000002", "erased", who["Person 3"], None, None, None),
        ]
    )
    assert told(company) == second
    assert not {number for row in told(company, "bi") for number in row[2:4]} & {*who.values(), zoe}
    assert [row[1] for row in told(company, "bi")] == [row[1] for row in second]

    # 2 is somebody of their own again, and Zoe asks to be forgotten: of her only the end stays.
    change(
        company,
        "insert into marts.customers from kept",
        f"update marts.customer_crosswalk set customer_id = customer_number, status = 'current'"
        f" where customer_number = '{who['Person 2']}'",
        LEAVES.format("Zoe"),
    )
    changes = published(company).manifest["changes"]
    assert [changes[kind] for kind in KINDS] == [0, 0, 0, 1, 1]
    third = [("000003", "erased", zoe, None, None, None)]
    third += [("000003", "parted", who["Person 2"], who["Person 1"], None, first)]
    assert told(company) == [row for row in second if row[2] != zoe] + third

    assert set(published(company).manifest["changes"].values()) == {"000003-20261120T050000", 0}
    assert len(told(company)) == 5


def test_a_run_says_it_in_one_line():
    before = {"snapshot": "000001", "counts": {"customers": 1}}
    after = {"snapshot": "000002", "counts": {"customers": 3}}
    changes = {"since": "000001", "new": 1200, "moved": 3, "merged": 0, "parted": 0, "erased": 1}
    said = summary(Outcome("0123456789", True, {}, [], before, after | {"changes": changes}))
    assert "\nsince the last: 1,200 new, 3 moved, 0 merged, 0 parted, 1 erased\n" in said
    assert "since" not in summary(Outcome("0123456789", True, {}, [], {}, after | {"changes": None}))


@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_a_damaged_publication_does_not_stay_shown_for_want_of_a_comparison(company, harm):
    last = published(company).folder
    if harm == "gone":
        (last / "marketing.duckdb").unlink()
    else:
        (last / "marketing.duckdb").write_bytes(b"nothing" * 1000)
    new = published(company)
    assert (new.manifest["changes"], new.manifest["not_compared_with"]) == (None, last.name)
    assert told(company) == []
    outcome = Outcome("0123456789", True, {}, [], {"snapshot": last.name}, new.manifest)
    assert f"since the last: not known, {last.name} cannot be read" in summary(outcome)
    assert "not_compared_with" not in published(company).manifest


def test_that_the_list_of_changes_grew_short_refuses_nothing(company):
    """Thirty move; then all their numbers are of people erased, and the list forgets what it told of them."""
    published(company)
    change(company, "update marts.customers set stage = 'loyal_customer'")
    published(company)
    assert len(told(company)) == 30
    change(company, "update marts.customer_crosswalk set customer_id = null, status = 'erased'")
    published(company)
    assert told(company) == []
