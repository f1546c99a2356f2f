"""For each expectation, a planted defect is caught; and what is good, in any spelling, is not.

The cases are derived from the promises of all streams of all platforms: a new promise is a new case.
"""

import copy
import json
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
import yaml
from landings import DAY_ONE, MEMBERS, SHOPS, STREAMS, drop

from connectors.stream import Promise
from pipelines import expectations, raw
from pipelines.expectations import STRUCTURE
from pipelines.home import Home
from pipelines.serving import customer_table

SAMPLES = ("17", "EUR", "eur", "12.50", "someone@mail.example", "fr_FR", "2026-11-01")
KEYS = ("{}", "act_{}", "{:018d}", "{:032d}")
WRONG_KIND = {"text": ["x"], "number": "many", "boolean": "maybe", "time": "soon", "list": "x", "object": "x"}
RIGHT_KIND = {
    "number": 17,
    "boolean": False,
    "time": "2026-11-01T08:00:00+0000",
    "list": [],
    "object": {},
    "text": "17",
}
ALL = raw.known_streams()


def put(row, path, value):
    """`value` at a dotted path, making the groups on the way."""
    *groups, last = path.split(".")
    for group in groups:
        row = row.setdefault(group, {})
    if value is None:
        row.pop(last, None)
    else:
        row[last] = value


def key_value(promise, number):
    """Another for each row, where the promise lets it be."""
    keys = [key.format(1000 + number) for key in KEYS]
    return (
        None
        if promise.type == "time"
        else next((k for k in keys if re.search(promise.pattern or "", k)), None)
    )


def good_value(promise):
    if promise.values is not None:
        return sorted(promise.values)[0]
    if promise.pattern:
        samples = (*SAMPLES, key_value(promise, 0) or "")
        return next(sample for sample in samples if re.search(promise.pattern, sample))
    return copy.deepcopy(RIGHT_KIND[promise.type or "text"])


def good_row(stream, number):
    row = {}
    for promise in stream.promises:
        put(row, promise.path, good_value(promise))
    for path in stream.key.split(":"):
        promised = next((p for p in stream.promises if p.path == path), Promise(path))
        if promised.type == "number":
            put(row, path, 1000 + number)
        elif key := key_value(promised, number):
            put(row, path, key)
    row["marker"] = number
    return row


def bad_row(stream, check, number):
    """A good row with exactly this defect planted."""
    row = good_row(stream, number)
    if check.column == "_key":
        put(row, stream.key.split(":")[0], None)
    elif check.column == "_shape":
        return [number]
    else:
        promise = next(p for p in stream.promises if p.path == check.about)
        if check.expectation == "not_be_null":
            put(row, promise.path, None)
        elif check.column.startswith("kind"):
            put(row, promise.path, WRONG_KIND[promise.type])
        else:
            put(row, promise.path, "\u00bf?")
    return row


@lru_cache
def reasons_for(platform, name):
    """Land 300 good rows and one row per defect; the reasons given for each, and the results."""
    stream = ALL[platform, name]
    checks = [c for c in expectations.checks_of(stream) if c.column != "_account"]
    bad = [bad_row(stream, check, number) for number, check in enumerate(checks)]
    good = [good_row(stream, 1000 + number) for number in range(300)]
    with TemporaryDirectory() as folder, duckdb.connect() as con:
        home = Home.at(folder)
        raw.ensure(con, ALL)
        batch = drop(home, good + bad, stream=stream, platform=platform)
        landed = raw.land(con, home, batch, DAY_ONE, ALL)
        assert (landed.new, landed.refused, landed.failed_reason) == (300, len(bad), None)
        held = dict(con.execute("select payload, reasons from door.quarantine").fetchall())
    canonical = [json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False) for row in bad]
    return {check.says: held[text] for check, text in zip(checks, canonical, strict=True)}, landed.results


CASES = [
    (platform, name, check.says)
    for (platform, name), stream in ALL.items()
    for check in expectations.checks_of(stream)
    if check.column != "_account"
]


