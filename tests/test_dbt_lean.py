"""What is taken from dbt is still there to be taken, and nothing that anybody reads goes with it."""

from collections.abc import Iterator
from types import SimpleNamespace

import duckdb
import pytest

from pipelines.dbt_lean import lean, with_tables


@pytest.fixture
def heard() -> Iterator[list]:
    lean()
    from dbt_common.events.event_manager_client import add_callback_to_manager, get_event_manager

    said: list = []
    add_callback_to_manager(said.append)
    yield said
    get_event_manager().callbacks.remove(said.append)


def test_what_is_for_the_debug_log_is_not_told(heard: list) -> None:
    from dbt.adapters.events.types import SQLQuery
    from dbt.events.types import LogModelResult
    from dbt_common.events.base_types import EventLevel
    from dbt_common.events.functions import fire_event

    built = LogModelResult(description="view model v", status="OK", index=1, total=2, execution_time=0.5)
    fire_event(SQLQuery(conn_name="c", sql="select 1"))
    fire_event(built, level=EventLevel.INFO)
    assert [event.info.name for event in heard] == ["LogModelResult"]
    assert "view model v" in heard[0].info.msg
    assert heard[0].data.execution_time == 0.5


def test_a_complaint_is_told(heard: list) -> None:
    from dbt.events.types import CatchableExceptionOnRun
    from dbt_common.events.base_types import EventLevel
    from dbt_common.events.functions import fire_event
    from dbt_common.events.types import Note

    fire_event(Note(msg="look here"), level=EventLevel.WARN)
    fire_event(CatchableExceptionOnRun(exc="no such table", exc_info="where"), level=EventLevel.ERROR)
    assert [event.info.level for event in heard] == ["warn", "error"]
    assert "no such table" in heard[1].info.msg


@pytest.mark.parametrize(
    "sql",
    [
        "select 2 + n as n from one",
        "-- with a word in a comment\nselect 2 + n as n from one",
        "\n/* with */ -- with\nwith two as (select 2 + n as n from one)\nselect * from two",
        "with recursive up as (from one union select n + 1 from up where n < 3) select max(n) as n from up",
        "WITH two AS (with one as (select 1 as n) select 2 + n as n from one) select * from two",
    ],
)
def test_a_statement_reads_what_is_put_before_it(sql: str) -> None:
    tables = [
        SimpleNamespace(sql="zero as (select 0 as n)"),
        SimpleNamespace(sql="one as (select n + 1 as n from zero)"),
    ]
    assert duckdb.sql(with_tables(sql, tables)).fetchall() == [(3,)]
    assert with_tables(sql, []) == sql


def test_dbt_puts_them_there_by_this(heard: list) -> None:
    import dbt.compilation

    assert dbt.compilation.inject_ctes_into_sql is with_tables
