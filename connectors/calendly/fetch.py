"""What is read from Calendly: event types, and of each event those who were invited to it."""

from collections.abc import Iterator
from datetime import UTC
from functools import partial
from typing import Any

from connectors.calendly.api import Calendly, last_part, named
from connectors.side_by_side import in_order
from connectors.stream import Announced, BadAnswer, NotThere, Page, Since

# Of who is invited, what an event says of itself; hosts and guests are nobody who asked for anything.
ABOUT = ("uri", "name", "status", "start_time", "end_time", "event_type", "location")


def forms(calendly: Calendly, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every event type with its questions: a consent is worth what its text says."""
    for rows in calendly.pages("event_types", organization=calendly.organization):
        yield Page([_identified(row) for row in rows])


def _identified(row: Any) -> Any:
    return {"id": last_part(row.get("uri")), **row} if isinstance(row, dict) else row


def responses(calendly: Calendly, account: str, since: Since) -> Iterator[Page | Announced]:
    """The invitees of every event that starts later than asked for: nobody books the past."""
    asked = {"organization": calendly.organization, "sort": "start_time:asc"}
    if since.moment:
        asked["min_start_time"] = since.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    for events in calendly.pages("scheduled_events", **asked):
        calls = [partial(_invited, calendly, event) for event in events]
        rows = [row for found in in_order(calls, calendly.at_once) for row in found]
        if rows:
            yield Page(rows)


def _invited(calendly: Calendly, event: Any) -> list[Any]:
    number = last_part(event.get("uri")) if isinstance(event, dict) else None
    if not number:
        raise BadAnswer("calendly scheduled_events: an event without an address")
    told = {name: event[name] for name in ABOUT if event.get(name) is not None}
    try:
        pages = list(calendly.pages(f"scheduled_events/{number}/invitees"))
    except NotThere:
        return []  # deleted since the list was read
    return [named(invitee, told) for page in pages for invitee in page]
