"""Filters as Klaviyo takes them: `greater-than(updated,2026-05-01T00:00:00Z),equals(metric_id,"X")`.

Only what each list allows, and no moment that is still to come.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from simulator.clock import read_moment
from simulator.platforms.klaviyo.problems import invalid

TERM = re.compile(r"""([a-z-]+)\(([a-z_.]+),("[^"]*"|'[^']*'|[^(),"']+)\)(?:,|$)""")
ORDERED = frozenset({"greater-than", "greater-or-equal", "less-than", "less-or-equal"})
# Without "or equal" for when a profile changed or was made.
ALLOWED: Mapping[str, Mapping[str, frozenset[str]]] = {
    "profiles": {
        "updated": frozenset({"greater-than", "less-than"}),
        "created": frozenset({"greater-than", "less-than"}),
        "email": frozenset({"equals"}),
        "id": frozenset({"equals"}),
    },
    "events": {
        "datetime": ORDERED,
        "metric_id": frozenset({"equals"}),
        "profile_id": frozenset({"equals"}),
    },
    "campaigns": {
        "messages.channel": frozenset({"equals"}),
        "status": frozenset({"equals"}),
        "archived": frozenset({"equals"}),
        "created_at": ORDERED,
    },
}
HARDLY_OVER = timedelta(seconds=20)
Term = tuple[str, str, str]


def terms(listed: str, text: str) -> list[Term]:
    """(operator, field, value) of each part. Raises Refusal for what the list does not take."""
    found, place = [], 0
    while place < len(text):
        part = TERM.match(text, place)
        if part is None:
            raise invalid(f"Unable to parse filter at {place}")
        operator, field, value = part[1], part[2], part[3].strip("\"'")
        if operator not in ALLOWED[listed].get(field, frozenset()):
            raise invalid(f"{operator} is not supported on {field}")
        found.append((operator, field, value))
        place = part.end()
    return found


def window(found: list[Term], field: str, now: datetime) -> tuple[datetime | None, datetime | None, bool]:
    """From when and until when, and whether the first moment itself is in.

    What is hardly over is refused, by this clock or the machine's, whichever is later: readers have that one.
    """
    since = until = None
    latest = max(now, datetime.now(UTC)) - HARDLY_OVER
    is_in = False
    for operator, of, value in found:
        if of != field:
            continue
        try:
            moment = read_moment(value.replace(" ", "+"))
        except ValueError:
            raise invalid(f"{value} is no datetime") from None
        if operator.startswith("greater"):
            if moment > latest:
                raise invalid(f"{field} is too close to the present")
            since, is_in = moment, operator == "greater-or-equal"
        else:
            until = moment
    return since, until, is_in


def chosen(found: list[Term], field: str) -> str | None:
    return next((value for _, of, value in found if of == field), None)
