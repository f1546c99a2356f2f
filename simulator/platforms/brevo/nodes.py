"""Contacts, campaigns and events as Brevo renders them, at one moment.

Times carry the account's own offset (Paris), with milliseconds.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simulator.model import ConsentState, MailCampaign, MailContact, MailEvent

ZONE = ZoneInfo("Europe/Paris")
# Campaign statistics are only kept for half a year.
STATISTICS_LIFE = timedelta(days=183)
REASONS = {
    "unsubscribed": ("unsubscribedViaEmail", "Unsubscribed via email"),
    "complaint": ("contactFlaggedAsSpam", "Contact flagged as spam"),
    "hard_bounce": ("hardBounce", "Hard bounce"),
    "admin": ("adminBlocked", "Admin blocked"),
}


def stamp(moment: datetime) -> str:
    return moment.astimezone(ZONE).isoformat(timespec="milliseconds")


def state(contact: MailContact, channel: str, now: datetime) -> ConsentState | None:
    """The latest state of a channel by then."""
    past = [consent for consent in contact.consents if consent.channel == channel and consent.at <= now]
    return max(past, key=lambda consent: consent.at, default=None)


def is_blocked(contact: MailContact, channel: str, now: datetime) -> bool:
    latest = state(contact, channel, now)
    return latest is not None and latest.state == "unsubscribed"


def modified_at(contact: MailContact, now: datetime, came_late: datetime | None) -> datetime:
    moments = [contact.created_at, contact.visible_at, came_late or contact.created_at]
    moments += [consent.at for consent in contact.consents if consent.at <= now]
    moments += [at for _, at in contact.list_unsubscribed if at <= now]
    return max(moments)


def address(contact: MailContact) -> str | None:
    """Someone known by phone only has no address, or one that the platform made of the phone."""
    if contact.email or not contact.phone:
        return contact.email
    return f"{contact.phone}@mailin-sms.com" if contact.contact_id % 2 else None


def contact(record: MailContact, now: datetime, modified: datetime) -> dict[str, Any]:
    left = sorted(listed for listed, at in record.list_unsubscribed if at <= now)
    row: dict[str, Any] = {
        "id": record.contact_id,
        "email": address(record),
        "emailBlacklisted": is_blocked(record, "email", now),
        "smsBlacklisted": is_blocked(record, "sms", now),
        "whatsappBlacklisted": False,
        "createdAt": stamp(record.created_at),
        "modifiedAt": stamp(modified),
        "listIds": [listed for listed in record.lists if listed not in left],
        "listUnsubscribed": left or None,
        "attributes": _attributes(record),
    }
    if row["email"] is None:
        del row["email"]
    return row


def _attributes(record: MailContact) -> dict[str, Any]:
    values = {
        "FIRSTNAME": record.first_name,
        "LASTNAME": record.last_name,
        "SMS": record.phone,
        "EXT_ID": record.shop_customer_id,
        "DOUBLE_OPT-IN": "1" if record.has_double_opt_in else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def statistics(record: MailContact, now: datetime) -> dict[str, Any]:
    """What the single contact adds: who unsubscribed it, by hand or themselves."""
    latest = state(record, "email", now)
    gone: dict[str, Any] = {"userUnsubscription": [], "adminUnsubscription": []}
    told: dict[str, Any] = {"unsubscriptions": gone}
    if latest is not None and latest.state == "unsubscribed":
        event = {"eventTime": stamp(latest.at)}
        match latest.reason:
            case "admin":
                gone["adminUnsubscription"].append(event)
            case "complaint":
                told["complaints"] = [event]
            case "hard_bounce":
                told["hardBounces"] = [event]
            case _:
                gone["userUnsubscription"].append(event)
    return told


def blocked(record: MailContact, now: datetime) -> dict[str, Any] | None:
    latest = state(record, "email", now)
    if latest is None or latest.state != "unsubscribed" or not record.email:
        return None
    code, message = REASONS.get(latest.reason or "unsubscribed", REASONS["unsubscribed"])
    return {
        "email": record.email,
        "senderEmail": "bonjour@maison-exemple.example",
        "blockedAt": stamp(latest.at),
        "reason": {"code": code, "message": message},
    }


def campaign(record: MailCampaign, now: datetime, asked: str | None) -> dict[str, Any]:
    """Figures only if asked for, and only while the platform keeps them; else zeros."""
    made = stamp(record.sent_at - timedelta(hours=3))
    is_told = asked == "globalStats" and record.sent_at >= now - STATISTICS_LIFE
    return {
        "id": record.campaign_id,
        "name": record.name,
        "subject": record.subject,
        "previewText": "",
        "type": "classic",
        "status": "sent",
        "scheduledAt": stamp(record.sent_at),
        "sentDate": stamp(record.sent_at),
        "createdAt": made,
        "modifiedAt": stamp(record.sent_at),
        "abTesting": False,
        "testSent": True,
        "header": "[DEFAULT_HEADER]",
        "footer": "[DEFAULT_FOOTER]",
        "htmlContent": "",
        "sender": {"id": 1, "name": "Maison Exemple", "email": "bonjour@maison-exemple.example"},
        "replyTo": "bonjour@maison-exemple.example",
        "toField": "",
        "tag": "",
        "inlineImageActivation": False,
        "mirrorActive": True,
        "recurring": False,
        "recipients": {"lists": [1], "exclusionLists": []},
        "statistics": {
            "globalStats": _figures(record if is_told else None),
            "campaignStats": [],
            "mirrorClick": 0,
            "remaining": 0,
            "linksStats": {},
            "statsByDomain": {},
        },
    }


def _figures(record: MailCampaign | None) -> dict[str, Any]:
    names = ("sent", "delivered", "hard_bounces", "soft_bounces", "complaints", "unsubscriptions")
    known = {name: getattr(record, name) if record else 0 for name in names}
    views = record.unique_views if record else 0
    clicks = record.unique_clicks if record else 0
    # Of the opens, some were a machine's: readers should take appleMppOpens off.
    machine = views // 5
    return {
        "sent": known["sent"],
        "delivered": known["delivered"],
        "hardBounces": known["hard_bounces"],
        "softBounces": known["soft_bounces"],
        "complaints": known["complaints"],
        "unsubscriptions": known["unsubscriptions"],
        "uniqueViews": views,
        "viewed": views + views // 3,
        "trackableViews": views - machine,
        "trackableViewsRate": 0.0,
        "estimatedViews": 0,
        "appleMppOpens": machine,
        "uniqueClicks": clicks,
        "clickers": clicks + clicks // 4,
        "deferred": 0,
        "returnBounce": 0,
        "opensRate": round(100 * views / known["delivered"], 2) if known["delivered"] else 0.0,
    }


def event(record: MailEvent) -> dict[str, Any]:
    """Keyed by contact: no address in it."""
    which = f"{record.contact_id}|{record.name}"
    return {
        "contact_id": record.contact_id,
        "event_date": record.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "event_name": record.name,
        "event_filter_id": hashlib.blake2b(which.encode(), digest_size=6).hexdigest(),
        "source": "api",
        "object_type": "",
        "event_properties": dict(record.properties),
        "contact_properties": {},
    }
