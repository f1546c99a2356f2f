"""What is published: the marts, as dbt's manifest describes them, and nothing that is not described.

A column goes to bi.duckdb only if it is documented and not marked `pii: true`: forgetting a mark on a new
column keeps it in, so forgetting to document it keeps it out. A mart marked `marketing_only: true`, a
list to work through person by person, is not there at all.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Changes when a column or table of the publication changes its name, type or meaning.
SCHEMA_VERSION = 1
# These every DuckDB since 1.0 and every driver knows; what is none of them goes out as text.
PORTABLE = re.compile(
    r"(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|VARCHAR|UUID|BLOB"
    r"|DATE|TIME|TIMESTAMP( WITH TIME ZONE)?|INTERVAL)(\[\])*"
)


class NothingToPublish(Exception):
    """dbt has not built the marts, or its manifest does not describe them."""


@dataclass(frozen=True)
class Column:
    name: str
    is_personal: bool
    comment: str

    @property
    def is_customer_number(self) -> bool:
        """Of one customer, or of several: what bi.duckdb shows a stand-in of."""
        of_people = {"customer_id", "customer_number", "household_id", "account_id"}
        return self.name in of_people or self.name.endswith("_customer_id")


# A database and a schema.
Place = tuple[str, str]


@dataclass(frozen=True)
class Mart:
    name: str
    comment: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    is_marketing_only: bool = False
    read_by: tuple[str, ...] = ()
    place: Place = ("warehouse", "marts")

    @property
    def source(self) -> str:
        """Where it is read from."""
        return f'{".".join(self.place)}."{self.name}"'

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    @property
    def public(self) -> frozenset[str]:
        """What may stand in bi.duckdb."""
        if self.is_marketing_only:
            return frozenset()
        return frozenset(column.name for column in self.columns if not column.is_personal)


def read(dbt_manifest: Path) -> tuple[Mart, ...]:
    """The marts dbt knows. Raises NothingToPublish."""
    try:
        nodes = json.loads(dbt_manifest.read_text(encoding="utf-8"))["nodes"].values()
    except (OSError, ValueError, KeyError) as error:
        raise NothingToPublish(f"dbt's manifest cannot be read: {type(error).__name__}") from error
    found = tuple(
        sorted(
            (_mart(node) for node in nodes if node["resource_type"] == "model" and "marts" in node["fqn"]),
            key=lambda mart: mart.name,
        )
    )
    if "customers" not in {mart.name for mart in found}:
        raise NothingToPublish("dbt's manifest holds no mart named customers")
    return found


def _mart(node: Mapping[str, Any]) -> Mart:
    columns = tuple(_column(column) for column in node["columns"].values())
    return Mart(
        node["alias"],
        node.get("description", "").strip(),
        columns,
        tuple(_primary_key(node)) or _grain(node),
        bool(_meta(node).get("marketing_only")),
        _read_by(node, [column.name for column in columns]),
    )


def _meta(thing: Mapping[str, Any]) -> dict[str, Any]:
    """dbt keeps `meta` beside `config` and inside it, depending on where it was written."""
    return {**thing.get("meta", {}), **thing.get("config", {}).get("meta", {})}


def _column(said: Mapping[str, Any]) -> Column:
    meta = _meta(said)
    labels = meta.get("label", meta.get("labels", {}))
    if not isinstance(labels, dict):
        labels = {}
    french = labels.get("fr", meta.get("label_fr", ""))
    english = labels.get("en", meta.get("label_en", ""))
    parts = [" / ".join(filter(None, (french, english))), " ".join(said.get("description", "").split())]
    return Column(said["name"].lower(), bool(meta.get("pii")), ": ".join(filter(None, parts)))


def _primary_key(node: Mapping[str, Any]) -> Iterator[str]:
    for constraint in node.get("constraints", ()):
        if constraint["type"] == "primary_key":
            yield from (column.lower() for column in constraint["columns"])
    for column in node["columns"].values():
        if any(constraint["type"] == "primary_key" for constraint in column.get("constraints", ())):
            yield column["name"].lower()


def _read_by(node: Mapping[str, Any], columns: list[str]) -> tuple[str, ...]:
    """What its rows lie together by in the file: whose they are, unless `meta: {read_by: [a, b]}` says else.

    Lying by person costs half as much again as writing them: tables nobody asks of one person say `[]`.
    """
    return tuple(_meta(node).get("read_by", ["customer_id"] if "customer_id" in columns else []))


def _grain(node: Mapping[str, Any]) -> tuple[str, ...]:
    """For a mart whose key is no database constraint: `meta: {grain: [a, b]}`."""
    grain = _meta(node).get("grain", ())
    return tuple([grain] if isinstance(grain, str) else grain)
