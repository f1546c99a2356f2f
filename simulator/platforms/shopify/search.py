"""The search string of list queries: `updated_at:>='2026-05-01T00:00:00Z' AND updated_at:<'…'`.

Terms are joined by AND, written or not. A filter name the list does not know does not fail the query: it
is skipped and only reported in `extensions.search`. OR, NOT and brackets are not supported.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.clock import read_moment

_TERM = re.compile(r"""(?P<name>\w+):\s*(?P<comparator>>=|<=|>|<)?\s*(?P<value>'[^']*'|"[^"]*"|\S+)""")
_JOINED = re.compile(r"\s+(?:AND\s+)?")

Get = Callable[[Any], Any]


@dataclass(frozen=True)
class Search:
    """A parsed search: the test of a record, and the names that were not understood."""

    keeps: Callable[[Any], bool]
    unknown: tuple[str, ...]


def parse(text: str, filters: Mapping[str, Get]) -> Search:
    """A test for records from a search string; `filters` reads the value each name stands for."""
    tests: list[Callable[[Any], bool]] = []
    unknown: list[str] = []
    rest = text.strip()
    while rest:
        term = _TERM.match(rest)
        if term is None:
            word = rest.split()[0]
            unknown.append(word)
            rest = rest[len(word) :].strip()
            continue
        if term["name"] in filters:
            tests.append(_test(filters[term["name"]], term["comparator"] or "=", term["value"].strip("'\"")))
        else:
            unknown.append(term["name"])
        rest = rest[term.end() :]
        joined = _JOINED.match(rest)
        rest = rest[joined.end() :] if joined else rest
    return Search(lambda record: all(test(record) for test in tests), tuple(unknown))


def _test(get: Get, comparator: str, text: str) -> Callable[[Any], bool]:
    def test(record: Any) -> bool:
        value = get(record)
        if text == "*":
            return value is not None
        wanted = _like(value, text)
        if value is None or wanted is None:
            return False
        match comparator:
            case ">=":
                return bool(value >= wanted)
            case "<=":
                return bool(value <= wanted)
            case ">":
                return bool(value > wanted)
            case "<":
                return bool(value < wanted)
        return bool(value == wanted)

    return test


def _like(value: Any, text: str) -> Any:
    """The text as the kind of value it is compared with; None if it cannot be one."""
    try:
        match value:
            case bool():
                return text.lower() == "true"
            case int():
                return int(text)
            case datetime():
                return read_moment(text)
    except ValueError:
        return None
    return text
