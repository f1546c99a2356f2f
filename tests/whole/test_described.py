"""What a whole run publishes is what the dictionary describes: files, columns, types."""

from pathlib import Path

import duckdb
import pytest
from town import Town

from pipelines.dictionary.described import Table, tables

pytestmark = pytest.mark.slow
DESCRIBED = {table.name: table for table in tables()}


@pytest.fixture(scope="module")
def shown(whole: Town) -> Path:
    return whole.root / "serving" / "current"


def columns(table: Table, *, public: bool = False) -> dict[str, str]:
    return {
        column.name: column.kind.upper().replace(", ", ",")
        for column in table.columns
        if table.in_bi(column) or not public
    }


@pytest.mark.parametrize("file", ["marketing", "bi"])
def test_each_file_holds_what_is_described_and_says_so(shown: Path, file: str) -> None:
    with duckdb.connect(str((shown / f"{file}.duckdb").resolve()), read_only=True) as con:
        found: dict[str, dict[str, str]] = {}
        comments = {}
        for table, column, kind, comment in con.execute(
            "select table_name, column_name, data_type, comment from duckdb_columns() where not internal"
        ).fetchall():
            found.setdefault(table, {})[column] = kind
            comments[table, column] = comment or ""
    expected = {
        name: said
        for name, table in DESCRIBED.items()
        if not table.is_aggregate and (said := columns(table, public=file == "bi"))
    }
    assert {name: dict(sorted(one.items())) for name, one in found.items()} == {
        name: dict(sorted(one.items())) for name, one in expected.items()
    }
    for (table, name), comment in comments.items():
        column = next(one for one in DESCRIBED[table].columns if one.name == name)
        for told in (*column.label.values(), *column.text.values()):
            assert " ".join(told.split()) in comment, f"{table}.{name}"


def test_each_parquet_file_holds_what_is_described(shown: Path) -> None:
    found = {}
    for path in shown.glob("*.parquet"):
        rows = duckdb.sql(f"describe from read_parquet('{path}')").fetchall()
        found[path.stem] = {name: kind for name, kind, *_ in rows}
    assert found == {name: columns(table) for name, table in DESCRIBED.items()}
