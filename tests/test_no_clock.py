"""No rule reads the clock: all stories, built whole under another system date, give the same tables.

In SQL the clock is a handful of functions. Macros of the same names in the warehouse itself take their place
for whoever builds there, so the engine is made to believe in the year 2031.
"""

import shutil
from pathlib import Path

import duckdb
import pytest
import retold

pytestmark = pytest.mark.slow

THEN = "2031-05-05 10:00:00"
CLOCK = {
    "now": f"timestamptz '{THEN}+00'",
    "get_current_timestamp": f"timestamptz '{THEN}+00'",
    "transaction_timestamp": f"timestamptz '{THEN}+00'",
    "current_timestamp": f"timestamptz '{THEN}+00'",
    "current_localtimestamp": f"timestamp '{THEN}'",
    "current_date": "date '2031-05-05'",
    "today": "date '2031-05-05'",
    "get_current_time": "time '10:00:00'",
}
ASKED = "select now()::date, current_date, today(), current_timestamp::date, localtimestamp::date"
TABLES = """
select schema_name, table_name from duckdb_tables() where not internal
union all
select schema_name, view_name from duckdb_views() where not internal
order by all
"""


def contents(file: Path) -> dict[str, list[tuple]]:
    with duckdb.connect(str(file), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        names = [f'{schema}."{table}"' for schema, table in con.execute(TABLES).fetchall()]
        return {name: sorted(map(repr, con.execute(f"from {name}").fetchall())) for name in names}


def test_no_rule_reads_the_clock(told: Path, tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    shutil.copy(told, file)
    with duckdb.connect(str(file)) as con:
        for name, value in CLOCK.items():
            con.execute(f"create macro {name}() as {value}")
    with duckdb.connect(str(file)) as con:
        con.execute("set TimeZone = 'UTC'")
        years = {day.year for day in con.execute(ASKED).fetchall()[0]}
    assert years == {2031}, "the engine still knows what day it is"
    before = contents(told)
    retold.dbt(file, "run", "--full-refresh")
    after = contents(file)
    assert set(before) == set(after)
    # What is new since the last build, and until when that one told: of the same again, other than at first.
    for name in ('identity."int_identity__news"', 'lifecycle."int_lifecycle__settled"'):
        del before[name]
    assert [name for name in before if before[name] != after[name]] == []
