"""Contacts as they stand, and a search among them: by tests in groups, in an order."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.model import MailContact
from simulator.platforms.hubspot.nodes import Node
from simulator.platforms.hubspot.problems import Refusal

NUMBER = "hs_object_id"
CUTS = {"GT": bisect_right, "GTE": bisect_left, "LT": bisect_left, "LTE": bisect_right}


@dataclass
class Shown:
    """A contact as it stands: its properties by name, when it last changed, when it was deleted."""

    contact: MailContact
    told: Node
    changed: datetime
    archived: datetime | None


def addresses_of(one: Shown) -> list[str]:
    told = [one.told.get("email"), *str(one.told.get("hs_additional_emails") or "").split(";")]
    return [address.lower() for address in told if address]


def found(living: list[Shown], groups: list[Node], indexed: datetime) -> list[Shown]:
    """Whoever meets all tests of a group, in the order of numbers; none who changed after `indexed`."""
    if not groups:
        return list(living)
    if len(groups) == 1:
        # By number there is no need to try everybody: 200,000 for each page would take the day.
        tests = groups[0].get("filters", ())
        living, groups = _within(living, tests), [{"filters": [one for one in tests if not _is_cut(one)]}]
        if not groups[0]["filters"]:
            return [one for one in living if one.changed <= indexed]
    return [
        one
        for one in living
        if one.changed <= indexed
        and any(all(_holds(one.told, test) for test in group.get("filters", ())) for group in groups)
    ]


def in_order(shown: list[Shown], sorts: Sequence[Node]) -> list[Shown]:
    """They come in the order of numbers."""
    for sort in sorts:
        is_backwards = sort.get("direction") == "DESCENDING"
        if sort["propertyName"] == NUMBER:
            shown = shown[::-1] if is_backwards else shown
        else:
            shown.sort(
                key=lambda one, sort=sort: _comparable(one.told.get(sort["propertyName"])),
                reverse=is_backwards,
            )
    return shown


def _is_cut(test: Node) -> bool:
    """Whether it cuts an ordered list at a number."""
    asked = str(test.get("value"))
    return test.get("propertyName") == NUMBER and asked.isdigit() and test.get("operator") in CUTS


def _within(living: list[Shown], tests: list[Node]) -> list[Shown]:
    first, last = 0, len(living)
    for test in filter(_is_cut, tests):
        place = CUTS[test["operator"]](living, int(test["value"]), key=number_of)
        if test["operator"].startswith("G"):
            first = max(first, place)
        else:
            last = min(last, place)
    return living[first:last]


def number_of(one: Shown) -> int:
    return int(one.told[NUMBER])


def _comparable(value: Any) -> tuple[int, float, str]:
    """Numbers as numbers, times as epoch milliseconds; what is missing comes last."""
    if value in (None, ""):
        return (1, 0, "")
    text = str(value)
    if text.isdigit():
        return (0, float(text), "")
    try:
        return (0, datetime.fromisoformat(text).timestamp() * 1000, "")
    except ValueError:
        return (0, 0, text)


def _holds(told: Node, test: Node) -> bool:
    value = told.get(test.get("propertyName", ""))
    operator, wanted = test.get("operator"), test.get("value")
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return (value not in (None, "")) == (operator == "HAS_PROPERTY")
    if value in (None, ""):
        return operator == "NEQ"
    ours, theirs = _comparable(value), _comparable(wanted)
    match operator:
        case "EQ":
            return ours == theirs
        case "NEQ":
            return ours != theirs
        case "GT":
            return ours > theirs
        case "GTE":
            return ours >= theirs
        case "LT":
            return ours < theirs
        case "LTE":
            return ours <= theirs
        case "IN":
            return str(value) in [str(one) for one in test.get("values", ())]
    raise Refusal(400, "VALIDATION_ERROR", f"invalid operator {operator}")
