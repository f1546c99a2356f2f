"""The real models of value over hand-made people: any day, no build.

dbt reads the project once and compiles the models; each becomes a view over plain tables that a test fills,
so that what is inserted counts at once. A day is a number: days after DAY_0.
"""

import json
import tempfile
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import inside

DAY_0 = date(2024, 1, 1)
# In the order in which each reads those before it.
MODELS = {
    "int_referral_claims": "lifecycle",
    "int_referrals": "lifecycle",
    "referrals": "marts",
}
INPUTS = """
create schema contracts; create schema identity; create schema lifecycle; create schema marts;
create table lifecycle.int_customer_events (
    customer_id varchar, event_id varchar, event_type varchar, occurred_at timestamptz, event_date date,
    evidence varchar, details json
);
create table lifecycle.int_valid_orders (
    customer_id varchar, order_id varchar, order_name varchar, ordered_at timestamptz, valid_from date,
    valid_to date
);
create table identity.int_customer_profiles (profile_id varchar, customer_id varchar);
create table identity.int_contact_points (
    profile_id varchar, identifier_type varchar, match_value varchar, is_role boolean, is_placeholder boolean
);
create table contracts.identifiers (profile_id varchar, identifier_type varchar, match_value varchar);
create table identity.int_household_members (customer_id varchar, household_id varchar);
create table marts.orders (customer_id varchar, order_id varchar, net_converted decimal(18, 2));
"""
TABLES = (
    "lifecycle.int_customer_events", "lifecycle.int_valid_orders", "identity.int_customer_profiles",
    "identity.int_contact_points", "contracts.identifiers", "identity.int_household_members", "marts.orders",
)  # fmt: skip


def day(number: int) -> date:
    return DAY_0 + timedelta(days=number)


@cache
def compiled() -> dict[str, str]:
    """Each model's SQL, as dbt would run it."""
    # dbt opens it to compile, and writes nothing into it.
    file = Path(tempfile.mkdtemp(prefix="value-")) / "warehouse.duckdb"
    found = inside.dbt(file, "compile", "--select", *MODELS)
    return {one.node.name: one.node.compiled_code for one in found}


class People:
    """What happened to them; `ask` answers."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute("attach ':memory:' as warehouse; use warehouse; set TimeZone = 'UTC'")
        self.con.execute(INPUTS)
        for name, schema in MODELS.items():
            self.con.execute(f"create view {schema}.{name} as {compiled()[name]}")

    def forget(self) -> None:
        for table in TABLES:
            self.con.execute(f"delete from {table}")

    def ask(self, query: str, *values: Any) -> list[tuple]:
        return self.con.execute(query, list(values)).fetchall()

    def person(self, name: str, *, emails: tuple[str, ...] = (), household: str | None = None) -> None:
        """A customer of one profile of the same name."""
        self._add("identity.int_customer_profiles", profile_id=name, customer_id=name)
        for email in emails:
            self._add(
                "identity.int_contact_points",
                profile_id=name,
                identifier_type="email",
                match_value=email,
                is_role=False,
                is_placeholder=False,
            )
        if household:
            self._add("identity.int_household_members", customer_id=name, household_id=household)

    def event(self, who: str, what: str, on: int, evidence: str | None = None, **details: Any) -> str:
        number = self.ask("select count(*) from lifecycle.int_customer_events")[0][0]
        event_id = f"e{number:03d}"
        self._add(
            "lifecycle.int_customer_events",
            customer_id=who,
            event_id=event_id,
            event_type=what,
            occurred_at=f"{day(on)} 12:00:00+00",
            event_date=day(on),
            evidence=evidence,
            details=json.dumps(details),
        )
        return event_id

    def order(self, who: str, on: int, name: str, *, undone: int | None = None, **details: Any) -> None:
        """A paid order that counts, of 100.00 as long as it does."""
        self.event(who, "order_paid", on, name, order_name=name, **details)
        self._add(
            "lifecycle.int_valid_orders",
            customer_id=who,
            order_id=name,
            order_name=name,
            ordered_at=f"{day(on)} 12:00:00+00",
            valid_from=day(on),
            valid_to=None if undone is None else day(undone),
        )
        net = 100 if undone is None else 0
        self._add("marts.orders", customer_id=who, order_id=name, net_converted=net)

    def sent(self, who: str, whom: str, on: int, order: str | None = None, code: str | None = None) -> str:
        """A line of a referral tool's file."""
        return self.event(who, "referral_given", on, referee_profile_id=whom, order_name=order, code=code)

    def _add(self, table: str, **row: Any) -> None:
        marks = ", ".join("?" * len(row))
        self.con.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))
