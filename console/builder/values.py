"""A value as somebody types it, and as the YAML holds it.

A text stands as it is, or between double quotes where it would be read as something else: nothing at all, a
space at its end, a comma within a list. What is no value of its kind stays text: the compiler says so.
"""

import json
import re
from datetime import date
from typing import Any

WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
BROKEN = re.compile(r"[+-]?[0-9]{0,30}[.,]?[0-9]{1,30}(?:[eE][+-]?[0-9]{1,3})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
QUOTED = r'"(?:[^"\\]|\\.)*"'
ONE_OF_A_LIST = re.compile(rf"\s*({QUOTED}|[^,]*)\s*(?:,|$)")


def typed(text: str, kind: str) -> Any:
    """`kind`: text, number, date, or days. What cannot be one is given back as the text it is."""
    text = text.strip()
    if kind == "text":
        return _unquoted(text)
    if kind in ("number", "days") and WHOLE.fullmatch(text):
        return int(text)
    if kind == "number" and BROKEN.fullmatch(text):
        return float(text.replace(",", "."))
    if kind == "date" and DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def listed(text: str, kind: str) -> list[Any]:
    """Values with commas between them."""
    if not text.strip():
        return []
    found, place = [], 0
    while True:
        one = ONE_OF_A_LIST.match(text, place)
        if one is None:
            # Quotes with something after them: a text like any other.
            end = text.find(",", place)
            end = len(text) if end < 0 else end
            found.append(text[place:end].strip())
            place = end + 1
        else:
            found.append(typed(one[1], kind))
            place = one.end()
        if place >= len(text):
            return found


def shown(value: Any, *, in_list: bool = False) -> str:
    """As it is typed: `typed` gives it back."""
    if isinstance(value, list):
        return ", ".join(shown(one, in_list=True) for one in value)
    if not isinstance(value, str):
        return value.isoformat() if isinstance(value, date) else str(value)
    is_plain = (
        value
        and value == value.strip()
        and value.isprintable()
        and not value.startswith('"')
        and not (in_list and "," in value)
    )
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def _unquoted(text: str) -> str:
    if re.fullmatch(QUOTED, text, re.DOTALL):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
