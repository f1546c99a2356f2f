"""The export of scheduled events: one file of all of them, times in the exporter's zone and to the minute."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from simulator.export_files import text
from simulator.marketing import PARIS
from simulator.model import Company
from simulator.platforms.calendly.nodes import Booking, bookings, invitee
from simulator.timeline import end_of

QUESTIONS = 6
ASKED = tuple(f"{word} {number}" for number in range(1, QUESTIONS + 1) for word in ("Question", "Response"))
COLUMNS = (
    "User Name", "Team", "Invitee Name", "Invitee First Name", "Invitee Last Name", "Invitee Email",
    "Invitee Time Zone", "Invitee accepted marketing emails", "Text Reminder Number", "Event Type Name",
    "Start Date & Time", "End Date & Time", "Location", "Event Created Date & Time", "Canceled",
    "Canceled By", "Cancellation reason", *ASKED, "UTM Campaign", "UTM Source", "UTM Medium", "UTM Term",
    "UTM Content", "Salesforce UUID", "Event Price", "Payment Currency", "Guest Email(s)",
    "Invitee Reconfirmed", "Marked as No-Show", "Meeting Notes", "Group", "User Email", "Event UUID",
    "Invitee UUID", "Invitee scheduled by", "Scheduling method",
)  # fmt: skip
TRACKED = ("campaign", "source", "medium", "term", "content")


def files(company: Company, folder: Path) -> list[Path]:
    now = end_of(company.until)
    forms = {form.form_id: form for form in company.forms if form.platform == "calendly"}
    leads = [lead for lead in company.leads if lead.platform == "calendly"]
    if not forms:
        return []
    found = [one for lead in leads for one in bookings(lead, now)]
    rows = (_line(one, invitee(one, forms[one.lead.form_id]), forms[one.lead.form_id].name) for one in found)
    return [text(folder / "maison" / "events-export.csv", "utf-8", ",", COLUMNS, rows)]


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(PARIS):%Y-%m-%d %I:%M %p}".lower()


def _line(booking: Booking, row: dict, name: str) -> Iterator[str]:
    asked = {}
    for place, one in enumerate(row["questions_and_answers"], start=1):
        asked |= {f"Question {place}": one["question"], f"Response {place}": one["answer"]}
    cells = {
        "User Name": "Maison Exemple",
        "Invitee Name": row["name"],
        "Invitee First Name": row["first_name"],
        "Invitee Last Name": row["last_name"],
        "Invitee Email": row["email"],
        "Invitee Time Zone": "Paris",
        "Text Reminder Number": row["text_reminder_number"],
        "Event Type Name": name,
        "Start Date & Time": _clock(booking.starts_at),
        "Event Created Date & Time": _clock(booking.booked_at),
        "Canceled": "true" if booking.ended_at else "false",
        **asked,
        **{f"UTM {word.capitalize()}": row["tracking"][f"utm_{word}"] for word in TRACKED},
        "Event UUID": f"E{booking.number}",
        "Invitee UUID": booking.number,
    }
    return (cells.get(column) or "" for column in COLUMNS)
