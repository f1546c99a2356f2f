"""Forms and entries as the plugin keeps them: all text, UTC without saying so, nothing where a box was left
alone, a part of a field under a number of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from simulator.marketing import PARIS
from simulator.model import Box, Form, Lead
from simulator.platforms.questions import HIDDEN, YES_NO, language, titles

SITE = "https://maison-exemple.example"
KINDS = {"email": "email", "phone_number": "phone"}
NAME = {"fr": "Vous êtes", "en": "You are"}
CONSENT = {"fr": "Restons en contact", "en": "Keep in touch"}
NAME_PARTS = {
    "fr": {"2": "Préfixe", "3": "Prénom", "4": "2ème prénom", "6": "Nom", "8": "Suffixe"},
    "en": {"2": "Prefix", "3": "First", "4": "Middle", "6": "Last", "8": "Suffix"},
}
CONSENT_PARTS = {
    "fr": {"1": "RGPD", "2": "Texte", "3": "Description"},
    "en": {"1": "Consent", "2": "Text", "3": "Description"},
}
REVISION = "7"


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def local(moment: datetime) -> str:
    """In the site's zone, which only its export uses."""
    return f"{moment.astimezone(PARIS):%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class Field:
    """One field of a form: its number, the question it is, and the parts it is answered in."""

    number: int
    name: str
    kind: str
    label: str
    parts: dict[str, str] = field(default_factory=dict)  # number of the part -> its own words
    box: Box | None = None

    def inputs(self) -> list[str]:
        return [f"{self.number}.{part}" for part in self.parts] or [str(self.number)]


def kind_of(box: Box) -> str:
    """No consent is ticked beforehand: such a box is one of a list. Calls and texts are a yes or a no."""
    if box.channel != "email":
        return "radio"
    return "checkbox" if box.is_checked_by_default else "consent"


def asked(form: Form) -> Iterator[Field]:
    """First and last name are one field of several parts."""
    words, tongue, number = titles(form), language(form), 1
    names = [name for name in form.questions if name not in ("first_name", "last_name")]
    if len(names) < len(form.questions):
        names.insert(0, "name")
    for name in (*names, "heard_from"):
        if name == "name":
            yield Field(number, name, "name", NAME[tongue], NAME_PARTS[tongue])
        else:
            yield Field(number, name, KINDS.get(name, "text"), words.get(name, name))
        number += 1
    for box in form.boxes:
        kind = kind_of(box)
        parts = {"consent": CONSENT_PARTS[tongue], "checkbox": {"1": box.text}}.get(kind, {})
        yield Field(number, box.key, kind, box.text if kind == "radio" else CONSENT[tongue], parts, box)
        number += 1
    for hidden in HIDDEN:
        yield Field(number, hidden, "hidden", hidden)
        number += 1


def form_node(form: Form) -> dict[str, Any]:
    return {
        "title": form.name,
        "description": "",
        "labelPlacement": "top_label",
        "button": {"type": "text", "text": "OK"},
        "version": "2.10.2",
        "id": int(form.form_id),
        "fields": [_field(one, form) for one in asked(form)],
        "nextFieldId": 99,
        "notifications": {"5f1": {"id": "5f1", "name": "Admin", "to": "equipe@maison-exemple.example"}},
        "confirmations": {"5f2": {"id": "5f2", "type": "message", "message": "Merci"}},
        "is_active": "1",
        "date_created": stamp(form.created_at),
        "is_trash": "0",
    }


def _field(one: Field, form: Form) -> dict[str, Any]:
    node: dict[str, Any] = {
        "type": one.kind,
        "id": one.number,
        "formId": int(form.form_id),
        "label": one.label,
        "adminLabel": "",
        "isRequired": bool(one.box and one.box.is_required),
        "visibility": "visible",
        "inputs": [
            {"id": f"{one.number}.{part}", "label": words, "name": ""} for part, words in one.parts.items()
        ]
        or None,
        "description": "",
    }
    if one.kind == "hidden":
        node |= {"inputName": one.name, "allowsPrepopulate": True}
    if one.box and one.kind == "consent":
        node["checkboxLabel"] = one.box.text
    elif one.box:
        words = (one.box.text,) if one.kind == "checkbox" else YES_NO[language(form)]
        chosen = one.box.is_checked_by_default
        node["choices"] = [{"text": word, "value": word, "isSelected": chosen} for word in words]
    return node


def given(lead: Lead, form: Form) -> dict[str, str]:
    """Answer by the number of the field or part; "" where nobody answered."""
    told: dict[str, str] = {}
    for one in asked(form):
        told |= dict.fromkeys(one.inputs(), "")
        number = str(one.number)
        if one.kind == "name":
            told[f"{number}.3"] = lead.answers.get("first_name") or ""
            told[f"{number}.6"] = lead.answers.get("last_name") or ""
        elif one.box:
            told |= _boxed(one, one.box, lead, form)
        elif one.kind == "hidden":
            told[number] = lead.utm.get(one.name) or lead.utm.get(one.name.removeprefix("utm_")) or ""
        elif one.name == "heard_from":
            told[number] = lead.said_they_heard_from or ""
        else:
            told[number] = lead.answers.get(one.name) or ""
    return told


def _boxed(one: Field, box: Box, lead: Lead, form: Form) -> dict[str, str]:
    ticked = lead.boxes.get(box.key)
    if one.kind == "radio":
        return {str(one.number): "" if ticked is None else YES_NO[language(form)][0 if ticked else 1]}
    if not ticked:
        return {}
    if one.kind == "checkbox":
        return {f"{one.number}.1": box.text}
    return {f"{one.number}.1": "1", f"{one.number}.2": box.text, f"{one.number}.3": REVISION}


def entry(lead: Lead, form: Form, status: str = "active") -> dict[str, Any]:
    # Staff try a form in its preview.
    page = f"?gf_page=preview&id={form.form_id}" if lead.person_id is None else "contact/"
    return {
        "id": lead.lead_id,
        "form_id": form.form_id,
        "post_id": None,
        "date_created": stamp(lead.created_at),
        "date_updated": stamp(lead.created_at),
        "is_starred": "0",
        "is_read": "0",
        "ip": "192.0.2.7",
        "source_url": f"{SITE}/{page}",
        "user_agent": "Mozilla/5.0",
        "currency": "EUR",
        "payment_status": None,
        "payment_date": None,
        "payment_amount": None,
        "payment_method": None,
        "transaction_id": None,
        "is_fulfilled": None,
        "created_by": None,
        "transaction_type": None,
        "status": status,
        **given(lead, form),
    }
