"""Leads, forms and pages as the Graph API renders them: field by field, as asked."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from simulator.ads import ad_of
from simulator.model import Campaign, Form, Lead
from simulator.platforms.meta.errors import unknown_field

# What the question is called on a form, by kind; a custom question is called by its own slug.
LABELS = {
    "fr": {
        "first_name": "Prénom",
        "last_name": "Nom de famille",
        "full_name": "Nom complet",
        "email": "E-mail",
        "phone_number": "Numéro de téléphone",
        "company": "Nom de l'entreprise",
    },
    "en": {
        "first_name": "First name",
        "last_name": "Last name",
        "full_name": "Full name",
        "email": "Email",
        "phone_number": "Phone number",
        "company": "Company name",
    },
}
KINDS = {"company": "COMPANY_NAME", "phone_number": "PHONE"}
HEARD = {
    "fr": ("comment_nous_avez-vous_connus_?", "Comment nous avez-vous connus ?"),
    "en": ("how_did_you_hear_about_us?", "How did you hear about us?"),
}
LEAD_DEFAULT = ("created_time", "id", "field_data")
FORM_DEFAULT = ("id", "locale", "name", "status")

Fields = Mapping[str, Callable[[], Any]]


def stamp(moment: datetime) -> str:
    """2026-10-02T08:15:30+0000: no colon in the offset."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def language(form: Form) -> str:
    return "fr" if form.locale.startswith("fr") else "en"


def constant(**values: Any) -> Fields:
    """Fields that cost nothing to know."""
    return {name: lambda value=value: value for name, value in values.items()}


def pick(node: str, fields: Fields, wanted: Iterable[str]) -> dict[str, Any]:
    """The wanted fields; absent values are left out, as the Graph API does. `id` always comes."""
    shown: dict[str, Any] = {}
    for name in (*wanted, "id"):
        if name not in fields:
            raise unknown_field(name, node)
        value = fields[name]()
        if value is not None:
            shown[name] = value
    return shown


def wanted_fields(asked: str | None, default: tuple[str, ...]) -> list[str]:
    """The `fields` parameter, top level only: `questions{id,key}` counts as questions.

    A POST may write it as a JSON list.
    """
    if not asked:
        return list(default)
    if asked.startswith("["):
        return [str(name) for name in json.loads(asked)]
    names, depth, name = [], 0, ""
    for letter in asked + ",":
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            names.append(name.split("{")[0].split("(")[0].split(".")[0].strip())
            name = ""
        else:
            name += letter
    return [name for name in names if name]


def lead_fields(lead: Lead, form: Form, campaign: Campaign | None) -> Fields:
    has_ad = campaign is not None and not lead.is_organic

    def ad(name: str) -> Callable[[], str | None]:
        return lambda: getattr(campaign, name) if has_ad else None

    def of_ad(name: str) -> Callable[[], str | None]:
        return lambda: getattr(ad_of(lead, campaign), name) if campaign and has_ad else None

    nothing: Callable[[], None] = lambda: None  # noqa: E731
    return {
        "id": lambda: lead.lead_id,
        "created_time": lambda: stamp(lead.created_at),
        "form_id": lambda: lead.form_id,
        "ad_id": of_ad("ad_id"),
        "ad_name": of_ad("name"),
        "adset_id": ad("adset_id"),
        "adset_name": ad("adset_name"),
        "campaign_id": ad("campaign_id"),
        "campaign_name": ad("name"),
        "is_organic": lambda: not has_ad,
        "platform": lambda: lead.surface,
        "field_data": lambda: field_data(lead, form),
        "custom_disclaimer_responses": lambda: disclaimer_responses(lead, form),
        **dict.fromkeys(("partner_name", "retailer_item_id", "post", "home_listing", "vehicle"), nothing),
        "post_submission_check_result": nothing,
    }


def field_data(lead: Lead, form: Form) -> list[dict[str, Any]]:
    """Answers in the form's order; each value is a list, empty where nothing was typed."""
    data = [
        {"name": question, "values": [lead.answers[question]] if lead.answers.get(question) else []}
        for question in form.questions
        if question in lead.answers
    ]
    if lead.said_they_heard_from:
        data.append({"name": HEARD[language(form)][0], "values": [lead.said_they_heard_from]})
    return data


def disclaimer_responses(lead: Lead, form: Form) -> list[dict[str, str]] | None:
    """Ticked boxes are "1"; of unticked optional boxes some are "" and some are not there at all."""
    if not form.boxes:
        return None
    responses = []
    for box in form.boxes:
        if lead.boxes.get(box.key):
            responses.append({"checkbox_key": box.key, "is_checked": "1"})
        elif box.is_required or _coin(lead.lead_id, box.key):
            responses.append({"checkbox_key": box.key, "is_checked": ""})
    return responses


def form_fields(form: Form, status: str, leads_count: int, expired_count: int) -> Fields:
    return {
        "id": lambda: form.form_id,
        "name": lambda: form.name,
        "status": lambda: status,
        "locale": lambda: form.locale,
        "created_time": lambda: stamp(form.created_at),
        "leads_count": lambda: leads_count,
        "expired_leads_count": lambda: expired_count,
        "questions": lambda: _questions(form),
        "legal_content": lambda: _legal_content(form),
        "tracking_parameters": lambda: [],
        "privacy_policy_url": lambda: form.privacy_url,
        "page_id": lambda: form.account_id,
        "page": lambda: {"id": form.account_id},
    }


def _questions(form: Form) -> list[dict[str, str]]:
    words = LABELS[language(form)]
    asked = [
        {
            "id": f"{form.form_id}{i:02}",
            "key": key,
            "label": words.get(key, key),
            "type": KINDS.get(key, key.upper()) if key in words else "CUSTOM",
        }
        for i, key in enumerate(form.questions, 1)
    ]
    key, label = HEARD[language(form)]
    return [*asked, {"id": f"{form.form_id}99", "key": key, "label": label, "type": "CUSTOM"}]


def _legal_content(form: Form) -> dict[str, Any]:
    boxes = [
        {
            "id": f"{form.form_id}8{i}",
            "key": box.key,
            "text": box.text,
            "is_required": box.is_required,
            "is_checked_by_default": box.is_checked_by_default,
        }
        for i, box in enumerate(form.boxes)
    ]
    link = {"fr": "Politique de confidentialité", "en": "Privacy policy"}[language(form)]
    return {
        "id": f"{form.form_id}70",
        "privacy_policy": {"url": form.privacy_url, "link_text": link},
        "custom_disclaimer": {"title": "", "body": {"text": ""}, "checkboxes": boxes},
    }


def _coin(*words: str) -> bool:
    return hashlib.blake2b("|".join(words).encode(), digest_size=1).digest()[0] % 2 == 0
