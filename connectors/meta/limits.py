"""How much of Meta's limits is used, as the headers of every answer tell, and what to do about it.

Percentages of the application, of each business object and, for insights, of the ad account. A limit that
is reached comes as an error with 400 or 403 and the minutes to wait; it is cheaper to go slower before that.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.client import Answer

USAGE = ("X-App-Usage", "X-Ad-Account-Usage", "X-FB-Ads-Insights-Throttle")
BUSINESS = "X-Business-Use-Case-Usage"
REGAIN = "estimated_time_to_regain_access"
# From so many percent on, so many seconds between two calls: the counts fall off within an hour, so half a
# minute a call at the end of a limit costs less than the hour that is lost behind it.
PACES = ((95.0, 30.0), (85.0, 5.0), (75.0, 1.0))


def ease(answer: Answer) -> float:
    """Seconds to breathe after a good answer: none below three quarters of every limit."""
    used = max(_percentages(answer.headers), default=0.0)
    return next((seconds for percent, seconds in PACES if used >= percent), 0.0)


def regain_seconds(headers: Mapping[str, str]) -> float | None:
    """The longest of the waits told per business object, which Meta counts in minutes."""
    minutes = max((_number(limit.get(REGAIN)) for limit in _business(headers)), default=0.0)
    return minutes * 60 if minutes > 0 else None


def _percentages(headers: Mapping[str, str]) -> Iterator[float]:
    told = [_json(headers.get(name)) for name in USAGE]
    for usage in [*told, *_business(headers)]:
        if isinstance(usage, dict):
            # Of a business limit the minutes and the kind are no percentages.
            yield from (_number(value) for name, value in usage.items() if name not in (REGAIN, "type"))


def _business(headers: Mapping[str, str]) -> list[dict[str, Any]]:
    told = _json(headers.get(BUSINESS))
    found = told.values() if isinstance(told, dict) else ()
    return [
        limit for limits in found if isinstance(limits, list) for limit in limits if isinstance(limit, dict)
    ]


def _json(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return None


def _number(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else 0.0
