"""Forms and responses as Typeform renders them. Questions nobody answered are not in `answers`."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.model import Box, Form, Lead
from simulator.platforms.questions import HIDDEN, titles

HOST = "https://api.typeform.com"  # its links name it, wherever it is asked
KINDS = {"email": "email", "phone_number": "phone_number"}


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def form_summary(form: Form) -> dict[str, Any]:
    return {
        "id": form.form_id,
        "type": "quiz",
        "title": form.name,
        "created_at": stamp(form.created_at),
        "last_updated_at": stamp(form.created_at),
        "settings": {"is_public": True, "is_trial": False},
        "self": {"href": f"{HOST}/forms/{form.form_id}"},
        "theme": {"href": f"{HOST}/themes/qHWOQ7"},
        "_links": {"display": f"https://maison-exemple.example/to/{form.form_id}"},
    }


def form_definition(form: Form) -> dict[str, Any]:
    return {
        "id": form.form_id,
        "type": "quiz",
        "title": form.name,
        "workspace": {"href": f"{HOST}/workspaces/{form.account_id}"},
        "theme": {"href": f"{HOST}/themes/qHWOQ7"},
        "settings": {"language": form.locale[:2], "is_public": True, "is_trial": False},
        "hidden": HIDDEN,
        "fields": [*_question_fields(form), *_box_fields(form)],
        "created_at": stamp(form.created_at),
        "last_updated_at": stamp(form.created_at),
        "published_at": stamp(form.created_at),
        "_links": {
            "display": f"https://maison-exemple.example/to/{form.form_id}",
            "responses": f"{HOST}/forms/{form.form_id}/responses",
        },
    }


def _question_fields(form: Form) -> Iterator[dict[str, Any]]:
    words = titles(form)
    for name in (*form.questions, "heard_from"):
        yield {
            "id": field_id(form, name),
            "ref": name,
            "title": words.get(name, name),
            "type": KINDS.get(name, "short_text"),
            "properties": {},
            "validations": {"required": False},
        }


def _box_fields(form: Form) -> Iterator[dict[str, Any]]:
    for box in form.boxes:
        yield {
            "id": field_id(form, box.key),
            "ref": box.key,
            "title": box.text,
            "type": box_kind(box),
            "properties": {},
            "validations": {"required": box.is_required},
        }


def field_id(form: Form, name: str) -> str:
    """Twelve letters and digits, the same each time."""
    return hashlib.blake2b(f"{form.form_id}|{name}".encode(), digest_size=6).hexdigest()


def box_kind(box: Box) -> str:
    """Consent is asked by a legal field for mail, by yes or no for calls and texts."""
    return "legal" if box.channel == "email" else "yes_no"


def answers(lead: Lead, form: Form) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = []
    for name in form.questions:
        if value := lead.answers.get(name):
            kind = KINDS.get(name, "short_text")
            key = kind if name in KINDS else "text"
            given.append({**_field(form, name, kind), "type": key, key: value})
    if lead.said_they_heard_from:
        told = lead.said_they_heard_from
        given.append({**_field(form, "heard_from", "short_text"), "type": "text", "text": told})
    for box in form.boxes:
        # A legal field left alone is not answered; yes or no must be said.
        ticked = lead.boxes.get(box.key)
        if ticked or (ticked is not None and box_kind(box) == "yes_no"):
            given.append({**_field(form, box.key, box_kind(box)), "type": "boolean", "boolean": bool(ticked)})
    return given


def _field(form: Form, name: str, kind: str) -> dict[str, Any]:
    return {"field": {"id": field_id(form, name), "type": kind, "ref": name}}


def response(lead: Lead, form: Form) -> dict[str, Any]:
    """One item of the responses list."""
    seconds = 20 + sum(map(ord, lead.lead_id)) % 200
    row: dict[str, Any] = {
        "landing_id": lead.lead_id,
        "token": lead.lead_id,
        "response_id": lead.lead_id,
        "response_type": "completed",
        "landed_at": stamp(lead.created_at - timedelta(seconds=seconds)),
        "submitted_at": stamp(lead.created_at),
        "metadata": {
            "user_agent": "Mozilla/5.0 (compatible)",
            "platform": "mobile" if seconds % 2 else "other",
            "referer": f"https://maison-exemple.example/to/{form.form_id}",
            "network_id": hashlib.blake2b(lead.lead_id.encode(), digest_size=5).hexdigest(),
            "browser": "default",
        },
        "calculated": {"score": 0},
        "variables": [],
        "tags": [],
    }
    if lead.utm:
        row["hidden"] = {f"utm_{k.removeprefix('utm_')}": v for k, v in lead.utm.items()}
    given = answers(lead, form)
    if given:
        row["answers"] = given
    return row
