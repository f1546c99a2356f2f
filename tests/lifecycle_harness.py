"""Small warehouses for the proofs of the histories: events in, the real models over them, histories out.

dbt runs in this process, see inside.py. `Replay` runs the same compiled models without dbt, for proofs that
need many builds from scratch.
"""

import json
import shutil
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Self

import duckdb
import inside
import pyarrow as pa
import throwaway

from pipelines.door import schema

# As many gaps as make a rhythm in a town this small.
SETTINGS: dict[str, Any] = {
    "prospect_points": 10, "prospect_window_days": 90, "loyal_occasions": 3, "loyal_span_days": 30,
    "loyal_paid_months": 12, "ambassador_points": 5, "ambassador_window_days": 730, "activity": "adaptive",
    "activity_days": [90, 180, 365], "lapsed_floor_days": 0, "prior_gaps": 20, "prior_customers": 10,
    "engaged_days": 30, "cooling_days": 90, "dormant_days": 1005,
}  # fmt: skip
SEEDS = ("event_points", "internal_domains")
# In the order in which each reads those before it; ephemeral ones are read as part of their readers.
MODELS = (
    "int_lifecycle__settled", "int_lifecycle__news", "int_lifecycle__touched_events",
    "int_lifecycle__touched", "int_valid_orders", "int_purchase_runs", "int_rhythm_priors",
    "int_referral_mentions", "int_referrals", "int_lifecycle__scope", "int_lifecycle__events", "stage__lead",
    "stage__prospect", "int_advocacy_acts", "int_advocacy_states", "int_customers__staged",
    "int_lifecycle__history", "int_lifecycle__restated", "int_lifecycle__told", "int_lifecycle__epoch",
)  # fmt: skip
MARTS = ("customer_stages", "account_stages")
# As macro short_name tells it.
SHORT_NAME = "bigint generated always as ((md5_number(profile_id) >> 68)::bigint)"
EVENTS = f"""
create table contracts.events (
    event_id varchar, profile_id varchar, profile_n {SHORT_NAME}, event_type varchar,
    occurred_at timestamptz, ingested_at timestamptz, touched_at timestamptz, platform varchar,
    channel varchar, campaign_id varchar, amount decimal(18, 2), currency varchar, evidence varchar,
    details json
);
"""
INPUTS = f"""
create schema contracts; create schema identity; create schema lifecycle; create schema seeds;
{EVENTS}
create table contracts.profiles (profile_id varchar, touched_at timestamptz);
create table contracts.identifiers (profile_id varchar, identifier_type varchar, match_value varchar);
create table identity.int_customer_profiles (
    n {SHORT_NAME}, profile_id varchar, customer_id varchar,
    created_at timestamptz, first_seen_at timestamptz
);
create table identity.int_account_members (account_id varchar, customer_id varchar, since timestamptz);
create table identity.int_contact_points (
    profile_id varchar, identifier_type varchar, match_value varchar, is_role boolean, is_placeholder boolean
);
create table identity.int_household_members (customer_id varchar, household_id varchar);
create table identity.int_identity__news (entry bigint);
"""
Row = Mapping[str, Any]
# subject, axis, value, from, to
History = list[tuple[str, str, str, date, date | None]]


@cache
def empty() -> Path:
    """A warehouse with nothing in it but the door's tables and the lists."""
    file = throwaway.folder("lifecycle") / "warehouse.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute("set TimeZone = 'UTC'")
        schema.ensure(con, {})
        con.execute(INPUTS)
    inside.dbt(file, "seed", "--select", *SEEDS)
    return file


@cache
def compiled() -> dict[str, str]:
    """Each model's SQL for a build from scratch, as dbt would run it."""
    file = throwaway.folder("lifecycle") / "warehouse.duckdb"
    shutil.copy(empty(), file)
    inside.dbt(file, "run", "--select", "int_lifecycle__settled", lifecycle=SETTINGS)
    found = inside.dbt(file, "compile", "--select", *MODELS, lifecycle=SETTINGS)
    return {one.node.name: one.node.compiled_code for one in found}


