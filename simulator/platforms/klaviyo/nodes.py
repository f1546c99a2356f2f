"""Profiles, campaigns and metrics as Klaviyo renders them, at one moment."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from simulator.model import ConsentState, MailCampaign, MailContact

Node = dict[str, Any]
NEWSLETTER_LIST, TEXTS_LIST = "Y6nRLr", "T3xtSm"
LISTS = {7: NEWSLETTER_LIST, 12: TEXTS_LIST}
SUPPRESSIONS = {
    "unsubscribed": "UNSUBSCRIBE",
    "complaint": "SPAM_COMPLAINT",
    "hard_bounce": "HARD_BOUNCE",
    "admin": "USER_SUPPRESSED",
}
# By how somebody was subscribed: the company's own forms, and what other tools say for them.
METHODS = ("FORM", "API", "MANUAL_IMPORT")


def short(*parts: object, size: int = 15) -> str:
    digest = hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=size).digest()
    return base64.b32encode(digest).decode().rstrip("=")


def key_of(contact: MailContact) -> str:
    return _key(contact.contact_id)


@cache
def _key(contact_id: int) -> str:
    return f"01{short('profile', contact_id)}"


def stamp(moment: datetime | None, is_spaced: bool = False) -> str | None:
    """With a space in place of the T, now and then."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(" " if is_spaced else "T", timespec="seconds")


def states(contact: MailContact, channel: str, now: datetime) -> list[ConsentState]:
    return sorted((s for s in contact.consents if s.channel == channel and s.at <= now), key=lambda s: s.at)


def changed_at(contact: MailContact, now: datetime, *more: datetime | None) -> datetime:
    moments = [contact.created_at, contact.visible_at, *(at for at in more if at)]
    moments += [state.at for state in contact.consents if state.at <= now]
    return max(moments + [at for _, at in contact.list_unsubscribed if at <= now])


def account(base: str) -> Node:
    return {
        "type": "account",
        "id": "Xa1B2c",
        "attributes": {
            "test_account": False, "timezone": "Europe/Paris", "preferred_currency": "EUR",
            "public_api_key": "Xa1B2c", "locale": "fr-FR",
            "contact_information": {
                "default_sender_name": "Maison Exemple",
                "default_sender_email": "bonjour@maison-exemple.example",
                "website_url": "https://maison-exemple.example", "organization_name": "Maison Exemple",
                "street_address": {
                    "address1": "1 rue de l'Exemple", "address2": "", "city": "Lyon", "region": "",
                    "country": "France", "zip": "69001",
                },
            },
            "industry": "Home",
        },
        "links": {"self": f"{base}/api/accounts/Xa1B2c/"},
    }  # fmt: skip


def method(contact: MailContact) -> str:
    if contact.has_double_opt_in:
        return "FORM"
    return "CHECKOUT" if contact.shop_customer_id else METHODS[contact.contact_id % len(METHODS)]


def profile(contact: MailContact, now: datetime, changed: datetime, base: str, is_whole: bool) -> Node:
    """`is_whole`: how channels stand was asked for."""
    key, is_spaced = key_of(contact), contact.contact_id % 5 == 0
    attributes: Node = {
        "email": contact.email,
        "phone_number": f"+{contact.phone}" if contact.phone else None,
        "external_id": contact.shop_customer_id,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "organization": "Atelier Exemple" if contact.contact_id % 11 == 4 else None,
        "locale": "fr-FR",
        "title": None,
        "image": None,
        "created": stamp(contact.created_at, is_spaced),
        "updated": stamp(changed, is_spaced),
        "last_event_date": None,
        "location": {
            "address1": None, "address2": None, "city": None, "country": "France", "latitude": None,
            "longitude": None, "region": None, "zip": None, "timezone": "Europe/Paris", "ip": "192.0.2.44",
        },
        "properties": {"accepts_terms": True} if contact.contact_id % 3 else {},
    }  # fmt: skip
    if is_whole:
        attributes["subscriptions"] = subscriptions(contact, now)
    here = f"{base}/api/profiles/{key}"
    return {
        "type": "profile",
        "id": key,
        "attributes": attributes,
        "relationships": {
            name: {"links": {"self": f"{here}/relationships/{name}/", "related": f"{here}/{name}/"}}
            for name in ("lists", "segments")
        },
        "links": {"self": f"{here}/"},
    }


