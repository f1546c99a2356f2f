"""Just enough of Google's query language: what is selected, from what, and on which conditions.

A row is a flat mapping from a field's name to its value; what is selected of it is told nested, in camelCase,
and without whatever is zero, false or empty.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WHOLE = re.compile(
    r"\s*SELECT\s+(?P<fields>.+?)\s+FROM\s+(?P<source>\w+)(?:\s+WHERE\s+(?P<where>.+?))?\s*$", re.DOTALL
)
CONDITION = re.compile(
    r"(?P<field>[\w.]+)\s*(?:(?P<sign>=|>=|<)\s*'(?P<value>[^']*)'|BETWEEN\s+'(?P<low>[^']*)'\s+AND\s+'(?P<high>[^']*)')\s*"
)

COMPARED = {"=": operator.eq, ">=": operator.ge, "<": operator.lt}


class Refused(ValueError):
    """A query that Google would not take: its code, and what it says."""

    def __init__(self, code: str, message: str, kind: str = "queryError") -> None:
        super().__init__(message)
        self.code, self.kind = code, kind


@dataclass(frozen=True)
class Query:
    fields: tuple[str, ...]
    source: str
    conditions: tuple[Callable[[Mapping[str, Any]], bool], ...]
    asked: frozenset[str]  # the fields of the conditions

    def rows(self, found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [told(row, self.fields) for row in found if all(holds(row) for holds in self.conditions)]


def read(text: str, known: Mapping[str, frozenset[str]]) -> Query:
    """A query over `known`: source to the fields that may be selected from it. Raises Refused."""
    whole = WHOLE.match(text)
    if whole is None:
        raise Refused("UNEXPECTED_END_OF_QUERY", "Error in query: unexpected end of query.")
    source = whole["source"]
    if source not in known:
        raise Refused("BAD_RESOURCE_TYPE_IN_FROM_CLAUSE", f"'{source}' is not a resource to select from.")
    fields = tuple(field.strip() for field in whole["fields"].split(","))
    conditions, asked, rest = [], set(), (whole["where"] or "").strip()
    while rest:
        part = CONDITION.match(rest)
        if part is None:
            raise Refused("UNEXPECTED_INPUT", "Error in WHERE clause: unexpected input.")
        conditions.append(_condition(part))
        asked.add(part["field"])
        rest = re.sub(r"^AND\s+", "", rest[part.end() :])
    for field in (*fields, *asked):
        if field not in known[source]:
            raise Refused("UNRECOGNIZED_FIELD", f"Unrecognized field in the query: '{field}'.")
    return Query(fields, source, tuple(conditions), frozenset(asked))


def _condition(part: re.Match[str]) -> Callable[[Mapping[str, Any]], bool]:
    field = part["field"]
    if sign := part["sign"]:
        return lambda row: COMPARED[sign](str(row.get(field)), part["value"])
    return lambda row: part["low"] <= str(row.get(field)) <= part["high"]


def told(row: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """What is selected of a row; of each resource its name comes along unasked."""
    made: dict[str, Any] = {}
    names = [f"{field.split('.')[0]}.resource_name" for field in fields]
    for field in (*names, *fields):
        if (value := row.get(field)) not in (None, "", 0, "0", False, []):
            *way, last = [camel(part) for part in field.split(".")]
            inner = made
            for part in way:
                inner = inner.setdefault(part, {})
            inner[last] = value
    return made


def camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)
