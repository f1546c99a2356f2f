"""Contacts, subscriptions, forms and answers as HubSpot renders them, at one moment. A property's value is
text or null; what was cleared is an empty text."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.model import Box, ConsentState, Form, Lead, MailContact
from simulator.platforms.questions import titles

Node = dict[str, Any]
FIRST_ID = 70_000_000_000  # beyond what fits into 32 bits
OLD_ID = 60_000_000_000  # contacts that were merged away before anybody looked
NEWSLETTER, SALES, CLIENTS = 1001, 1002, 1003
CLIENTS_LIST = 9
TYPES = (
    (NEWSLETTER, "Lettre de Maison Exemple", "Marketing"),
    (SALES, "Un message personnel", "Sales"),
    (CLIENTS, "La lettre des clients", "Marketing"),
)
FIELDS = {
    "first_name": ("firstname", "single_line_text"),
    "last_name": ("lastname", "single_line_text"),
    "full_name": ("full_name", "single_line_text"),
    "email": ("email", "email"),
    "phone_number": ("phone", "phone"),
    "company": ("company", "single_line_text"),
    "heard_from": ("heard_from", "multi_line_text"),
}
HIDDEN = ("utm_source", "utm_medium", "utm_campaign")
CONSENT = {
    "fr": ("<p>Maison Exemple s'engage à protéger votre vie privée.</p>", "Traitement de ma demande"),
    "en": ("<p>Maison Exemple is committed to your privacy.</p>", "Processing of my request"),
}
TITLES_OF_JOBS = ("Acheteuse", "Directeur", "Office manager", "")


def stamp(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def millis(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def key_of(contact: MailContact) -> str:
    return str(FIRST_ID + contact.contact_id)


def guid(text: str) -> str:
    return str(uuid.UUID(bytes=hashlib.blake2b(text.encode(), digest_size=16).digest()))


# -- contacts -----------------------------------------------------------------------------------------


def mail(contact: MailContact, now: datetime) -> list[ConsentState]:
    return sorted((s for s in contact.consents if s.channel == "email" and s.at <= now), key=lambda s: s.at)


def changed_at(contact: MailContact, now: datetime, came_late: datetime | None = None) -> datetime:
    moments = [contact.created_at, contact.visible_at, came_late or contact.created_at]
    moments += [state.at for state in contact.consents if state.at <= now]
    moments += [at for _, at in contact.list_unsubscribed if at <= now]
    moments += [at for at in stages(contact).values() if at <= now]
    return max(moments)


def archived_at(contact: MailContact, now: datetime) -> datetime | None:
    """Some are deleted by the company, and shown as deleted for 90 days."""
    if contact.contact_id % 23 != 11:
        return None
    gone = contact.created_at + timedelta(days=120)
    return gone if gone <= now else None


def merged_before(contact: MailContact) -> tuple[str, ...]:
    """Contacts that somebody merged into this one long ago: only their numbers are left."""
    return (str(OLD_ID + contact.contact_id),) if contact.contact_id % 31 == 5 else ()


def has_left_everything(contact: MailContact, now: datetime) -> bool:
    told = mail(contact, now)
    return bool(told) and told[-1].state == "unsubscribed" and told[-1].reason != "hard_bounce"


def has_bounced(contact: MailContact, now: datetime) -> bool:
    told = mail(contact, now)
    return bool(told) and told[-1].state == "unsubscribed" and told[-1].reason == "hard_bounce"


def stages(contact: MailContact) -> dict[str, datetime]:
    """Since when a contact is in which stage of the sales team's."""
    found = {}
    if contact.contact_id % 7 == 2:
        found["marketingqualifiedlead"] = contact.created_at + timedelta(days=3)
    if contact.contact_id % 14 == 2:
        found["salesqualifiedlead"] = contact.created_at + timedelta(days=10)
    if contact.contact_id % 28 == 2:
        found["opportunity"] = contact.created_at + timedelta(days=20)
    return found


def properties(contact: MailContact, now: datetime, changed: datetime, merged: tuple[str, ...]) -> Node:
    reached = {stage: at for stage, at in stages(contact).items() if at <= now}
    stage = list(reached)[-1] if reached else "lead" if mail(contact, now) else "subscriber"
    company = "Atelier Exemple" if contact.contact_id % 11 == 4 else None
    found: Node = {
        "email": contact.email,
        "hs_additional_emails": None,
        "firstname": contact.first_name,
        "lastname": contact.last_name,
        "phone": f"+{contact.phone}" if contact.phone else None,
        "mobilephone": "",
        "company": company,
        "jobtitle": TITLES_OF_JOBS[contact.contact_id % 4] if company else None,
        "address": None,
        "city": None,
        "zip": None,
        "country": None,
        "hs_language": "fr",
        "date_of_birth": None,
        "createdate": stamp(contact.created_at),
        "lastmodifieddate": stamp(changed),
        "hs_object_id": key_of(contact),
        "hs_merged_object_ids": ";".join(merged) or None,
        "hs_calculated_merged_vids": ";".join(f"{one}:{millis(contact.created_at)}" for one in merged)
        or None,
        "hs_object_source": "FORM" if mail(contact, now) else "IMPORT",
        "lifecyclestage": stage,
        "hs_lead_status": None,
        "hs_email_optout": "true" if has_left_everything(contact, now) else None,
        "hs_email_hard_bounce_reason_enum": "UNKNOWN_USER" if has_bounced(contact, now) else None,
        "hs_email_quarantined": None,
        # A name the connector does not ask for: only what was asked for is told.
        "hs_analytics_num_page_views": str(contact.contact_id % 9),
    }
    for name in ("marketingqualifiedlead", "salesqualifiedlead", "opportunity"):
        found[f"hs_v2_date_entered_{name}"] = stamp(reached.get(name))
    return found


