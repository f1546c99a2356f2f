"""The real models of permission over hand-made acts: any day, any number of questions, no build.

dbt reads the project once and compiles the models; each becomes a view, so that what is inserted counts at
once. What stands before them (identifiers, who is whose, the door's tables) are plain tables to fill.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import inside
import throwaway

from pipelines import laws
from pipelines.door import schema

# In the order in which each reads those before it.
MODELS = (
    "consent__staff_entries", "consent_acts", "int_profile_points", "int_customer_contact_points",
    "int_links", "int_customers_on_day", "int_profile_places", "int_customer_countries", "int_consent_points",
    "int_consent_purposes", "int_consent_questions", "int_consent_counted", "int_consent_said",
    "int_consent_confirmed", "int_consent_relations", "int_objections", "allowed",
    "int_deliverability_events", "int_undeliverable", "int_consent__decided", "int_customer_permissions",
    "permissions_expiring",
)  # fmt: skip
PLACES = {"int_platform_acts": "contracts", "consent_acts": "contracts", "permissions_expiring": "marts"}
INPUTS = """
create schema contracts; create schema staging; create schema identity;
create schema consent; create schema seeds; create schema marts;
create table contracts.identifiers (
    profile_id varchar, identifier_type varchar, contact_value varchar, match_value varchar,
    phone_kind varchar, is_verified boolean, first_seen_at timestamptz, last_seen_at timestamptz
);
create table contracts.events (profile_id varchar, event_type varchar, occurred_at timestamptz);
create table staging.stg_shopify__customers (
    email varchar, is_email_undeliverable boolean, ingested_at timestamptz
);
create table identity.int_customer_profiles (profile_id varchar, own_number varchar, customer_id varchar);
create table identity.int_contact_points (
    profile_id varchar, identifier_type varchar, match_value varchar, is_role boolean, is_disposable boolean,
    is_placeholder boolean
);
create table seeds.free_mail_domains (domain varchar, kind varchar);
insert into seeds.free_mail_domains values ('poste.example', 'made up');
create table contracts.told_acts (
    consent_act_id varchar, platform varchar, profile_id varchar, contact_type varchar,
    contact_value varchar, channel varchar, purpose varchar, act varchar,
    actor varchar, basis varchar, occurred_at timestamptz,
    occurred_at_precision varchar, ingested_at timestamptz, evidence_record_id varchar,
    needs_confirmation boolean, wording_version varchar, wording_text varchar, locale varchar,
    collection_point varchar, evidence varchar, reason varchar
);
"""
TYPES = {"email": "email", "sms": "phone", "phone": "phone", "whatsapp": "phone", "post": "post"}
SEEN = datetime(2020, 1, 1, tzinfo=UTC)
# What an act says where nothing else is said.
ACT: dict[str, Any] = {
    "platform": "shopify",
    "purpose": "marketing",
    "actor": "person",
    "basis": "consent",
    "occurred_at_precision": "second",
    "needs_confirmation": False,
    "profile_id": None,
    "evidence": None,
}


@cache
def compiled(accepts_imports: bool) -> dict[str, str]:
    """Each model's SQL, as dbt would run it."""
    # dbt opens it to compile, and writes nothing into it.
    file = throwaway.folder("permission") / "warehouse.duckdb"
    permission = {"accept_unproven_imports": accepts_imports, "soft_opt_in": []}
    found = inside.dbt(file, "compile", "--select", *MODELS, "int_platform_acts", permission=permission)
    sql = {one.node.name: one.node.compiled_code for one in found}
    # Of the model that gathers what platforms told only what it computes of each act.
    computed = sql["int_platform_acts"].partition("\n    reason,\n")[2].partition("\nfrom pointed")[0]
    return sql | {"int_platform_acts": f"select *, {computed} from contracts.told_acts"}


