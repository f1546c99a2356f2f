"""What may be asked of a list: filters in brackets, the order, the fields; and the shop's errors."""

import re
from collections.abc import Iterable
from typing import Any

from simulator.platforms.prestashop.nodes import Node
from simulator.wire import Answer, Call

FILTER = re.compile(r"filter\[(\w+)\]")
DATES = ("date_add", "date_upd")
IS_FLAG = re.compile(r"id_\w+|newsletter|optin|active|deleted|is_guest|valid|current_state|gift|recyclable")


class Refusal(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.answer = Answer({"errors": [{"code": code, "message": message}]}, status)


def chosen(call: Call, rows: Iterable[Node]) -> list[Node]:
    """The rows that every filter lets through, in the order asked for."""
    found = list(rows)
    for name, value in call.query:
        if told := FILTER.fullmatch(name):
            _check_field(call, found, told[1])
            found = [row for row in found if _passes(str(row[told[1]]), value)]
    for one in reversed(call.params.get("sort", "").strip("[]").split(",")):
        field, _, way = one.rpartition("_")
        if one and way not in ("ASC", "DESC"):
            raise Refusal(400, 37, 'The "sort" value has to be formed as this example: "field_ASC"')
        if one:
            _check_field(call, found, field)
            found.sort(key=lambda row: _comparable(str(row[field])), reverse=way == "DESC")
    return found


def one_of(call: Call) -> tuple[str, list[str]] | None:
    """A field and the values that a filter `[1|5]` lets through, where one asks for several."""
    for name, value in call.query:
        told = FILTER.fullmatch(name)
        if told and value.startswith("[") and value.endswith("]") and "|" in value:
            return told[1], value.strip("[]").split("|")
    return None


def _check_field(call: Call, rows: list[Node], field: str) -> None:
    """Times are no field to ask by, unless one says `date=1` beside."""
    is_hidden = field in DATES and call.params.get("date") != "1"
    if is_hidden or (rows and field not in rows[0]):
        raise Refusal(400, 32, "This filter does not exist")


def _passes(value: str, told: str) -> bool:
    """`[1|5]` one of, `[a,b]` between and both ends with, `>[a]`, `<[a]`, `![a]`, `[a]%` begins with."""
    sign, inner = told[: told.find("[")] if "[" in told else "", told.strip("<>!%").strip("[]")
    if told.endswith("%"):
        return value.startswith(inner) if not told.startswith("%") else inner in value
    if "|" in inner:
        return (value in inner.split("|")) != (sign == "!")
    if "," in inner:
        low, _, high = inner.partition(",")
        return _comparable(low) <= _comparable(value) <= _comparable(high)
    if sign in (">", "<"):
        is_more = _comparable(value) > _comparable(inner)
        return is_more if sign == ">" else _comparable(value) < _comparable(inner)
    return (value == inner) != (sign == "!")


def _comparable(value: str) -> tuple[int, int, str]:
    return (0, int(value), "") if value.isdigit() else (1, 0, value)


def displayed(call: Call, rows: list[Node]) -> list[Node]:
    """All fields, or those named."""
    told = call.params["display"]
    if told == "full":
        return rows
    if not (told.startswith("[") and told.endswith("]")):
        raise Refusal(400, 36, "The 'display' syntax is wrong.")
    fields = told.strip("[]").split(",")
    for field in fields:
        if rows and not any(field in row for row in rows):
            raise Refusal(400, 35, f'Unable to display this field "{field}"')
    # One that a row lacks is trouble made on purpose.
    more = [name for name in ("sim_points",) if any(name in row for row in rows)]
    return [{name: row[name] for name in (*fields, *more) if name in row} for row in rows]


def native(body: Any) -> Any:
    """Numbers and flags as numbers, as PHP 8.1 and later takes them out of the database; money stays text."""
    if isinstance(body, list):
        return [native(one) for one in body]
    if not isinstance(body, dict):
        return body
    return {
        name: int(value)
        if isinstance(value, str) and IS_FLAG.fullmatch(name) and value.isdigit()
        else native(value)
        for name, value in body.items()
    }
