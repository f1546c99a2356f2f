"""Which fields an audience may speak of: those of the publication itself, by name and kind.

Only what stands in this list ever becomes part of a query's text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pipelines.reading import Connection

PEOPLE = "customers"


@dataclass(frozen=True)
class Thing:
    """A table with rows of a person: whose row it is, and its day; none where it stands for today."""

    person: str = "customer_id"
    day: str | None = None


THINGS: Mapping[str, Thing] = {
    "orders": Thing(day="order_date"),
    "touchpoints": Thing(day="touch_date"),
    "referrals": Thing("referrer_customer_id", "given_on"),
    "ambassadors": Thing(),
    "customer_campaigns": Thing(),
    "customer_ownership": Thing(),
    "customer_permissions": Thing(),
    "next_acts": Thing(),
    "permissions_expiring": Thing(),
}
# Somebody's own: an audience that held one would hold a person, and outlive their erasure.
ONLY_KNOWN = re.compile(
    r"display_name|first_name|last_name|best_email|best_phone|postal_address|contact_value|code"
    r"|evidence|decided_by_act|.*_id"
)
# Ids of things, not of people.
FREE = frozenset({"campaign_id"})
KINDS = (
    ("yes_no", re.compile("BOOLEAN")),
    ("number", re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)")),
    ("text", re.compile("VARCHAR")),
    ("texts", re.compile(r"VARCHAR\[\]")),
    ("date", re.compile("DATE")),
    ("moment", re.compile("TIMESTAMP.*")),
)


@dataclass(frozen=True)
class Vocabulary:
    """Fields by table, each with its kind; `day`: the day the publication is of.

    `labels`: what people call a field, by table, field and language, where its comment says so.
    """

    fields: Mapping[str, Mapping[str, str]]
    day: date
    labels: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    @property
    def things(self) -> tuple[str, ...]:
        return tuple(name for name in THINGS if name in self.fields)


def read(con: Connection, day: date) -> Vocabulary:
    """Of the publication that is open."""
    fields: dict[str, dict[str, str]] = {}
    labels: dict[str, dict[str, dict[str, str]]] = {}
    for table, column, kind, comment in con.execute(
        "select table_name, column_name, data_type, comment from duckdb_columns()"
        " where database_name = current_database() and schema_name = 'main'"
        " and list_contains(?, table_name) order by table_name, column_index",
        [[PEOPLE, *THINGS]],
    ).fetchall():
        if known := next((word for word, pattern in KINDS if pattern.fullmatch(kind)), None):
            fields.setdefault(table, {})[column] = known
            # "Pays / Country: The country they stated last ..." (pipelines/serving/contents.py)
            french, _, english = (comment or "").partition(": ")[0].partition(" / ")
            if english:
                labels.setdefault(table, {})[column] = {"fr": french, "en": english}
    return Vocabulary(fields, day, labels)


def is_only_known(field: str) -> bool:
    return field not in FREE and ONLY_KNOWN.fullmatch(field) is not None