def subscriptions(contact: MailContact, now: datetime) -> Node:
    texts = states(contact, "sms", now)
    word = texts[-1].state.upper() if texts else "NEVER_SUBSCRIBED"
    at = stamp(texts[-1].at) if texts else None
    told = {
        "method": "TEXT" if texts else None,
        "method_detail": "",
        "consent_timestamp": at,
        "last_updated": at,
    }
    is_in = word == "SUBSCRIBED"
    return {
        "email": {"marketing": _mail(contact, now), "open_tracking": None},
        "sms": {
            "marketing": {"can_receive_sms_marketing": is_in, "consent": word, **told},
            "transactional": {
                "can_receive_sms_transactional": is_in, "consent": word,
                "method": None, "method_detail": "", "consent_timestamp": at, "last_updated": at,
            },
        },
        "mobile_push": None,
        "whatsapp": None,
    }  # fmt: skip


def _mail(contact: MailContact, now: datetime) -> Node:
    """Who bounced or was put away by hand stays subscribed, and is suppressed."""
    told = states(contact, "email", now)
    last = told[-1] if told else None
    is_out = last is not None and last.state == "unsubscribed"
    reason = (last.reason or "unsubscribed") if is_out else None
    has_left = reason in ("unsubscribed", "complaint")
    dated = last.at if last and (has_left or not is_out) else told[0].at if told else None
    listed = [
        {"list_id": LISTS.get(number, f"L{number}"), "reason": "UNSUBSCRIBE", "timestamp": stamp(at)}
        for number, at in contact.list_unsubscribed
        if at <= now and not is_out
    ]
    gone = [{"reason": SUPPRESSIONS[reason], "timestamp": stamp(last.at)}] if reason and last else []
    return {
        # "Implicit": whoever never said anything may be written to, says Klaviyo.
        "can_receive_email_marketing": not gone,
        "consent": "UNSUBSCRIBED" if has_left else "SUBSCRIBED" if told else "NEVER_SUBSCRIBED",
        "consent_timestamp": stamp(dated),
        "last_updated": stamp(last.at if last else None),
        "method": "PREFERENCE_PAGE" if has_left else method(contact) if told else None,
        "method_detail": "",
        "custom_method_detail": None,
        "double_optin": bool(told) and contact.has_double_opt_in,
        "suppression": gone,
        "list_suppressions": listed,
    }


# -- what was sent ------------------------------------------------------------------------------------


def campaign_key(record: MailCampaign) -> str:
    return f"01{short('campaign', record.campaign_id)}"


def message_key(record: MailCampaign) -> str:
    return f"01{short('message', record.campaign_id)}"


def is_archived(record: MailCampaign) -> bool:
    return record.campaign_id % 10 == 3


def campaign(record: MailCampaign, base: str) -> Node:
    key, made = campaign_key(record), record.sent_at - timedelta(hours=3)
    return {
        "type": "campaign",
        "id": key,
        "attributes": {
            "name": record.name,
            "status": "Sent",
            "archived": is_archived(record),
            "audiences": {"included": [NEWSLETTER_LIST], "excluded": []},
            "send_options": {"use_smart_sending": True},
            "tracking_options": {
                "is_add_utm": False, "utm_params": [], "is_tracking_clicks": True, "is_tracking_opens": True,
            },
            "send_strategy": {"method": "immediate"},
            "created_at": stamp(made),
            "scheduled_at": stamp(record.sent_at),
            "updated_at": stamp(record.sent_at),
            "send_time": stamp(record.sent_at),
        },
        "relationships": {
            "campaign-messages": {
                "data": [{"type": "campaign-message", "id": message_key(record)}],
                "links": {
                    "self": f"{base}/api/campaigns/{key}/relationships/campaign-messages/",
                    "related": f"{base}/api/campaigns/{key}/campaign-messages/",
                },
            },
        },
        "links": {"self": f"{base}/api/campaigns/{key}/"},
    }  # fmt: skip


def figures(record: MailCampaign, asked: list[str]) -> Node:
    """Numbers with a point, as its reports tell them."""
    known = {
        "recipients": record.sent,
        "delivered": record.delivered,
        "bounced": record.hard_bounces + record.soft_bounces,
        "clicks_unique": record.unique_clicks,
        "opens_unique": record.unique_views,
        "unsubscribe_uniques": record.unsubscriptions,
        "spam_complaints": record.complaints,
    }
    return {
        "groupings": {
            "send_channel": "email",
            "campaign_id": campaign_key(record),
            "campaign_message_id": message_key(record),
        },
        "statistics": {name: float(known.get(name, 0)) for name in asked},
    }
