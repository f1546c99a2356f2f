"""Does a condition hold for a person? Written from docs/audiences.md, on plain rows, and from nothing else.

`people`: one dict a customer; `things`: {table: rows}; `whose`, `days`: which column says whose and which
day a row is; `audiences`: {name: condition}.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
HELD = ("field", "count", "sum", "happened", "never", "where")


@dataclass(frozen=True)
class World:
    people: list[Row]
    things: Mapping[str, list[Row]]
    whose: Mapping[str, str]
    days: Mapping[str, str | None]
    audiences: Mapping[str, Any]
    day: date

    def members(self, condition: Any) -> set[str]:
        return {person["customer_id"] for person in self.people if self.holds(condition, person)}

    def holds(self, condition: Any, row: Row) -> bool:
        if "all" in condition:
            return all(self.holds(one, row) for one in condition["all"])
        if "any" in condition:
            return any(self.holds(one, row) for one in condition["any"])
        if "not" in condition:
            return not self.holds(condition["not"], row)
        if "audience" in condition:
            return self.holds(self.audiences[condition["audience"]], row)
        said = {word: given for word, given in condition.items() if word not in HELD}
        if "field" in condition:
            return all(self.stands(word, given, row[condition["field"]]) for word, given in said.items())
        rows = self.rows_of(condition, row)
        if "happened" in condition:
            return len(rows) > 0
        if "never" in condition:
            return len(rows) == 0
        if "count" in condition:
            found: Any = len(rows)
        else:
            amounts = [one[condition["sum"].split(".")[1]] for one in rows]
            found = sum((amount for amount in amounts if amount is not None), Decimal(0))
        windows = ("last_days", "before_days", "from", "until")
        return all(self.stands(word, given, found) for word, given in said.items() if word not in windows)

    def rows_of(self, condition: Any, person: Row) -> list[Row]:
        table = next(condition[word] for word in ("count", "sum", "happened", "never") if word in condition)
        table = table.split(".")[0]
        windows = {w: condition[w] for w in ("last_days", "before_days", "from", "until") if w in condition}
        return [
            row
            for row in self.things[table]
            if row[self.whose[table]] == person["customer_id"]
            and ("where" not in condition or self.holds(condition["where"], row))
            and all(self.stands(word, given, row[self.days[table]]) for word, given in windows.items())
        ]

    def stands(self, word: str, given: Any, value: Any) -> bool:
        if word == "known":
            return (value is not None) == given
        if value is None:
            return False
        match word:
            case "is":
                return same(value, given)
            case "in":
                return any(same(value, one) for one in given)
            case "contains":
                return given.lower() in value.lower()
            case "starts_with":
                return value.lower().startswith(given.lower())
            case "holds":
                return given in value
            case "empty":
                return (len(value) == 0) == given
            case "at_least":
                return value >= number(given)
            case "more_than":
                return value > number(given)
            case "at_most":
                return value <= number(given)
            case "less_than":
                return value < number(given)
            case "from":
                return value >= given
            case "until":
                return value <= given
            case "last_days":
                return self.day - timedelta(days=given) < value <= self.day
            case "before_days":
                return value <= self.day - timedelta(days=given)
            case "next_days":
                return self.day < value <= self.day + timedelta(days=given)
        raise AssertionError(word)


def number(given: Any) -> Decimal:
    return Decimal(str(given))


def same(value: Any, given: Any) -> bool:
    if isinstance(given, bool | str | date):
        return value == given
    return value == number(given)