def contact(told: Node, asked: list[str], archived: datetime | None = None) -> Node:
    """A record; of properties, what was asked for and is known, and the four that always come."""
    always = ["createdate", "hs_object_id", "lastmodifieddate"]
    names = dict.fromkeys([*(asked or ["email", "firstname", "lastname"]), *always])
    key = told["hs_object_id"]
    row: Node = {
        "id": key,
        "properties": {name: told[name] for name in sorted(names) if name in told},
        "createdAt": told["createdate"],
        "updatedAt": told["lastmodifieddate"],
        "archived": archived is not None,
        "url": f"https://app-eu1.hubspot.com/contacts/24680135/record/0-1/{key}",
    }
    return row | ({"archivedAt": stamp(archived)} if archived else {})


# -- forms --------------------------------------------------------------------------------------------


def is_subscription(box: Box) -> bool:
    """Consent to mail is asked for by the form's own boxes; calls and texts by a box that is a property."""
    return box.channel == "email"


def language(form: Form) -> str:
    return "fr" if form.locale.startswith("fr") else "en"


def field(name: str, kind: str, label: str, **more: Any) -> Node:
    base = {"objectTypeId": "0-1", "name": name, "label": label, "required": False, "hidden": False}
    return base | {"fieldType": kind, "dependentFields": []} | more


def form_node(form: Form) -> Node:
    words = titles(form)
    asked = [field(*FIELDS[name], words.get(name, name)) for name in (*form.questions, "heard_from")]
    for box in form.boxes:
        if not is_subscription(box):
            default = {"defaultValue": "true"} if box.is_checked_by_default else {}
            asked.append(field(box.key, "single_checkbox", box.text, required=box.is_required, **default))
    asked += [field(name, "single_line_text", name, hidden=True) for name in HIDDEN]
    for one in asked:
        if one["fieldType"] == "email":
            one["validation"] = {"blockedEmailDomains": [], "useDefaultBlockList": False}
        if one["fieldType"] == "phone":
            one |= {
                "useCountryCodeSelect": True,
                "validation": {"minAllowedDigits": 7, "maxAllowedDigits": 20},
            }
    intro, processing = CONSENT[language(form)]
    boxes = [
        {"required": box.is_required, "subscriptionTypeId": NEWSLETTER, "label": f"<span>{box.text}</span>"}
        for box in form.boxes
        if is_subscription(box)
    ]
    return {
        "id": guid(form.form_id),
        "name": form.name,
        "formType": "hubspot",
        "createdAt": stamp(form.created_at),
        "updatedAt": stamp(form.created_at),
        "archived": False,
        "fieldGroups": [
            {"groupType": "default_group", "richTextType": "text", "fields": [one]} for one in asked
        ],
        "configuration": {
            "language": language(form),
            "cloneable": True,
            "editable": True,
            "archivable": True,
            "recaptchaEnabled": False,
            "notifyContactOwner": False,
            "notifyRecipients": [],
            "createNewContactForNewEmail": True,
            "prePopulateKnownValues": True,
            "allowLinkToResetKnownValues": False,
            "lifecycleStages": [],
            "postSubmitAction": {"type": "thank_you", "value": "Merci"},
        },
        "displayOptions": {
            "renderRawHtml": False,
            "theme": "default_style",
            "submitButtonText": "Envoyer",
            "style": {
                "fontFamily": "arial, helvetica, sans-serif",
                "backgroundWidth": "100%",
                "labelTextColor": "#33475b",
                "labelTextSize": "14px",
                "helpTextColor": "#7c98b6",
                "helpTextSize": "11px",
                "legalConsentTextColor": "#33475b",
                "legalConsentTextSize": "14px",
                "submitColor": "#ff7a59",
                "submitAlignment": "left",
                "submitFontColor": "#ffffff",
                "submitSize": "12px",
            },
        },
        "legalConsentOptions": {
            "type": "explicit_consent_to_process",
            "communicationConsentText": intro,
            "communicationsCheckboxes": boxes,
            "consentToProcessText": intro,
            "consentToProcessCheckboxLabel": processing,
            "consentToProcessFooterText": "",
            "privacyText": "",
        },
    }


def answer(lead: Lead, form: Form) -> Node:
    told = [
        {"objectTypeId": "0-1", "name": FIELDS[name][0], "value": value}
        for name, value in lead.answers.items()
        if value and name in FIELDS
    ]
    if lead.said_they_heard_from:
        told.append({"objectTypeId": "0-1", "name": "heard_from", "value": lead.said_they_heard_from})
    told.append({"name": "LEGAL_CONSENT.processing", "value": "true"})
    for box in form.boxes:
        ticked = lead.boxes.get(box.key)
        if is_subscription(box):
            told.append(
                {"name": f"LEGAL_CONSENT.subscription_type_{NEWSLETTER}", "value": str(bool(ticked)).lower()}
            )
        elif ticked is not None:
            told.append({"objectTypeId": "0-1", "name": box.key, "value": str(ticked).lower()})
    utm = {f"utm_{name.removeprefix('utm_')}": value for name, value in lead.utm.items()}
    told += [{"objectTypeId": "0-1", "name": name, "value": utm[name]} for name in HIDDEN if utm.get(name)]
    return {
        "conversionId": guid(lead.lead_id),
        "submittedAt": millis(lead.created_at),
        "values": told,
        "pageUrl": "https://maison-exemple.example/contact",
    }
