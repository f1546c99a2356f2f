"""No error says whom it was about: neither a database's, nor dbt's, nor a step's in Dagster's own log."""

import io
import json

import dagster as dg
import duckdb
import pytest
from homes import make_company

from connectors.redaction import redact_database_error
from pipelines.dbt_discreet import Discreet, clean_results
from pipelines.discretion import guarded, said_of
from pipelines.keyed import MissingKey

WHO = "Jeanne O'Test"
QUERIES = {
    "number": "select cast(name as integer) from people",
    "day": "select cast(name as timestamptz) from people",
    "key": "insert into people values (?)",
    "json": "select cast(name as json) from people",
    "pattern": "select regexp_matches('x', name || '(') from people",
}


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("create table people (name varchar primary key)")
        con.execute("insert into people values (?)", [WHO])
        yield con


@pytest.mark.parametrize("kind", QUERIES)
def test_a_database_error_loses_the_value_and_keeps_the_rest(con, kind):
    with pytest.raises(duckdb.Error) as error:
        con.execute(QUERIES[kind], [WHO] if kind == "key" else None)
    said = (
        f"Runtime Error in model stg_x (models/stg_x.sql)\n  {error.value}\n  compiled code at target/x.sql"
    )
    assert WHO in said
    told = redact_database_error(said)
    assert "Jeanne" not in told
    assert told.startswith("Runtime Error in model stg_x")
    assert told.endswith("compiled code at target/x.sql")


def test_what_is_code_may_be_said(con):
    with pytest.raises(duckdb.Error) as error:
        con.execute("select surname from people")
    assert redact_database_error(str(error.value)) == str(error.value)


def test_dbts_lines_leave_without_values(con):
    with pytest.raises(duckdb.Error) as error:
        con.execute(QUERIES["day"])
    event = {"info": {"level": "error", "msg": f"  {error.value}"}, "data": {"n": 1}}
    target = io.StringIO()
    with Discreet(target) as out:
        out.write(json.dumps(event) + "\nplain ")
        out.write("line\nlast, of jeanne@mail.example, an Error")
    said = target.getvalue().split("\n")
    assert json.loads(said[0])["data"] == {"n": 1}
    assert "Jeanne" not in said[0]
    assert said[1:] == ["plain line", "last, of ***, an Error"]


def test_so_do_its_results(tmp_path):
    said = {"results": [{"unique_id": "model.x", "message": f"Conversion Error: Could not convert '{WHO}'"}]}
    (tmp_path / "run_results.json").write_text(json.dumps(said))
    clean_results(["build", "--target-path", str(tmp_path)])
    text = (tmp_path / "run_results.json").read_text()
    assert "Jeanne" not in text
    assert "Conversion Error" in text


def test_a_steps_error_reaches_dagster_without_its_text(tmp_path):
    company = make_company(tmp_path)

    @dg.asset
    @guarded(company)
    def broken(context: dg.AssetExecutionContext):
        try:
            int(WHO)
        except ValueError as error:
            raise RuntimeError(f"of {WHO}") from error

    @dg.multi_asset(specs=[dg.AssetSpec("one"), dg.AssetSpec("two")])
    @guarded(company)
    def half(context: dg.AssetExecutionContext):
        yield dg.MaterializeResult("one")
        raise KeyError(WHO)

    with dg.instance_for_test() as instance:
        for asset in (broken, half):
            ran = dg.materialize([asset], instance=instance, raise_on_error=False)
            assert not ran.success
            events = [repr(record) for record in instance.all_logs(ran.run_id)]
            assert not [text for text in events if "Jeanne" in text]
            assert [text for text in events if "test_redaction.py:" in text]


def test_our_own_words_stay(tmp_path):
    company = make_company(tmp_path)
    assert "set FIRSTHAND_KEY_V1" in said_of(MissingKey("set FIRSTHAND_KEY_V1 to it"), company)
