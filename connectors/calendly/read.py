"""The export of scheduled events: one line per invitee, up to so many questions and answers side by side.

Each line has the numbers by which the API names invitee and event. Times are in the zone of whoever exports,
to the minute. A tick at Calendly's own box, "accepted marketing emails", comes without the words people saw
beside it: it is kept, and permits nothing.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from connectors.cells import truth, when
from connectors.stream import Export, Reading, Row

# 2025-03-02 01:40 am
CLOCK = re.compile(r"(\d{4}-\d\d-\d\d) (\d{1,2}):(\d{2}) ?([ap])m$", re.IGNORECASE)
QUESTION = re.compile(r"question_(\d+)$")
FIELDS = {
    "invitee_uuid": "id",
    "invitee_email": "email",
    "invitee_name": "name",
    "invitee_first_name": "first_name",
    "invitee_last_name": "last_name",
    "text_reminder_number": "text_reminder_number",
    "invitee_accepted_marketing_emails": "accepted_marketing_emails",
}
TRACKED = ("utm_campaign", "utm_source", "utm_medium", "utm_term", "utm_content")
TIMES = frozenset({"event_created_date_time", "start_date_time", "end_date_time"})


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A line in the shape of the API; what was left empty is not told."""
    row: Row = {ours: cells[theirs] for theirs, ours in FIELDS.items() if theirs in cells}
    row.setdefault("id", "")
    if "event_created_date_time" in cells:
        # When it was cancelled or moved is not told.
        row["created_at"] = row["updated_at"] = _moment(cells["event_created_date_time"], reading)
    if "canceled" in cells:
        row["status"] = "canceled" if truth(cells["canceled"]) is True else "active"
    event = {"name": cells.get("event_type_name"), "start_time": cells.get("start_date_time")}
    if event["start_time"]:
        event["start_time"] = _moment(event["start_time"], reading)
    row["scheduled_event"] = {name: value for name, value in event.items() if value}
    tracking = {name: cells[name] for name in TRACKED if name in cells}
    row |= {"tracking": tracking} if tracking else {}
    return row | {"questions_and_answers": list(_answers(cells))}


def _answers(cells: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for name, question in cells.items():
        place = QUESTION.match(name)
        if place and (answer := cells.get(f"response_{place[1]}")):
            yield {"question": question, "answer": answer, "position": int(place[1]) - 1}


def _moment(text: str, reading: Reading) -> str:
    parts = CLOCK.match(text.strip())
    if parts:
        hour = int(parts[2]) % 12 + 12 * (parts[4].lower() == "p")
        try:
            found = datetime.fromisoformat(f"{parts[1]} {hour:02}:{parts[3]}")
            return when(found.replace(tzinfo=reading.zone).isoformat(), reading)
        except (ValueError, OverflowError):
            return text
    return when(text, reading)


EVENTS_EXPORT = Export(
    "responses",
    headers=frozenset({"invitee_uuid", "event_uuid", "invitee_email"}),
    to_row=to_row,
    zoneless=TIMES,
)
