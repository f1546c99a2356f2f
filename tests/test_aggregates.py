"""Aggregates: no group too small, not even by subtraction; whole sums; and an audit that sees it when not."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import pytest
import yaml

from pipelines.serving import aggregates

MARTS = Path(__file__).parent.parent / "dbt_project" / "models" / "marts"
K = 5
PEOPLE = [  # stage, country, how many
    ("lead", "FR", 20), ("lead", "BE", 7), ("lead", "MT", 1), ("prospect", "FR", 6), ("prospect", None, 2),
]  # fmt: skip


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as warehouse")
        con.execute("create schema warehouse.marts")
        con.execute(
            "create table warehouse.marts.customers (customer_id varchar, stage varchar, activity varchar,"
            " country varchar, can_email boolean, can_sms boolean, can_call boolean, can_post boolean,"
            " net_revenue_12m decimal(18, 2))"
        )
        yield con


def settle(con: duckdb.DuckDBPyConnection, people: list[tuple[str, str | None, int]] = PEOPLE) -> None:
    rows = [(stage, country) for stage, country, count in people for _ in range(count)]
    con.executemany(
        "insert into warehouse.marts.customers values (?, ?, 'active', ?, ?, false, false, true, ?)",
        [[f"c{n}", stage, country, n % 3 == 0, Decimal(n) / 4] for n, (stage, country) in enumerate(rows)],
    )


def told(folder: Path, name: str = "people") -> list[dict]:
    found = duckdb.sql(f"from read_parquet('{folder}/aggregate_{name}.parquet')")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def test_small_groups_are_one_row_and_sums_stay_whole(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    settle(con)
    written = aggregates.write(con, tmp_path, K)
    assert list(written) == ["aggregate_people"], "questions whose tables are not there are not asked"
    rows = told(tmp_path)
    # One of Malta and two of nowhere are three: too few, so the smallest group that is left joins them.
    assert [(row["stage"], row["country"], row["people"]) for row in rows] == [
        ("(other)", "(other)", 9), ("lead", "BE", 7), ("lead", "FR", 20),
    ]  # fmt: skip
    assert sum(row["net_revenue_12m"] for row in rows) == Decimal(sum(range(36))) / 4
    # Of seven in Belgium two may be e-mailed: that is a group of two.
    assert [row["may_be_emailed"] for row in rows] == [None, None, 7]
    assert [row["may_be_reached"] for row in rows] == [9, 7, 20]
    assert not list(aggregates.reasons_against(con, tmp_path, written, K))


def test_of_too_few_people_nothing_is_told(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    settle(con, [("lead", "FR", K - 1)])
    written = aggregates.write(con, tmp_path, K)
    assert told(tmp_path) == []
    assert not list(aggregates.reasons_against(con, tmp_path, written, K))


def test_random_companies_have_no_small_group(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rng = Random(11)
    for _ in range(20):
        con.execute("delete from warehouse.marts.customers")
        settle(
            con, [(rng.choice("abcd"), rng.choice(["FR", "BE", None]), rng.randint(0, 9)) for _ in range(9)]
        )
        written = aggregates.write(con, tmp_path, K)
        rows = told(tmp_path)
        everybody = con.execute("select count(*) from warehouse.marts.customers").fetchone()[0]
        assert sum(row["people"] for row in rows) == (everybody if everybody >= K else 0)
        assert all(row["people"] >= K for row in rows)
        assert all(row["may_be_emailed"] not in range(1, K) for row in rows)
        assert not list(aggregates.reasons_against(con, tmp_path, written, K))


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ("select * replace (4::bigint as people)", "a group of 4 people"),
        ("select * replace (if(stage = 'lead', 'ana@mail.example', stage) as stage)", "addresses or numbers"),
        ("select * replace ('+33639981234' as country)", "addresses or numbers"),
        ("select * replace (net_revenue_12m + 1 as net_revenue_12m)", "adds up to something else"),
        ("select * replace (2::bigint as may_be_emailed)", "says may_be_emailed of fewer"),
        ("select * exclude (activity), activity from range(2),", "has 6 rows"),
    ],
)
def test_the_audit_sees_what_is_wrong(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, spoilt: str, said: str
) -> None:
    settle(con)
    written = aggregates.write(con, tmp_path, K)
    path = tmp_path / "aggregate_people.parquet"
    source = f"read_parquet('{path}')"
    query = f"{spoilt} {source}" if " from " in spoilt else f"{spoilt} from {source}"
    con.execute(f"create table spoilt as {query}")
    if "range" in spoilt:
        con.execute("alter table spoilt drop column range")
    con.execute(f"copy spoilt to '{path}'")
    assert said in "; ".join(aggregates.reasons_against(con, tmp_path, written, K))


@pytest.mark.parametrize("name", aggregates.names())
def test_a_question_reads_what_the_contracts_promise(name: str) -> None:
    """Else it would silently not be asked."""
    assert aggregates.reads(name)
    for table, columns in aggregates.reads(name).items():
        contract = yaml.safe_load((MARTS / f"{table}.yml").read_text())
        assert set(columns) <= {column["name"] for column in contract["models"][0]["columns"]}