@pytest.mark.parametrize(("platform", "name", "says"), CASES)
def test_a_planted_defect_is_caught(platform, name, says):
    reasons, results = reasons_for(platform, name)
    assert says in reasons[says]
    assert any(not result.passed for result in results)


@pytest.fixture
def con():
    with duckdb.connect() as con:
        raw.ensure(con, STREAMS)
        yield con


def land(con, tmp_path, rows, **more):
    home = Home.at(tmp_path)
    return raw.land(con, home, drop(home, rows, **more), DAY_ONE, STREAMS)


def test_a_record_of_no_account_is_caught(con, tmp_path):
    assert land(con, tmp_path, [{"id": "a"}], account="").refused == 1
    assert raw.held(con)[0].reasons == ["it does not say which account it belongs to"]


@pytest.mark.parametrize(
    ("field", "values"),
    {
        "created": [
            "2026-11-01T08:00:00Z",
            "2026-11-01",
            "2026-11-01 08:00:00.5+02:00",
            1762000000,
            "1762000000",
        ],
        "spent": [0, 12.5, "12.50", "-3", "1e3", None],
        "vip": [True, False, None],
        "tags": [[], ["a"], None],
        "extra": [{}, {"a": {"b": 1}}],
        "email": ["a@b.example", None],
    }.items(),
)
def test_good_values_in_their_many_spellings_pass(con, tmp_path, field, values):
    landed = land(con, tmp_path, [{"id": str(n), field: value} for n, value in enumerate(values)])
    assert (landed.refused, landed.new) == (0, len(values))


@pytest.mark.parametrize("value", ["2026-13-01T08:00:00Z", "2026-11-01T08:00:00", "yesterday", "", True])
def test_a_time_nobody_can_place_is_refused(con, tmp_path, value):
    assert land(con, tmp_path, [{"id": "a", "created": value}]).refused == 1


def test_an_export_may_leave_out_what_its_api_sends(con, tmp_path):
    assert land(con, tmp_path, [{"id": "1"}], stream=SHOPS, via="file").refused == 0
    assert land(con, tmp_path, [{"id": "1"}], stream=SHOPS).refused == 1


# -- batches -----------------------------------------------------------------------------------------


def shops(count, **more):
    return [{"id": str(n), "name": "x", **more} for n in range(count)]


def test_a_full_read_that_collapsed_fails_its_stream_alone_and_only_once(con, tmp_path):
    assert not land(con, tmp_path, shops(10), stream=SHOPS).failed_reason
    landed = land(con, tmp_path, shops(4, new=1), stream=SHOPS)
    assert landed.failed_reason == "4 rows where the last full read brought 10"
    assert (landed.new, landed.refused) == (0, 4)
    assert raw.held(con)[0].reasons == ["batch: 4 rows where the last full read brought 10"]
    # The next read of the same size is the new truth; what was held is replayed by one command.
    assert not land(con, tmp_path, shops(4, new=1), stream=SHOPS).failed_reason
    assert raw.replay(con, Home.at(tmp_path), DAY_ONE, streams=STREAMS)[0].new == 4


def test_a_collapse_is_seen_even_where_nothing_is_new(con, tmp_path):
    land(con, tmp_path, shops(10), stream=SHOPS)
    assert land(con, tmp_path, shops(2), stream=SHOPS).failed_reason


def test_of_a_handful_one_that_is_gone_is_no_collapse(con, tmp_path):
    land(con, tmp_path, shops(1), stream=SHOPS)
    assert not land(con, tmp_path, [], stream=SHOPS).failed_reason
    land(con, tmp_path, shops(5), stream=SHOPS)
    assert land(con, tmp_path, shops(2), stream=SHOPS).failed_reason


def test_a_batch_that_lost_a_promised_field_is_refused_whole(con, tmp_path):
    land(con, tmp_path, shops(3), stream=SHOPS)
    rows = shops(8, new=2) + [{"id": f"b{n}"} for n in range(14)]
    landed = land(con, tmp_path, rows, stream=SHOPS)
    assert landed.failed_reason == "name is missing in 14 of 22 rows"
    assert landed.refused == 22
    assert not next(r for r in landed.results if r.level == "batch" and r.column == "name").passed


