"""Event types, events and invitees as Calendly renders them: all are named by their address, silence is null.

A lead is somebody who booked. Some cancel, and some move their appointment: then the old booking is cancelled
and another one stands in its place.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.model import Form, Lead
from simulator.platforms.questions import HIDDEN, YES_NO, language, titles

HOST = "https://api.calendly.com"  # its addresses name it, wherever it is asked
ORGANIZATION = f"{HOST}/organizations/SIMORG01"
USER = f"{HOST}/users/SIMUSER1"
HOSTED = {"user": USER, "user_email": "equipe@maison-exemple.example", "user_name": "Équipe"}
CONSENT = {"fr": "Restons en contact", "en": "Keep in touch"}
# Asked for by Calendly itself, beside the questions of the company.
OWN = frozenset({"first_name", "last_name", "full_name", "email"})


@dataclass(frozen=True)
class Booking:
    """One invitee of one event. `moved_from`: the booking it stands in the place of."""

    lead: Lead
    number: str
    booked_at: datetime
    starts_at: datetime
    moved_from: str | None = None
    moved_to: str | None = None
    ended_at: datetime | None = None  # cancelled

    @property
    def event(self) -> str:
        return address(f"E{self.number}")

    @property
    def uri(self) -> str:
        return f"{self.event}/invitees/{self.number}"


def address(event: str) -> str:
    return f"{HOST}/scheduled_events/{event}"


def _luck(lead: Lead) -> int:
    return int(hashlib.blake2b(f"calendly|{lead.lead_id}".encode(), digest_size=4).hexdigest(), 16)


def bookings(lead: Lead, now: datetime) -> Iterator[Booking]:
    """One, or two where the appointment was moved."""
    luck, at = _luck(lead), lead.created_at
    starts = (at + timedelta(days=2 + luck % 9)).replace(minute=0, second=0, microsecond=0)
    changes = at + timedelta(hours=20)
    if luck % 6 == 0 and changes <= now:
        moved = f"{lead.lead_id}m"
        yield Booking(lead, lead.lead_id, at, starts, moved_to=moved, ended_at=changes)
        yield Booking(lead, moved, changes, starts + timedelta(days=7), moved_from=lead.lead_id)
    else:
        is_off = luck % 6 == 1 and changes <= now
        yield Booking(lead, lead.lead_id, at, starts, ended_at=changes if is_off else None)


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def questions(form: Form) -> Iterator[tuple[str, str, str, list[str], bool]]:
    """Name, words, kind, what may be chosen, whether it must be answered."""
    words = titles(form)
    for name in (*form.questions, "heard_from"):
        if name not in OWN and name != "phone_number":
            yield name, words.get(name, name), "string", [], False
    yes_no = list(YES_NO[language(form)])
    for box in form.boxes:
        if box.channel == "email":
            yield box.key, CONSENT[language(form)], "multi_select", [box.text], box.is_required
        else:
            yield box.key, box.text, "single_select", yes_no, box.is_required


def event_type(form: Form) -> dict[str, Any]:
    return {
        "uri": f"{HOST}/event_types/{form.form_id}",
        "name": form.name,
        "active": True,
        "booking_method": "instant",
        "slug": form.form_id,
        "scheduling_url": f"https://calendly.com/maison-exemple/{form.form_id}",
        "duration": 30,
        "kind": "solo",
        "kind_description": "One-on-One",
        "type": "StandardEventType",
        "pooling_type": None,
        "color": "#0069ff",
        "description_html": None,
        "description_plain": None,
        "internal_note": None,
        "secret": False,
        "admin_managed": False,
        "deleted_at": None,
        "profile": {"type": "User", "name": "Maison Exemple", "owner": USER},
        "created_at": stamp(form.created_at),
        "updated_at": stamp(form.created_at),
        "custom_questions": [
            {
                "name": words,
                "type": kind,
                "position": place,
                "enabled": True,
                "required": is_required,
                "answer_choices": choices,
                "include_other": False,
            }
            for place, (_, words, kind, choices, is_required) in enumerate(questions(form))
        ],
    }


def event(booking: Booking, form: Form) -> dict[str, Any]:
    is_off = booking.ended_at is not None
    row = {
        "uri": booking.event,
        "name": form.name,
        "status": "canceled" if is_off else "active",
        "start_time": stamp(booking.starts_at),
        "end_time": stamp(booking.starts_at + timedelta(minutes=30)),
        "event_type": f"{HOST}/event_types/{form.form_id}",
        "location": {"type": "physical", "location": "12 rue de l'Exemple, Lyon"},
        "invitees_counter": {"total": 1, "active": int(not is_off), "limit": 1},
        "calendar_event": None,
        "event_guests": [],
        "event_memberships": [HOSTED],
        "created_at": stamp(booking.booked_at),
        "updated_at": stamp(booking.ended_at or booking.booked_at),
    }
    return row | ({"cancellation": _cancellation(booking)} if is_off else {})


def _cancellation(booking: Booking) -> dict[str, Any]:
    told = {"canceled_by": _names(booking.lead)["name"], "reason": None, "canceler_type": "invitee"}
    return told | {"created_at": stamp(booking.ended_at or booking.booked_at)}


def _names(lead: Lead) -> dict[str, Any]:
    """Whole, or in two where the event type asks so."""
    told = lead.answers
    if told.get("first_name") or told.get("last_name"):
        whole = " ".join(filter(None, (told.get("first_name"), told.get("last_name"))))
        return {"name": whole, "first_name": told.get("first_name"), "last_name": told.get("last_name")}
    return {"name": told.get("full_name", ""), "first_name": None, "last_name": None}


def invitee(booking: Booking, form: Form) -> dict[str, Any]:
    lead, uri = booking.lead, booking.uri
    row = {
        "uri": uri,
        "email": lead.answers.get("email") or f"{lead.lead_id}@courriel.example",
        **_names(lead),
        "status": "canceled" if booking.ended_at else "active",
        "timezone": "Europe/Paris",
        "event": booking.event,
        "text_reminder_number": lead.answers.get("phone_number") or None,
        "rescheduled": booking.moved_to is not None,
        "old_invitee": _of(booking.moved_from),
        "new_invitee": _of(booking.moved_to),
        "cancel_url": f"https://calendly.com/cancellations/{booking.number}",
        "reschedule_url": f"https://calendly.com/reschedulings/{booking.number}",
        "routing_form_submission": None,
        "payment": None,
        "no_show": None,
        "reconfirmation": None,
        "scheduling_method": None,
        "invitee_scheduled_by": None,
        "questions_and_answers": [
            {"question": words, "answer": answer, "position": place}
            for place, (words, answer) in enumerate(given(lead, form))
        ],
        "tracking": {name: lead.utm.get(name) for name in (*HIDDEN, "salesforce_uuid")},
        "created_at": stamp(booking.booked_at),
        "updated_at": stamp(booking.ended_at or booking.booked_at),
    }
    return row | ({"cancellation": _cancellation(booking)} if booking.ended_at else {})


def _of(number: str | None) -> str | None:
    return f"{HOST}/scheduled_events/E{number}/invitees/{number}" if number else None


def given(lead: Lead, form: Form) -> Iterator[tuple[str, str]]:
    """What was answered, in the words of the questions."""
    yes, no = YES_NO[language(form)]
    boxes = {box.key: box for box in form.boxes}
    for name, words, kind, _, _ in questions(form):
        if name in boxes and name in lead.boxes:
            if kind == "single_select":
                yield words, yes if lead.boxes[name] else no
            elif lead.boxes[name]:
                yield words, boxes[name].text
        elif lead.answers.get(name):
            yield words, lead.answers[name]