class Ledger:
    """People, their points, their links and acts; `allowed` answers."""

    def __init__(self, file: Path | None = None, *, accepts_imports: bool = False) -> None:
        self.con = duckdb.connect(file or ":memory:")
        if file is None:
            self.con.execute("attach ':memory:' as warehouse; use warehouse")
        self.con.execute("set TimeZone = 'UTC'")
        self.con.execute(INPUTS)
        schema.ensure(self.con, {})
        found = laws.read()
        import pandas as pd

        self.con.register("law_rows", pd.DataFrame(laws.rows(found)).convert_dtypes())
        self.con.register("place_rows", pd.DataFrame(laws.places(found)))
        self.con.execute("create table consent.laws as from law_rows")
        self.con.execute("create table consent.law_places as from place_rows")
        sql = compiled(accepts_imports)
        for name in ("int_platform_acts", *MODELS):
            self.con.execute(f"create view {PLACES.get(name, 'consent')}.{name} as {sql[name]}")
        self._acts = self._entries = 0
        self._waiting: dict[str, list[dict[str, Any]]] = {}

    def person(self, name: str, points: Iterable[str], country: str | None = "FR", **said: str) -> None:
        """A profile that is a customer of its own. `said`: company, postcode."""
        mailboxes = set()
        for value in points:
            kind = "email" if "@" in value else "phone" if value.startswith("+") else "post"
            self._identifier(name, kind, value)
            if kind == "email":
                mailboxes.add(match(value))
        for mailbox in mailboxes:
            office = {"is_role": mailbox.startswith("info@"), "is_disposable": False, "is_placeholder": False}
            self._add(
                "identity.int_contact_points",
                {"profile_id": name, "identifier_type": "email", "match_value": mailbox, **office},
            )
        for kind, value in {"country": country, **said}.items():
            if value:
                self._identifier(name, kind, value)
        whose = {"profile_id": name, "own_number": name, "customer_id": name}
        self._add("identity.int_customer_profiles", whose)
        self._log(name, name, None, SEEN)

    def lead_to(self, name: str, customer: str, day: date) -> None:
        """From that day on `name` is one with `customer`; with itself: apart again."""
        self.flush()
        self.con.execute(
            "update identity.int_customer_profiles set customer_id = ? where profile_id = ?", [customer, name]
        )
        event = "parted" if customer == name else "merged"
        self._log(name, customer, event, datetime(day.year, day.month, day.day, 9, tzinfo=UTC))

    def act(
        self, point: str, channel: str, act: str, at: datetime, learnt: datetime | None = None, **rest: Any
    ) -> str:
        """One act of a platform; its id."""
        self._acts += 1
        row = {
            "consent_act_id": f"act-{self._acts}",
            "contact_type": "email" if "@" in point else "phone" if point.startswith("+") else "post",
            "contact_value": point,
            "channel": channel,
            "act": act,
            "occurred_at": at,
            "ingested_at": learnt or at + timedelta(minutes=5),
            **rest,
        }
        if isinstance(row.get("evidence"), dict):
            row["evidence"] = json.dumps(row["evidence"])
        self._add("contracts.told_acts", ACT | row)
        return row["consent_act_id"]

    def allowed(self, day: date, **asked: str) -> list[dict[str, Any]]:
        """Answers of that day; `asked`: contact_value, channel, purpose."""
        self.flush()
        self.con.execute(f"set variable permission_as_of = date '{day}'")
        where = " and ".join(f"{name} = ?" for name in asked) or "true"
        found = self.con.execute(f"from consent.allowed where {where} order by all", list(asked.values()))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def ask(self, point: str, channel: str, day: date, purpose: str = "marketing") -> dict[str, Any]:
        (answer,) = self.allowed(day, contact_value=point, channel=channel, purpose=purpose)
        return answer

    def flush(self) -> None:
        """Write what was said since: one insert a table, for a thousand people take as long as one."""
        import pandas as pd

        for table, rows in self._waiting.items():
            self.con.register("waiting", pd.DataFrame(rows, dtype="object"))
            self.con.execute(f"insert into {table} by name select * from waiting")
            self.con.unregister("waiting")
        self._waiting.clear()

    def close(self) -> None:
        self.flush()
        self.con.close()

    def _add(self, table: str, row: dict[str, Any]) -> None:
        self._waiting.setdefault(table, []).append(row)

    def _identifier(self, name: str, kind: str, value: str) -> None:
        row = {"profile_id": name, "identifier_type": kind, "contact_value": value, "is_verified": False}
        row["match_value"] = match(value) if kind == "email" else place(value) if kind == "post" else value
        self._add("contracts.identifiers", row | {"first_seen_at": SEEN, "last_seen_at": SEEN})

    def _log(self, number: str, customer: str, event: str | None, since: datetime) -> None:
        self._entries += 1
        row = {"entry": self._entries, "customer_number": number, "customer_id": customer, "since": since}
        row |= {"logged_at": since, "event": event or "born", "cause": "test"}
        self._add("door.identity_log", row)


def place(address: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", address.lower())


def match(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local.split('+')[0]}@{domain}"