def test_a_refused_batch_does_not_move_the_cursor(con, tmp_path):
    rows = [{"updated": "2026-10-01T00:00:00Z", "id": None, "n": n} for n in range(30)]
    good = [{"updated": "2026-10-02T00:00:00Z", "id": "a"}]
    assert land(con, tmp_path, rows + good).failed_reason == "id is missing in 30 of 31 rows"
    assert con.execute("select count(*) from door.cursors").fetchone() == (0,)


# -- cost and privacy --------------------------------------------------------------------------------


def test_results_and_reasons_hold_no_value_of_a_record(con, tmp_path):
    landed = land(con, tmp_path, [{"id": "a", "email": "secret person"}, {"id": "b", "created": "secret"}])
    assert "secret" not in str(landed.results) + str(raw.held(con))


def test_great_expectations_is_imported_only_where_something_is_new(tmp_path):
    code = """
import sys
sys.path.insert(0, "tests")
from landings import *
from pipelines import raw
from pipelines.warehouse_file import warehouse
home = Home.at(sys.argv[1])
with warehouse(home) as con:
    raw.ensure(con, STREAMS)
    raw.land(con, home, drop(home, []), DAY_ONE, STREAMS)
    assert "great_expectations" not in sys.modules
    raw.land(con, home, drop(home, [{"id": "a"}]), DAY_ONE, STREAMS)
    assert "great_expectations" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env={"PYTHONPATH": "."})


# -- the customer table ------------------------------------------------------------------------------

GOOD = {
    "customer_id": "'4f0d2c1e-0000-4000-8000-00000000000' || (i % 10)",
    "stage": "'lead'",
    "commercial_stage": "'lead'",
    "best_email": "'someone@mail.example'",
    "best_phone": "'+33639980000'",
}
DEFECTS = {"not_be_null": "null", "match_regex": "'x'", "be_in_set": "'x'", "be_between": "-1"}


def customers(con, defect=None, count=10):
    """A customer table with this check's defect in row 3."""
    columns = dict.fromkeys((check.column for check in customer_table.checks()), "1")
    columns |= dict.fromkeys(customer_table.PERMISSIONS, "true") | GOOD
    if defect:
        harm = "2" if defect.column.startswith("can_") else DEFECTS[defect.expectation]
        harm = "null" if defect.expectation == "not_be_null" else harm
        columns[defect.column] = f"case when i = 3 then {harm} else {columns[defect.column]} end"
    listed = ", ".join(f"{value} as {name}" for name, value in columns.items())
    con.execute("attach ':memory:' as warehouse; create schema warehouse.marts")
    con.execute(f"create table warehouse.marts.customers as select {listed} from range({count}) as r (i)")


@pytest.mark.parametrize("check", customer_table.checks(), ids=lambda c: c.says)
def test_a_defect_in_the_customer_table_is_caught(con, check):
    customers(con, check)
    failed = [r for r in customer_table.judge(con, 0, 0.5) if not r.passed]
    assert (f"expect_column_values_to_{check.expectation}", check.column) in [
        (r.expectation, r.column) for r in failed
    ]


def test_a_good_customer_table_passes(con):
    customers(con)
    assert [r for r in customer_table.judge(con, 20, 0.5) if not r.passed] == []


def test_a_number_there_twice_and_a_table_that_shrank_are_caught(con):
    customers(con, count=11)
    failed = [r.column for r in customer_table.judge(con, 23, 0.5) if not r.passed]
    assert failed == ["customer_id", "number of rows"]


def test_the_judged_columns_are_those_of_the_contract():
    contract = Path(__file__).parent.parent / "dbt_project" / "models" / "marts" / "customers.yml"
    (model,) = yaml.safe_load(contract.read_text(encoding="utf-8"))["models"]
    assert {check.column for check in customer_table.checks()} <= {c["name"] for c in model["columns"]}


def test_structure_is_asked_of_every_stream():
    assert all(expectations.checks_of(stream)[: len(STRUCTURE)] == STRUCTURE for stream in ALL.values())
    assert len(expectations.checks_of(MEMBERS)) > len(STRUCTURE)
