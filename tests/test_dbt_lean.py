"""What is taken from dbt is still there to be taken, and nothing that anybody reads goes with it."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipelines.dbt_lean import Macros, lean, with_tables


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


OF_EACH = {
    "dbt": ["run_query", "default__seed", "ref_of_all"],
    "dbt_duckdb": ["duckdb__seed", "ref_of_all"],
    "firsthand": ["latest", "run_query"],
    "visitor": ["latest", "guest"],
}


@pytest.mark.parametrize("search", ["firsthand", "visitor", "dbt"])
def test_macros_are_those_that_dbt_finds(heard: list, search: str) -> None:
    from dbt.context.macros import MacroNamespaceBuilder
    from dbt.exceptions import PackageNotFoundForMacroError

    macros = {
        package: {name: SimpleNamespace(package_name=package, name=name) for name in names}
        for package, names in OF_EACH.items()
    }

    def builder() -> MacroNamespaceBuilder:
        return MacroNamespaceBuilder("firsthand", search, None, ["dbt_duckdb", "dbt"], None)

    def found(namespace: Any) -> dict:
        def is_of(one: Any) -> Any:
            return {name: is_of(of) for name, of in one.items()} if isinstance(one, dict) else id(one.macro)

        return {name: is_of(one) for name, one in namespace.items()}

    by_package = SimpleNamespace(get_macros_by_package=lambda: macros)
    context = SimpleNamespace(
        _get_namespace_builder=builder, _ctx={"a": 1}, macro_stack=None, manifest=by_package
    )
    ours, dbts = Macros(context), builder().build_namespace(macros, context._ctx)
    assert found(ours) == found(dbts)
    assert ours["latest"].context is context._ctx
    for package in [None, *OF_EACH]:
        if package == "dbt_duckdb":  # for dbt, part of dbt
            continue
        for name in {name for names in OF_EACH.values() for name in names}:
            theirs, mine = dbts.get_from_package(package, name), ours.get_from_package(package, name)
            assert (mine and mine.macro) is (theirs and theirs.macro), (package, name)
    for namespace in (ours, dbts):
        with pytest.raises(PackageNotFoundForMacroError):
            namespace.get_from_package("nobody", "latest")


def test_an_answer_keeps_the_types_it_had(heard: list) -> None:
    from dbt_common.clients import agate_helper

    rows = [
        {"code": "005", "none": None, "count": 1, "day": date(2026, 11, 20), "list": [1], "is": True},
        {"code": "null", "none": None, "count": 2, "day": None, "list": None, "is": None},
    ]
    table = agate_helper.table_from_data_flat(rows, list(rows[0]))
    assert [type(one).__name__ for one in table.column_types] == [
        "Text", "Integer", "Integer", "Date", "Text", "Boolean",
    ]  # fmt: skip
    assert [tuple(row) for row in table.rows] == [
        ("005", None, 1, date(2026, 11, 20), "[1]", True),
        ("null", None, 2, None, None, None),
    ]
    assert len(agate_helper.empty_table().rows) == 0


def test_a_template_is_translated_once_and_told_as_ever(heard: list) -> None:
    from dbt.exceptions import CompilationError
    from dbt_common.clients.jinja import get_environment, get_template

    text = "{{ n + 1 }} of {{ missing }}"
    assert get_environment().compile(text) is get_environment().compile(text)
    assert [get_template(text, {}).render({"n": n}) for n in (1, 2)] == ["2 of ", "3 of "]
    native = [get_template("{{ n + 1 }}", {}, native=True).render({"n": n}) for n in (1, 2)]
    assert [get_template("{{ n + 1 }}", {}).render({"n": n}) for n in (1, 2)] == ["2", "3"]
    assert native == [2, 3]
    for _ in range(2):
        with pytest.raises(CompilationError):
            get_template("{{ n + }}", {})
