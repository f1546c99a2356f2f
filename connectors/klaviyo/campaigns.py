"""Campaigns that were sent, with their figures: these are in a report of their own, a year at a time."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from urllib.parse import quote

from connectors.klaviyo.api import Klaviyo, moment_in_filter, next_of
from connectors.klaviyo.fetch import metrics
from connectors.landing import at
from connectors.stream import Announced, BadAnswer, Page, Row, Since
from connectors.times import moment

CHANNELS = ("email", "sms")
FIGURES = ("recipients", "delivered", "bounced", "clicks_unique", "unsubscribe_uniques", "spam_complaints")
LONGEST = timedelta(days=365)  # of one report
A_DAY = timedelta(days=1)  # the account's own zone holds in reports, whatever offset is given
REPORT = "campaign-values-reports"


def campaigns(klaviyo: Klaviyo, account: str, since: Since) -> Iterator[Page | Announced]:
    """Campaigns sent, archived ones too, each with `channel`, `statistics` and the ids of its messages.

    Later on only those sent of late: older figures move no more, and each report costs half a minute.
    """
    found = [row for channel, put_away in product(CHANNELS, ("false", "true"))
             for row in _sent(klaviyo, channel, put_away, since.moment)]  # fmt: skip
    times = [told for row in found if (told := moment(at(row, "attributes.send_time")))]
    figures, messages = _figures(klaviyo, min(times)) if times else ({}, {})
    if found:
        yield Page([_told(row, figures, messages) for row in found])


def _sent(klaviyo: Klaviyo, channel: str, put_away: str, since: datetime | None) -> Iterator[Any]:
    asked = f"equals(messages.channel,'{channel}'),equals(status,'Sent'),equals(archived,{put_away})"
    for rows in klaviyo.pages("campaigns", {"filter": asked, "sort": "created_at"}):
        for row in rows:
            sent = moment(at(row, "attributes.send_time"))
            if since is None or sent is None or sent >= since:
                yield {**row, "channel": channel} if isinstance(row, dict) else row


def _told(row: Any, figures: dict[str, Counter[str]], messages: dict[str, dict[str, None]]) -> Any:
    key = at(row, "id")
    if not isinstance(row, dict) or not isinstance(key, str) or key not in figures:
        return row
    return {**row, "statistics": dict(figures[key]), "message_ids": list(messages[key])}


def _figures(klaviyo: Klaviyo, first: datetime) -> tuple[dict[str, Counter[str]], dict[str, dict[str, None]]]:
    """Campaign -> its figures, and -> its messages. A report wants a kind of event that counts as a success,
    even where nothing of it is asked for."""
    kinds = metrics(klaviyo)
    success = next((key for key, name in kinds.items() if name == "Placed Order"), next(iter(kinds), None))
    figures: dict[str, Counter[str]] = {}
    messages: dict[str, dict[str, None]] = {}
    if success is None:
        return figures, messages
    for begin, end in _years(first - A_DAY, klaviyo.env.now() + A_DAY):
        for told in _results(klaviyo, begin, end, success):
            key, statistics = at(told, "groupings.campaign_id"), at(told, "statistics")
            if not isinstance(key, str) or not isinstance(statistics, dict):
                raise BadAnswer("klaviyo report: a line of no campaign")
            # One campaign may have several messages, and its year may end before people have done with it.
            figures.setdefault(key, Counter()).update(_numbers(statistics))
            if isinstance(message := at(told, "groupings.campaign_message_id"), str):
                messages.setdefault(key, {})[message] = None
    return figures, {key: messages.get(key, {}) for key in figures}


def _numbers(statistics: Row) -> dict[str, int]:
    told = {name: statistics.get(name) for name in FIGURES}
    return {
        name: int(value)
        for name, value in told.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    }


def _years(begin: datetime, end: datetime) -> Iterable[tuple[datetime, datetime]]:
    while begin < end:
        yield begin, min(begin + LONGEST, end)
        begin += LONGEST


def _results(klaviyo: Klaviyo, begin: datetime, end: datetime, success: str) -> Iterator[Any]:
    attributes = {
        "statistics": list(FIGURES),
        "timeframe": {"start": _stamp(begin), "end": _stamp(end)},
        "conversion_metric_id": success,
    }
    cursor, path = None, REPORT
    while True:
        data = klaviyo.post(path, {"type": "campaign-values-report", "attributes": attributes})
        rows = at(data, "data.attributes.results")
        if not isinstance(rows, list):
            raise BadAnswer("klaviyo report: no list of results in the answer")
        yield from rows
        following = next_of(REPORT, data)
        if following is None:
            return
        former, cursor = cursor, following.get("page_cursor")
        if not cursor or cursor == former:
            raise BadAnswer("klaviyo report: more is announced, but nothing leads to it")
        path = f"{REPORT}?page_cursor={quote(cursor, safe='')}"


def _stamp(found: datetime) -> str:
    return moment_in_filter(found.astimezone(UTC).replace(minute=0, second=0, microsecond=0))
