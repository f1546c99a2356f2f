"""As much of SOQL as is asked for: fields or a count of one object, with comparisons, an order, a limit."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import ge, gt, le, lt
from typing import Any

QUERY = re.compile(
    r"select\s+(?P<fields>.+?)\s+from\s+(?P<of>\w+)(?:\s+where\s+(?P<where>.+?))?"
    r"(?:\s+order\s+by\s+(?P<order>[\w\s,]+?))?(?:\s+limit\s+(?P<limit>\d+))?\s*$",
    re.IGNORECASE | re.DOTALL,
)
TERM = re.compile(r"(\w+)\s*(>=|<=|=|>|<)\s*('[^']*'|[\w.:+-]+)\s*(?:and\s+|$)", re.IGNORECASE)
COMPARE = {">": gt, ">=": ge, "<": lt, "<=": le, "=": lambda one, other: one == other}


class Malformed(ValueError):
    """No query this server knows."""


@dataclass(frozen=True)
class Query:
    of: str
    fields: tuple[str, ...]  # none: only how many
    terms: tuple[tuple[str, str, str], ...]
    order: tuple[str, ...]
    limit: int | None

    def holds(self, row: dict[str, Any]) -> bool:
        return all(_holds(row.get(field), operator, value) for field, operator, value in self.terms)

    def rank(self, row: dict[str, Any]) -> tuple[str, ...]:
        return tuple(str(row[field]) for field in self.order or ("Id",))


def parse(text: str) -> Query:
    found = QUERY.match(text.strip())
    if found is None:
        raise Malformed("unexpected token")
    where, terms, place = found["where"] or "", [], 0
    while place < len(where):
        term = TERM.match(where, place)
        if term is None:
            raise Malformed(f"unexpected token near {where[place : place + 20]}")
        terms.append((term[1], term[2], term[3]))
        place = term.end()
    is_count = found["fields"].replace(" ", "").lower() == "count()"
    fields = () if is_count else tuple(one.strip() for one in found["fields"].split(","))
    order = tuple(one.split()[0] for one in (found["order"] or "").split(",") if one.strip())
    return Query(found["of"], fields, tuple(terms), order, int(found["limit"]) if found["limit"] else None)


def _holds(value: Any, operator: str, told: str) -> bool:
    if value is None:
        return False
    if told.startswith("'"):
        return COMPARE[operator](str(value), told.strip("'"))
    if told.lower() in ("true", "false"):
        return COMPARE[operator](value, told.lower() == "true")
    try:
        return COMPARE[operator](_moment(str(value)), _moment(told))
    except ValueError:
        raise Malformed(f"{told} is no value of that field") from None


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
