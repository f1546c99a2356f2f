"""Where everybody stood on a day: restated, with all that is known today; or as known on some day.

Restated is a cut through the histories. As known is another warehouse, thrown away afterwards: raw as it had
reached us by then, who is who by that alone, and today's rules over it. What was erased since is in neither.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb

from pipelines import dbt_parsed, identity_mode, raw, reading
from pipelines.company import Company
from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.matching import engine
from pipelines.matching.file import throw_away
from pipelines.reading import Row
from pipelines.warehouse_file import attach_read_only, warehouse

MARTS = ("+customer_stages", "+account_stages")
RAW = """
select schema_name, table_name from duckdb_tables()
where database_name = 'company' and starts_with(schema_name, 'raw_')
"""
STANDING = """
select axis, value, count(*) as customers from marts.customer_stages
where valid_to is null group by axis, value, value_rank
order by list_position(['stage', 'commercial_stage', 'activity', 'advocacy'], axis), value_rank desc, value
"""
ONE = """
select axis, value, valid_from, cause, evidence from marts.customer_stages
where valid_to is null and customer_id = ?
order by list_position(['stage', 'commercial_stage', 'activity', 'advocacy'], axis)
"""


@contextlib.contextmanager
def restated(home: Home, day: date) -> Iterator[duckdb.DuckDBPyConnection]:
    """The company's own warehouse, whose histories then answer for that day. Raises ConfigError."""
    if not home.warehouse.exists():
        raise ConfigError("nothing is built yet: `firsthand run` first")
    with warehouse(home, read_only=True) as con:
        con.execute(f"set variable lifecycle_as_of = date '{day.isoformat()}'")
        yield con


@contextlib.contextmanager
def as_known(
    company: Company, day: date, known_on: date, say: Callable[[str], None]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of what had reached us by the end of `known_on`. Raises ConfigError, EngineFailed."""
    if not company.home.warehouse.exists():
        raise ConfigError("nothing is landed yet: `firsthand run` first")
    manifest = dbt_parsed.ensure_manifest(company)
    with (
        throw_away("as-known", None, company.home.root / "data" / "tmp") as home,
        engine.starting(home) as dbt,
    ):
        _copy(company, home, known_on)
        say(f"what had reached us by {known_on} is copied; building with it")
        mode = {"identity_version": identity_mode.version(company.config), "full_identity": True}
        told = json.dumps(company.config.dbt_vars(day, day) | mode)
        aside = Company(home, company.config, {})
        engine.run(dbt, aside, manifest, say, which=("--select", *MARTS), told=told)
        with warehouse(home, read_only=True) as con:
            yield con


def _copy(company: Company, aside: Home, known_on: date) -> None:
    zone = ZoneInfo(company.config.time_zone)
    end = datetime.combine(known_on + timedelta(days=1), time(), zone)
    with warehouse(aside) as con:
        raw.ensure(con)
        attach_read_only(con, company.home.warehouse, "company")
        for schema, table in con.execute(RAW).fetchall():
            name = f'"{schema}"."{table}"'
            con.execute(
                f"insert into {name} by name select * from company.{name} where _ingested_at < ?", [end]
            )
        con.execute(
            "insert into door.judgements by name select * from company.door.judgements where ingested_at < ?",
            [end],
        )
        con.execute("detach company")


def everybody(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """How many customers hold each value of each axis."""
    return reading.rows(con, STANDING)


def one(con: duckdb.DuckDBPyConnection, customer_id: str) -> list[Row]:
    """What one customer held, since when, and why."""
    return reading.rows(con, ONE, customer_id)
