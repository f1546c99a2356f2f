"""Tables and columns as their contracts describe them.

In the `meta` of a table: `grain`, what makes a row one; `rows`, what its rows are called; `person`, the
column that says whose a row is; `time`, the day it stands on; `summary_where_empty`, the column that is empty
in rows which sum up the others. Of a column: `label`, `pii`, `free_text` (words that somebody outside wrote),
and for each number `measure`: none (a rank, an hour), or

    by        sum: may be added up; mean: may be averaged; row: true of its own row and no other, such as a
              share or a median; count: yes or no, of how many it holds
    unit      of what
    not_over  columns over whose values it must not be added: a stock at the end of each month
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.places import DBT_PROJECT
from pipelines.serving import aggregates, changes
from pipelines.serving.contents import Mart

MARTS = DBT_PROJECT / "models" / "marts"
LANGUAGES = ("en", "fr")
WAYS = ("sum", "mean", "row", "count")
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Measure:
    by: str
    unit: str
    not_over: tuple[str, ...] = ()


@dataclass(frozen=True)
class Described:
    """A column. `measure` is None where it is no figure."""

    name: str
    kind: str
    label: Texts
    text: Texts
    is_personal: bool = False
    is_free_text: bool = False
    measure: Measure | None = None


@dataclass(frozen=True)
class Table:
    """`rows`: what its rows are called. `files`: where it is, whole."""

    name: str
    text: Texts
    rows: Texts
    columns: tuple[Described, ...]
    grain: tuple[str, ...] = ()
    person: str | None = None
    time: str | None = None
    summary_where_empty: str | None = None
    is_marketing_only: bool = False

    @property
    def is_aggregate(self) -> bool:
        return self.name.startswith(aggregates.PREFIX)

    def in_bi(self, column: Described) -> bool:
        return not (self.is_aggregate or self.is_marketing_only or column.is_personal)


@cache
def tables() -> tuple[Table, ...]:
    """All that is published, by name: tables first, then aggregates."""
    marts = [_table(_said(path)) for path in sorted(MARTS.glob("[!_]*.yml"))]
    tables = sorted([*marts, _changes(changes.TABLE)], key=lambda table: table.name)
    return (*tables, *(_table(one) for one in _read(aggregates.QUESTIONS / "_aggregates.yml")["models"]))


def _said(path: Path) -> dict[str, Any]:
    (model,) = _read(path)["models"]
    return model


def _read(path: Path) -> dict[str, Any]:
    # In C where it is there: forty files are read before the first question is answered.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader


def _table(said: Mapping[str, Any]) -> Table:
    meta = said.get("config", {}).get("meta", {})
    return Table(
        said["name"],
        spoken(said["description"]),
        meta.get("rows", {}),
        tuple(_column(column) for column in said["columns"]),
        tuple(meta.get("grain", ())),
        meta.get("person"),
        meta.get("time"),
        meta.get("summary_where_empty"),
        bool(meta.get("marketing_only")),
    )


def _column(said: Mapping[str, Any]) -> Described:
    meta = said.get("config", {}).get("meta", {})
    return Described(
        said["name"],
        said["data_type"],
        meta.get("label", {}),
        spoken(said["description"]),
        bool(meta.get("pii")),
        bool(meta.get("free_text")),
        _measure(meta.get("measure")),
    )


def _measure(said: Any) -> Measure | None:
    if said in (None, "none"):
        return None
    return Measure(said["by"], said["unit"], tuple(said.get("not_over", ())))


def _changes(mart: Mart) -> Table:
    """The one table that no model makes: publications compared."""
    columns = tuple(
        Described(name, kind, {"fr": french, "en": english}, spoken(text))
        for name, (french, english, text, kind) in changes.COLUMNS.items()
    )
    rows = {"en": "changes", "fr": "changements"}
    return Table(
        mart.name, spoken(mart.comment), rows, columns, mart.primary_key, "customer_id", "published_at"
    )


def spoken(text: str) -> Texts:
    """A text in English, a slash between blanks, the same in French."""
    english, _, french = " ".join(text.split()).partition(" / ")
    return {"en": english, "fr": french}
