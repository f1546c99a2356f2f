"""One page of a list by cursor, in the order that was asked for.

A cursor names the place of the last record shown, so that what is added meanwhile moves nobody.
"""

import base64
import json
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from simulator.faults import Faults
from simulator.platforms.klaviyo.problems import invalid
from simulator.wire import Call

LARGEST = {"profiles": 100, "events": 1000, "campaigns": 100}
DEFAULT = {"profiles": 20, "events": 200, "campaigns": 100}
SORTS = {"profiles": ("created", "updated"), "events": ("datetime",), "campaigns": ("created_at",)}
Place = tuple[float, str]
BEFORE_ALL: Place = (float("-inf"), "")


def places(call: Call, listed: str, found: Iterable[tuple[datetime, str]]) -> list[Place]:
    """(moment, key) pairs in the order that was asked for."""
    sort = call.params.get("sort", SORTS[listed][0])
    if sort.lstrip("-") not in SORTS[listed]:
        raise invalid(f"{sort} is no sort", "sort")
    sign = -1 if sort.startswith("-") else 1
    return sorted((sign * at.timestamp(), key) for at, key in found)


def page_of(call: Call, faults: Faults, listed: str, found: list[Place]) -> dict[str, Any]:
    """The keys of one page of a list, and the links around it."""
    size = call.params.get("page[size]", str(DEFAULT[listed]))
    if not size.isdigit() or not 1 <= int(size) <= LARGEST[listed]:
        raise invalid(f"page size must be between 1 and {LARGEST[listed]}", "page[size]")
    cursor = call.params.get("page[cursor]")
    begin = bisect_right(found, _read(cursor)) if cursor else 0
    shown = found[begin : begin + int(size)]
    following = _link(call, shown[-1]) if begin + len(shown) < len(found) else None
    if following and faults.strikes("empty_page", "klaviyo", call.signature):
        # Nothing, though there is something; the link leads on from where this page began.
        shown, following = [], _link(call, found[begin - 1] if begin else BEFORE_ALL)
    links = {"self": f"{call.base}/{call.path}", "first": None, "last": None, "prev": None, "next": following}
    return {"data": [key for _, key in shown], "links": links}


def _link(call: Call, place: Place) -> str:
    cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
    query = [(name, value) for name, value in call.query if name != "page[cursor]"]
    return f"{call.base}/{call.path}?{urlencode([*query, ('page[cursor]', cursor)])}"


def _read(cursor: str) -> Place:
    try:
        rank, key = json.loads(base64.urlsafe_b64decode(cursor))
        return float(rank), str(key)
    except (ValueError, TypeError):
        raise invalid("page cursor is invalid", "page[cursor]") from None
