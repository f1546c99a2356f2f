"""Lists of leads: newest first, strict time filters, opaque cursors, and what may go wrong with a page."""

import base64
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlencode

from simulator.faults import Faults
from simulator.model import Lead
from simulator.platforms.meta.errors import bad_parameter
from simulator.wire import Call

DEFAULT_LIMIT = 25
LARGEST_LIMIT = 500  # the vendor states none; reports end here


class Place(NamedTuple):
    """Where a lead stands in a list, newest first."""

    age: int  # minus epoch seconds
    lead_id: str


def place(lead: Lead) -> Place:
    return Place(-int(lead.created_at.timestamp()), lead.lead_id)


class LeadList:
    """Leads newest first, found by place."""

    def __init__(self, leads: list[Lead]) -> None:
        self.leads = sorted(leads, key=place)
        self.places = [place(lead) for lead in self.leads]

    def window(self, call: Call) -> tuple[int, int]:
        """First and last index the `filtering` parameter lets through."""
        start, end = 0, len(self.leads)
        for condition in _conditions(call.params.get("filtering")):
            age = -condition.value
            match condition.operator:
                case "GREATER_THAN":
                    end = min(end, bisect_left(self.places, (age,)))
                case "GREATER_THAN_OR_EQUAL":
                    end = min(end, bisect_left(self.places, (age + 1,)))
                case "LESS_THAN":
                    start = max(start, bisect_left(self.places, (age + 1,)))
                case "LESS_THAN_OR_EQUAL":
                    start = max(start, bisect_left(self.places, (age,)))
                case other:
                    raise bad_parameter(f"Filtering operator is invalid: {other}")
        return start, max(start, end)


class Condition(NamedTuple):
    operator: str
    value: int


def _conditions(filtering: str | None) -> list[Condition]:
    if not filtering:
        return []
    try:
        found = [
            (str(one["field"]), Condition(str(one["operator"]), int(one["value"])))
            for one in json.loads(filtering)
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise bad_parameter("Param filtering must be an array of {field, operator, value}") from error
    # The filter is called time_created although the field is called created_time.
    wrong = [name for name, _ in found if name != "time_created"]
    if wrong:
        raise bad_parameter(f"Filtering field is invalid: {wrong[0]}")
    return [condition for _, condition in found]


def cursor(at: Place | int | None) -> str:
    """Opaque on purpose: a place (or an offset) nobody should read or keep."""
    return base64.urlsafe_b64encode(json.dumps(["QVFI", at]).encode()).decode().rstrip("=")


def read_cursor(text: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))[1]
    except (ValueError, IndexError, TypeError, KeyError) as error:
        raise bad_parameter("Invalid cursor value") from error


def limit_of(call: Call) -> int:
    try:
        limit = int(call.params.get("limit") or DEFAULT_LIMIT)
    except ValueError as error:
        raise bad_parameter("Param limit must be an integer") from error
    return max(1, min(limit, LARGEST_LIMIT))


def next_link(call: Call, after: str, token: str) -> str:
    """The next page's whole address; like the platform's own it holds the token."""
    kept = {k: v for k, v in call.params.items() if k not in ("after", "appsecret_proof", "access_token")}
    return f"{call.base}/{call.path}?{urlencode({'access_token': token, **kept, 'after': after})}"


def page(
    listed: LeadList, call: Call, token: str, render: Callable[[Lead], dict[str, Any]], faults: Faults
) -> tuple[dict[str, Any], bool]:
    """The body of one page, and whether it is the last."""
    start, end = listed.window(call)
    if "after" in call.params:
        after = read_cursor(call.params["after"])
        if after is not None:
            start = max(start, bisect_right(listed.places, tuple(after)))
    if faults.strikes("empty_page", "meta", call.signature):
        here = cursor(listed.places[start - 1] if start else None)
        paging = {"cursors": {"before": here, "after": here}, "next": next_link(call, here, token)}
        return {"data": [], "paging": paging}, False
    stop = min(end, start + limit_of(call))
    if start >= stop:
        return {"data": []}, True
    data = [render(lead) for lead in listed.leads[start:stop]]
    if faults.strikes("reordered", "meta", call.signature):
        Random(call.signature).shuffle(data)
    after_text = cursor(listed.places[stop - 1])
    paging: dict[str, Any] = {"cursors": {"before": cursor(listed.places[start]), "after": after_text}}
    if stop < end:
        if stop - start > 1 and faults.strikes("repeated", "meta", call.signature):
            after_text = cursor(listed.places[stop - 2])
            paging["cursors"]["after"] = after_text
        paging["next"] = next_link(call, after_text, token)
    return {"data": data, "paging": paging}, stop >= end
