"""Audiences, members and reports as Mailchimp renders them, at one moment. What is missing is empty text."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.model import ConsentState, MailCampaign, MailContact

PERMISSIONS = (("e1a5b0c7d2", "Email"), ("f2b6c1d8e3", "Direct Mail"))
GROUPS = (("9c2d1a7b3e", "Vos envies", (("aa11bb22c1", "Lampes"), ("aa11bb22c2", "Tables"))),)
ADDRESS_OF_A_MACHINE = "192.0.2.44"


@dataclass(frozen=True)
class Audience:
    """`lists`: the mail tool's own lists whose members it holds; none means everybody."""

    list_id: str
    name: str
    lists: tuple[int, ...]
    has_permissions: bool


AUDIENCES = (
    Audience("c0ffee0001", "Maison Exemple", (), has_permissions=True),
    Audience("c0ffee0002", "Clients", (9,), has_permissions=False),
)


def stamp(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""


def key_of(email: str) -> str:
    return hashlib.md5(email.lower().encode(), usedforsecurity=False).hexdigest()


def _short(*parts: object, size: int = 5) -> str:
    return hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=size).hexdigest()


def members(audience: Audience, contacts: list[MailContact]) -> list[MailContact]:
    """Whoever has an address."""
    return [
        one for one in contacts if one.email and (not audience.lists or set(audience.lists) & set(one.lists))
    ]


def _mail(contact: MailContact, now: datetime) -> list[ConsentState]:
    return sorted((s for s in contact.consents if s.channel == "email" and s.at <= now), key=lambda s: s.at)


def status(contact: MailContact, audience: Audience, now: datetime) -> str:
    """A shop's buyers are members without having asked; a mailbox that does not exist is cleaned."""
    told = _mail(contact, now)
    if contact.contact_id % 29 == 7 and not audience.lists:
        return "archived"
    if not told:
        return "transactional"
    # Who leaves one audience is in the other still.
    stays = (
        audience.lists and contact.contact_id % 2 and (told[-1].reason or "unsubscribed") == "unsubscribed"
    )
    if told[-1].state == "unsubscribed" and not stays:
        return "cleaned" if told[-1].reason == "hard_bounce" else "unsubscribed"
    is_waiting = contact.has_double_opt_in and contact.contact_id % 17 == 3
    return "pending" if is_waiting and not audience.lists else "subscribed"


