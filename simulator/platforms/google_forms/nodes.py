"""Forms and responses as Google renders them: items around questions, answers by question, each a list."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.model import Form, Lead
from simulator.platforms.questions import HIDDEN, YES_NO, language, titles

CONSENT = {"fr": "Restons en contact", "en": "Keep in touch"}


@dataclass(frozen=True)
class Question:
    """`kind` is Google's word for choices, or "" for text."""

    name: str
    title: str
    kind: str = ""
    options: tuple[str, ...] = ()
    is_required: bool = False


def collects_addresses(form: Form) -> bool:
    """Some forms have Google ask for the address, beside their own questions."""
    return "company" in form.questions


def asked(form: Form) -> Iterator[Question]:
    words = titles(form)
    for name in (*form.questions, "heard_from"):
        if name != "email" or not collects_addresses(form):
            yield Question(name, words.get(name, name))
    for box in form.boxes:
        # Consent to mail is a box; calls and texts are asked for by yes or no.
        if box.channel == "email":
            yield Question(box.key, CONSENT[language(form)], "CHECKBOX", (box.text,), box.is_required)
        else:
            yield Question(box.key, box.text, "RADIO", YES_NO[language(form)], box.is_required)
    # Filled in beforehand by the link.
    yield from (Question(name, name) for name in HIDDEN)


def question_id(form: Form, name: str) -> str:
    return hashlib.blake2b(f"{form.form_id}|{name}".encode(), digest_size=4).hexdigest()


def form_body(form: Form) -> dict[str, Any]:
    collected = "RESPONDER_INPUT" if collects_addresses(form) else "DO_NOT_COLLECT"
    return {
        "formId": form.form_id,
        "info": {"title": form.name, "documentTitle": form.name},
        "settings": {"emailCollectionType": collected},
        "revisionId": question_id(form, "revision"),
        "responderUri": f"https://docs.google.com/forms/d/e/{form.form_id}/viewform",
        "items": [_item(form, question) for question in asked(form)],
    }


def _item(form: Form, question: Question) -> dict[str, Any]:
    number = question_id(form, question.name)
    body: dict[str, Any] = {"questionId": number}
    if question.is_required:  # false is left out
        body["required"] = True
    if question.kind:
        options = [{"value": option} for option in question.options]
        body["choiceQuestion"] = {"type": question.kind, "options": options}
    else:
        body["textQuestion"] = {}
    return {"itemId": number, "title": question.title, "questionItem": {"question": body}}


def last_submitted(lead: Lead) -> datetime:
    part = int(hashlib.blake2b(lead.lead_id.encode(), digest_size=3).hexdigest(), 16) % 1_000_000
    return lead.created_at.replace(microsecond=0) + timedelta(microseconds=part)


def given(lead: Lead, form: Form) -> dict[str, list[str]]:
    """What was answered, by name of the question."""
    told = {name: [answer] for name, answer in lead.answers.items() if answer}
    if collects_addresses(form):
        told.pop("email", None)
    yes, no = YES_NO[language(form)]
    for box in form.boxes:
        if box.channel == "email":
            told |= {box.key: [box.text]} if lead.boxes.get(box.key) else {}
        elif box.key in lead.boxes:
            told[box.key] = [yes if lead.boxes[box.key] else no]
    return told | {name: [lead.utm[name]] for name in HIDDEN if lead.utm.get(name)}


def response(lead: Lead, form: Form) -> dict[str, Any]:
    told, at = given(lead, form), last_submitted(lead).astimezone(UTC)
    numbers = {question.name: question_id(form, question.name) for question in asked(form)}
    answers = {
        numbers[name]: {
            "questionId": numbers[name],
            "textAnswers": {"answers": [{"value": value} for value in values]},
        }
        for name, values in told.items()
        if name in numbers
    }
    row: dict[str, Any] = {
        "responseId": lead.lead_id,
        # Cut to a thousandth of a second here, and not there.
        "createTime": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z",
        "lastSubmittedTime": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}",
    }
    if collects_addresses(form) and lead.answers.get("email"):
        row["respondentEmail"] = lead.answers["email"]
    return row | ({"answers": answers} if answers else {})
