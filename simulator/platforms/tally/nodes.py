"""Forms and submissions as Tally renders them: questions name their blocks by group, only what was answered
is there, and a webhook tells choices by id where the API tells them by their words."""

import hashlib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from simulator.model import Box, Form, Lead
from simulator.platforms.questions import HIDDEN, YES_NO, language, titles

KINDS = {"email": "INPUT_EMAIL", "phone_number": "INPUT_PHONE_NUMBER"}
CONSENT = {"fr": "Restons en contact", "en": "Keep in touch"}


def stamp(moment: datetime) -> str:
    """Milliseconds are always there; those of this made-up company are zero."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def question_id(form: Form, name: str) -> str:
    """Six letters and digits, the same each time."""
    return hashlib.blake2b(f"{form.form_id}|{name}".encode(), digest_size=3).hexdigest()


def block_id(form: Form, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{form.form_id}|{name}"))


def is_ticked(box: Box) -> bool:
    """Consent to mail is a box; calls and texts are asked for by yes or no."""
    return box.channel == "email"


def asked(form: Form) -> Iterator[tuple[str, str, str]]:
    """Name, type and title of each question."""
    words = titles(form)
    for name in (*form.questions, "heard_from"):
        yield name, KINDS.get(name, "INPUT_TEXT"), words.get(name, name)
    for box in form.boxes:
        if is_ticked(box):
            yield box.key, "CHECKBOXES", CONSENT[language(form)]
        else:
            yield box.key, "MULTIPLE_CHOICE", box.text
    yield "hidden", "HIDDEN_FIELDS", "Hidden fields"


def options(form: Form, name: str) -> dict[str, str]:
    """What may be chosen: id -> words."""
    box = next((box for box in form.boxes if box.key == name), None)
    if box is None:
        return {}
    words = (box.text,) if is_ticked(box) else YES_NO[language(form)]
    return {block_id(form, f"{name}|{word}"): word for word in words}


def summary(form: Form, count: int) -> dict[str, Any]:
    return {
        "id": form.form_id,
        "name": form.name,
        "isNameModifiedByUser": True,
        "workspaceId": "wWork1",
        "organizationId": "oOrg01",
        "status": "PUBLISHED",
        "hasDraftBlocks": False,
        "numberOfSubmissions": count,
        "createdAt": stamp(form.created_at),
        "updatedAt": stamp(form.created_at),
        "index": 0,
        "isClosed": False,
    }


def blocks(form: Form) -> list[dict[str, Any]]:
    made = [_block(form, "title", "FORM_TITLE", "FORM_TITLE", {"title": form.name})]
    for name, kind, title in asked(form):
        made.append(_block(form, f"{name}|title", "TITLE", "QUESTION", {"html": title}))
        box = next((box for box in form.boxes if box.key == name), None)
        for option, words in options(form, name).items():
            payload = {"text": words, "isRequired": bool(box and box.is_required)}
            if box and box.is_checked_by_default:
                payload["hasDefaultAnswer"] = True
            one = "CHECKBOX" if kind == "CHECKBOXES" else "MULTIPLE_CHOICE_OPTION"
            made.append(_block(form, name, one, kind, payload) | {"uuid": option})
        if not options(form, name):
            made.append(_block(form, name, kind, kind, {"isRequired": False}))
    return made


def _block(form: Form, name: str, kind: str, group: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "uuid": block_id(form, f"{name}|block"),
        "type": kind,
        "groupUuid": block_id(form, name),
        "groupType": group,
        "payload": payload,
    }


def questions(form: Form) -> list[dict[str, Any]]:
    return [
        {
            "id": question_id(form, name),
            "type": kind,
            "title": title,
            "isTitleModifiedByUser": False,
            "formId": form.form_id,
            "isDeleted": False,
            "createdAt": stamp(form.created_at),
            "updatedAt": stamp(form.created_at),
            "fields": [
                {
                    "uuid": block_id(form, f"{name}|block"),
                    "type": "INPUT_FIELD",
                    "questionType": kind,
                    "blockGroupUuid": block_id(form, name),
                    "title": title,
                }
            ],
        }
        for name, kind, title in asked(form)
    ]


def given(lead: Lead, form: Form) -> dict[str, Any]:
    """Answer by the question's name: text, the words chosen, or the hidden fields."""
    told: dict[str, Any] = {name: lead.answers[name] for name in form.questions if lead.answers.get(name)}
    if lead.said_they_heard_from:
        told["heard_from"] = lead.said_they_heard_from
    for box in form.boxes:
        ticked = lead.boxes.get(box.key)
        if is_ticked(box):
            # A box left alone is not answered.
            told |= {box.key: [box.text]} if ticked else {}
        elif ticked is not None:
            told[box.key] = [YES_NO[language(form)][0 if ticked else 1]]
    if lead.utm:
        told["hidden"] = {f"utm_{name.removeprefix('utm_')}": value for name, value in lead.utm.items()}
    return told


def submission(lead: Lead, form: Form) -> dict[str, Any]:
    """One item of the list, with the links that open it for anybody."""
    at = stamp(lead.created_at)
    return {
        "id": lead.lead_id,
        "formId": form.form_id,
        "respondentId": f"r{lead.lead_id[:6]}",
        "isCompleted": True,
        "submittedAt": at,
        "previewUrl": f"https://tally.so/submissions/{lead.lead_id}?accessToken=sim",
        "pdfUrl": f"https://tally.so/submissions/{lead.lead_id}.pdf?accessToken=sim",
        "responses": [
            {
                "id": question_id(form, f"{lead.lead_id}|{name}"),
                "formId": form.form_id,
                "questionId": question_id(form, name),
                "respondentId": f"r{lead.lead_id[:6]}",
                "submissionId": lead.lead_id,
                "answer": answer,
                "createdAt": at,
                "updatedAt": at,
            }
            for name, answer in given(lead, form).items()
        ],
    }


def fields(lead: Lead, form: Form) -> Iterator[dict[str, Any]]:
    """What a webhook holds: every question, choices by id, each box once more, hidden fields one by one."""
    told = given(lead, form)
    for name, kind, title in asked(form):
        key = f"question_{question_id(form, name)}"
        if kind == "HIDDEN_FIELDS":
            for hidden in HIDDEN:
                value = told.get("hidden", {}).get(hidden)
                yield {
                    "key": f"{key}_{block_id(form, hidden)}",
                    "label": hidden,
                    "type": kind,
                    "value": value,
                }
            continue
        choices = options(form, name)
        if not choices:
            yield {"key": key, "label": title, "type": kind, "value": told.get(name)}
            continue
        chosen = [option for option, words in choices.items() if words in told.get(name, ())]
        yield {
            "key": key,
            "label": title,
            "type": kind,
            "value": chosen or None,
            "options": [{"id": option, "text": words} for option, words in choices.items()],
        }
        if kind == "CHECKBOXES":
            for option, words in choices.items():
                label = f"{title} ({words})"
                yield {"key": f"{key}_{option}", "label": label, "type": kind, "value": option in chosen}
