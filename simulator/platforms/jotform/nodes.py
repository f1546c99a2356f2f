"""Forms, questions and submissions as Jotform renders them: numbers as text, times of the account's zone
without saying so, and unanswered questions that are there all the same, without an answer."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulator.model import Box, Form, Lead
from simulator.platforms.questions import HIDDEN, YES_NO, language, titles

ZONE = ZoneInfo("Europe/Paris")
KINDS = {"email": "control_email", "phone_number": "control_phone"}
NAME = {"fr": "Vous êtes", "en": "You are"}
CONSENT = {"fr": "Restons en contact", "en": "Keep in touch"}


def stamp(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")


def is_ticked(box: Box) -> bool:
    """Consent to mail is a box; calls and texts are asked for by yes or no."""
    return box.channel == "email"


def asked(form: Form) -> Iterator[tuple[str, str, str, str]]:
    """Number, name, type and text of each question; first and last name are one question of two parts."""
    words, number = titles(form), 3
    names = [name for name in form.questions if name not in ("first_name", "last_name")]
    if len(names) < len(form.questions):
        names.insert(0, "name")
    for name in (*names, "heard_from"):
        kind = "control_fullname" if name == "name" else KINDS.get(name, "control_textbox")
        yield str(number), name, kind, NAME[language(form)] if name == "name" else words.get(name, name)
        number += 1
    for box in form.boxes:
        kind = "control_checkbox" if is_ticked(box) else "control_radio"
        yield str(number), box.key, kind, CONSENT[language(form)] if is_ticked(box) else box.text
        number += 1
    for hidden in HIDDEN:
        yield str(number), hidden, "control_hidden", hidden
        number += 1


def form_node(form: Form, leads: list[Lead]) -> dict[str, Any]:
    return {
        "id": form.form_id,
        "username": "maison_exemple",
        "title": form.name,
        "height": "539",
        "status": "ENABLED",
        "created_at": stamp(form.created_at),
        "updated_at": stamp(form.created_at),
        "last_submission": stamp(leads[0].created_at) if leads else None,
        "new": "0",
        "count": str(len(leads)),
        "type": "LEGACY",
        "url": f"https://form.jotform.com/{form.form_id}",
    }


def questions(form: Form) -> dict[str, dict[str, str]]:
    made = {}
    for number, name, kind, text in asked(form):
        made[number] = {
            "qid": number,
            "name": name,
            "order": number,
            "text": text,
            "type": kind,
            "required": "No",
        }
        box = next((box for box in form.boxes if box.key == name), None)
        if box:
            options = (box.text,) if is_ticked(box) else YES_NO[language(form)]
            made[number] |= {"options": "|".join(options), "required": "Yes" if box.is_required else "No"}
            made[number] |= {"selected": box.text} if box.is_checked_by_default else {}
    return made


def given(lead: Lead, form: Form) -> dict[str, Any]:
    """Answer by the question's name."""
    told: dict[str, Any] = {name: value for name, value in lead.answers.items() if value}
    first, last = told.pop("first_name", ""), told.pop("last_name", "")
    if first or last:
        told["name"] = {"first": first, "last": last}
    if "phone_number" in told:
        told["phone_number"] = {"full": told["phone_number"]}
    if lead.said_they_heard_from:
        told["heard_from"] = lead.said_they_heard_from
    for box in form.boxes:
        ticked = lead.boxes.get(box.key)
        if is_ticked(box):
            told |= {box.key: [box.text]} if ticked else {}
        elif ticked is not None:
            told[box.key] = YES_NO[language(form)][0 if ticked else 1]
    return told | {f"utm_{name.removeprefix('utm_')}": value for name, value in lead.utm.items()}


def submission(lead: Lead, form: Form, status: str) -> dict[str, Any]:
    told = given(lead, form)
    answers: dict[str, dict[str, Any]] = {}
    for number, name, kind, text in asked(form):
        answers[number] = {"name": name, "order": number, "text": text, "type": kind}
        if name in told:
            answers[number]["answer"] = told[name]
            if isinstance(told[name], dict):
                answers[number]["prettyFormat"] = " ".join(told[name].values())
    return {
        "id": lead.lead_id,
        "form_id": form.form_id,
        "ip": "192.0.2.7",
        "created_at": stamp(lead.created_at),
        "updated_at": None,
        "status": status,
        "new": "1",
        "flag": "0",
        "notes": "",
        "answers": answers,
    }