def times(contact: MailContact, audience: Audience, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Signed up, and in: later by the click in a mail where that was asked for."""
    told = _mail(contact, now)
    if not told or audience.lists:
        return None, contact.created_at
    first = told[0].at
    if status(contact, audience, now) == "pending":
        return first, None
    return first, first + timedelta(minutes=7) if contact.has_double_opt_in else first


def changed_at(contact: MailContact, now: datetime, came_late: datetime | None = None) -> datetime:
    moments = [contact.created_at, contact.visible_at, came_late or contact.created_at]
    return max(moments + [state.at for state in contact.consents if state.at <= now])


def member(contact: MailContact, audience: Audience, now: datetime, changed: datetime) -> dict[str, Any]:
    email = contact.email or ""
    signed_up, opted_in = times(contact, audience, now)
    standing = status(contact, audience, now)
    names = {"FNAME": contact.first_name or "", "LNAME": contact.last_name or ""}
    row: dict[str, Any] = {
        "id": key_of(email),
        "email_address": email,
        "unique_email_id": _short("euid", email),
        "contact_id": _short("contact", contact.contact_id, size=16),
        "full_name": " ".join(name for name in names.values() if name),
        "web_id": 500_000_000 + contact.contact_id,
        "email_type": "html",
        "status": standing,
        "consents_to_one_to_one_messaging": True,
        "sms_phone_number": "",
        "sms_subscription_status": "",
        "merge_fields": {
            **names,
            "ADDRESS": "",
            "PHONE": f"+{contact.phone}" if contact.phone else "",
            "BIRTHDAY": "",
        },
        "interests": {
            interest: (contact.contact_id + place) % 3 == 0
            for _, _, interests in GROUPS
            for place, (interest, _) in enumerate(interests)
        },
        "stats": {"avg_open_rate": 0.5, "avg_click_rate": 0.1},
        "ip_signup": ADDRESS_OF_A_MACHINE if signed_up else "",
        "timestamp_signup": stamp(signed_up),
        "ip_opt": ADDRESS_OF_A_MACHINE if signed_up and opted_in else "",
        "timestamp_opt": stamp(opted_in),
        "member_rating": 2 + contact.contact_id % 4,
        "last_changed": stamp(changed),
        "language": "fr",
        "vip": False,
        "email_client": "",
        "location": {
            "latitude": 0,
            "longitude": 0,
            "gmtoff": 0,
            "dstoff": 0,
            "country_code": "",
            "timezone": "",
            "region": "",
        },
        "source": "Signup Form" if signed_up else "Import",
        "tags_count": 0,
        "tags": [],
        "list_id": audience.list_id,
    }
    if standing == "unsubscribed":
        row["unsubscribe_reason"] = "N/A (Unsubscribed by an admin)"
    if audience.has_permissions:
        row["marketing_permissions"] = [
            {
                "marketing_permission_id": number,
                "text": text,
                "enabled": signed_up is not None and (place == 0 or contact.contact_id % 5 == 0),
            }
            for place, (number, text) in enumerate(PERMISSIONS)
        ]
    return row


def audience(one: Audience, count: int) -> dict[str, Any]:
    return {
        "id": one.list_id,
        "web_id": int(one.list_id[-4:], 16),
        "name": one.name,
        "contact": {
            "company": "Maison Exemple",
            "address1": "1 rue de l'Exemple",
            "address2": "",
            "city": "Lyon",
            "state": "",
            "zip": "69001",
            "country": "FR",
            "phone": "",
        },
        "permission_reminder": "Vous recevez ce message parce que vous vous êtes inscrit sur notre site.",
        "use_archive_bar": True,
        "campaign_defaults": {
            "from_name": "Maison Exemple",
            "from_email": "bonjour@maison-exemple.example",
            "subject": "",
            "language": "fr",
        },
        "notify_on_subscribe": "",
        "notify_on_unsubscribe": "",
        "date_created": "2024-01-10T09:00:00+00:00",
        "list_rating": 3,
        "email_type_option": False,
        "double_optin": True,
        "has_welcome": False,
        "marketing_permissions": one.has_permissions,
        "modules": [],
        "stats": {"member_count": count, "unsubscribe_count": 0, "cleaned_count": 0},
    }


def categories(one: Audience) -> list[dict[str, Any]]:
    return [
        {"list_id": one.list_id, "id": number, "title": title, "display_order": 0, "type": "checkboxes"}
        for number, title, _ in GROUPS
    ]


def interests(one: Audience, category: str) -> list[dict[str, Any]] | None:
    found = next((inner for number, _, inner in GROUPS if number == category), None)
    if found is None:
        return None
    return [
        {"category_id": category, "list_id": one.list_id, "id": number, "name": name,
         "subscriber_count": "0", "display_order": place}
        for place, (number, name) in enumerate(found)
    ]  # fmt: skip


def letter_of(campaign: MailCampaign) -> str:
    return _short("letter", campaign.campaign_id)


def report(campaign: MailCampaign, one: Audience) -> dict[str, Any]:
    rate = campaign.unique_clicks / max(1, campaign.sent)
    return {
        "id": letter_of(campaign),
        "campaign_title": campaign.name,
        "type": "regular",
        "list_id": one.list_id,
        "list_is_active": True,
        "list_name": one.name,
        "subject_line": campaign.subject,
        "preview_text": "",
        "emails_sent": campaign.sent,
        "abuse_reports": campaign.complaints,
        "unsubscribed": campaign.unsubscriptions,
        "send_time": stamp(campaign.sent_at),
        "bounces": {
            "hard_bounces": campaign.hard_bounces,
            "soft_bounces": campaign.soft_bounces,
            "syntax_errors": 0,
        },
        "forwards": {"forwards_count": 0, "forwards_opens": 0},
        "opens": {"opens_total": campaign.unique_views * 2, "unique_opens": campaign.unique_views,
                  "open_rate": 0.4, "last_open": stamp(campaign.sent_at)},
        "clicks": {"clicks_total": campaign.unique_clicks * 2, "unique_clicks": campaign.unique_clicks,
                   "unique_subscriber_clicks": campaign.unique_clicks, "click_rate": rate,
                   "last_click": stamp(campaign.sent_at)},
    }  # fmt: skip


def readers(campaign: MailCampaign, there: list[MailContact], since: datetime | None) -> list[MailContact]:
    """Everybody it was sent to; or those who did something since."""
    sent = campaign.sent_at
    return [
        contact
        for contact in there
        if contact.created_at < sent
        and (since is None or any(sent + timedelta(hours=h) > since for h, _ in _done(campaign, contact)))
    ]


def reader(campaign: MailCampaign, one: Audience, contact: MailContact, now: datetime,
           since: datetime | None) -> dict[str, Any]:  # fmt: skip
    """Somebody it was sent to, with what they did since; some did nothing."""
    acts = []
    for hours, action in _done(campaign, contact):
        act, at = {"action": action}, campaign.sent_at + timedelta(hours=hours)
        if action == "bounce":
            act["type"] = "hard" if status(contact, one, now) == "cleaned" else "soft"
        if action == "click":
            act["url"] = "https://maison-exemple.example/collection"
        if action != "bounce":
            act["ip"] = ADDRESS_OF_A_MACHINE
        acts += [act | {"timestamp": stamp(at)}] if since is None or at > since else []
    return _about(campaign, one, contact) | {"activity": acts}


def _done(campaign: MailCampaign, contact: MailContact) -> list[tuple[int, str]]:
    """Hours after it was sent, and what was done then."""
    dice = (contact.contact_id * 7 + campaign.campaign_id) % 10
    if dice == 9:
        return [(0, "bounce")]
    return [(1, "open"), (2, "click")][: (dice < 4) + (dice < 2)]


def _about(campaign: MailCampaign, one: Audience, contact: MailContact) -> dict[str, Any]:
    return {
        "campaign_id": letter_of(campaign),
        "list_id": one.list_id,
        "list_is_active": True,
        "email_id": key_of(contact.email or ""),
        "email_address": contact.email,
    }


def leavers(campaign: MailCampaign, one: Audience, there: list[MailContact], reason: str, now: datetime,
            until: datetime | None) -> list[dict[str, Any]]:  # fmt: skip
    """Who left, or complained, between this letter and the next."""
    told = []
    for contact in there:
        for state in _mail(contact, now):
            is_ours = campaign.sent_at <= state.at and (until is None or state.at < until)
            if state.state == "unsubscribed" and is_ours and (state.reason or "unsubscribed") == reason:
                names = {"FNAME": contact.first_name or "", "LNAME": contact.last_name or ""}
                at = {"date": stamp(state.at)} if reason == "complaint" else {"timestamp": stamp(state.at)}
                row = _about(campaign, one, contact) | {"merge_fields": names, "vip": False} | at
                row |= {"id": contact.contact_id} if reason == "complaint" else {"reason": "Not relevant"}
                told.append(row)
    return told