class Town:
    """People by their records, and what happened to them, in a warehouse of their own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "warehouse.duckdb"
        shutil.copy(empty(), self.file)
        self.con = self._connected()

    def _connected(self) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect(str(self.file))
        con.execute("set TimeZone = 'UTC'")
        return con

    def fill(self, table: str, rows: Iterable[Row]) -> None:
        rows = [dict(row) for row in rows]
        if rows:
            self.con.register("landed", pa.Table.from_pylist(rows))
            self.con.execute(f"insert into {table} by name from landed")
            self.con.unregister("landed")

    def happen(self, events: Iterable[Row]) -> None:
        """`details` is a mapping; an event known already takes the place of its former self."""
        events = [{**event, "details": json.dumps(event["details"])} for event in events]
        self.con.execute(
            "delete from contracts.events where event_id in (select unnest(?::varchar[]))",
            [[event["event_id"] for event in events]],
        )
        self.fill("contracts.events", events)

    def belong(self, whose: Mapping[str, str], learned: Any) -> None:
        """Profile to customer, as identity has it now; what moved is told to the log, as identity does."""
        moved = [
            (profile, was, now)
            for profile, was in self.con.execute(
                "select profile_id, customer_id from identity.int_customer_profiles"
            ).fetchall()
            if (now := whose.get(profile)) != was
        ]
        for profile, was, now in moved:
            self.con.execute(
                "update identity.int_customer_profiles set customer_id = ? where profile_id = ?",
                [now, profile],
            )
            self.con.execute(
                """
                insert into door.identity_log by name
                select coalesce(max(entry), 0) + 1 as entry, ?::timestamptz as logged_at,
                    ? as customer_number, 'merged' as event, ? as customer_id,
                    ? as previous_customer_id, 'bench' as cause,
                    ?::timestamptz as since
                from door.identity_log
                """,
                [learned, profile, now, was, learned],
            )

    def build(self, day: date, *, full: bool = False, **settings: Any) -> bool:
        """The histories, by dbt; whether they were computed for everybody."""
        self.con.close()
        words = ["run", "--select", *MODELS, *MARTS, *(["--full-refresh"] if full else [])]
        inside.dbt(self.file, *words, lifecycle=SETTINGS | settings, lifecycle_as_of=day.isoformat())
        self.con = self._connected()
        return self.con.execute("select is_full from lifecycle.int_lifecycle__settled").fetchall()[0][0]

    def die_after(self, model: str, day: date) -> None:
        """A build that comes no further than this model."""
        self.con.close()
        begun = MODELS[: MODELS.index(model) + 1]
        inside.dbt(self.file, "run", "--select", *begun, lifecycle=SETTINGS, lifecycle_as_of=day.isoformat())
        self.con = self._connected()

    def copy(self, folder: Path) -> Self:
        """The same town, to be lived on otherwise."""
        other = type(self)(folder)
        for town in (self, other):
            town.con.close()
        shutil.copy(self.file, other.file)
        for town in (self, other):
            town.con = town._connected()
        return other

    def history(self) -> list[tuple]:
        """Every row of the histories, every column."""
        return self.con.execute("from lifecycle.int_lifecycle__history order by all").fetchall()


class Replay:
    """The compiled models over plain tables, from scratch each time."""

    def __init__(self, town: Town) -> None:
        self.con = duckdb.connect()
        self.con.execute("attach ':memory:' as warehouse; use warehouse; set TimeZone = 'UTC'")
        town.con.close()
        self.con.execute(f"attach '{town.file}' as origin (read_only)")
        self.tables = [
            f"{schema}.{name}"
            for schema, name in self.con.execute(
                """
                select schema_name, table_name from duckdb_tables() where database_name = 'origin'
                and schema_name in ('contracts', 'identity', 'door', 'seeds') and table_name <> 'events'
                """
            ).fetchall()
        ]
        for table in self.tables:
            self.con.execute(f"create schema if not exists {table.split('.')[0]}")
            self.con.execute(f"create table {table} as from origin.{table}")
        self.con.execute(EVENTS)
        self.con.execute(
            "insert into contracts.events by name select * exclude (profile_n) from origin.contracts.events"
        )
        self.con.execute("detach origin; create schema lifecycle")
        town.con = town._connected()

    def of(self, events: Iterable[Row]) -> list[tuple]:
        """The histories of these events alone, in the order given."""
        self.con.execute("delete from contracts.events")
        told = pa.Table.from_pylist([{**event, "details": json.dumps(event["details"])} for event in events])
        self.con.register("told", told)
        self.con.execute("insert into contracts.events by name from told")
        self.con.unregister("told")
        return self.history()

    def history(self) -> list[tuple]:
        for name in MODELS:
            if name == "int_lifecycle__restated":  # there is no build before
                continue
            self.con.execute(f"create or replace table lifecycle.{name} as {compiled()[name]}")
        return self.con.execute("from lifecycle.int_lifecycle__history order by all").fetchall()
