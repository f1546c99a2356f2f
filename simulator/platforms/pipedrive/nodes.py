"""People, deals and organizations as Pipedrive renders them, at one moment. Ids are numbers, times UTC."""

from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.model import ConsentState, MailContact

Node = dict[str, Any]
FIRST_DEAL = 5000
ORGANIZATION = 900
SHOWN_AS_DELETED = timedelta(days=30)
OWNER = 18487521


def stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def mail(contact: MailContact, now: datetime) -> list[ConsentState]:
    return sorted((s for s in contact.consents if s.channel == "email" and s.at <= now), key=lambda s: s.at)


def status(contact: MailContact, now: datetime) -> str:
    """A person whose mails bounce is put away by Pipedrive."""
    told = mail(contact, now)
    if not told:
        return "no_consent"
    if told[-1].state == "subscribed":
        return "subscribed"
    return "archived" if told[-1].reason == "hard_bounce" else "unsubscribed"


def changed_at(contact: MailContact, now: datetime, *more: datetime | None) -> datetime:
    moments = [contact.created_at, contact.visible_at, *(at for at in more if at)]
    return max(moments + [state.at for state in contact.consents if state.at <= now])


def deleted_at(contact: MailContact, now: datetime) -> datetime | None:
    """Some are deleted by the company, and are in no list from then on."""
    gone = contact.created_at + timedelta(days=120)
    return gone if contact.contact_id % 23 == 11 and gone <= now else None


def name_of(contact: MailContact) -> str:
    names = " ".join(one for one in (contact.first_name, contact.last_name) if one)
    return names or contact.email or contact.phone or "?"


def person(contact: MailContact, now: datetime, changed: datetime, has_marketing: bool) -> Node:
    mails = [{"value": contact.email, "primary": True, "label": "work"}] if contact.email else []
    if mails and contact.contact_id % 13 == 6:
        mails.append({"value": f"autre{contact.contact_id}@poste.example", "primary": False, "label": "home"})
    phones = [{"value": f"+{contact.phone}", "primary": True, "label": "mobile"}] if contact.phone else []
    row: Node = {
        "id": contact.contact_id,
        "name": name_of(contact),
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "owner_id": OWNER,
        "org_id": ORGANIZATION if contact.contact_id % 11 == 4 else None,
        "add_time": stamp(contact.created_at),
        "update_time": stamp(changed),
        "emails": mails,
        "phones": phones,
        "is_deleted": False,
        "visible_to": 3,
        "label_ids": [1] if contact.contact_id % 3 == 0 else [],
        "picture_id": None,
        "custom_fields": {"d4de1c1a518b4531717c676029a45911c340390a": None},
    }
    if has_marketing:
        row |= {"marketing_status": status(contact, now), "doi_status": None}
    return row


def organization(at: datetime) -> Node:
    return {
        "id": ORGANIZATION,
        "name": "Atelier Exemple",
        "owner_id": OWNER,
        "add_time": stamp(at),
        "update_time": stamp(at),
        "is_deleted": False,
        "visible_to": 3,
        "address": {"value": "1 rue de l'Exemple, 69001 Lyon", "country": "France", "locality": "Lyon"},
        "label_ids": [],
        "custom_fields": {},
    }


# -- deals --------------------------------------------------------------------------------------------


def has_deal(contact: MailContact) -> bool:
    return contact.contact_id % 7 == 2


def deal_turn(contact: MailContact) -> int:
    return contact.contact_id // 7


def ended(contact: MailContact, now: datetime) -> tuple[str, datetime | None]:
    """How a deal stands, and since when it is over."""
    kind = ("open", "won", "lost", "deleted")[deal_turn(contact) % 4]
    over = contact.created_at + timedelta(days=20)
    return ("open", None) if kind == "open" or over > now else (kind, over)


def is_archived(contact: MailContact, now: datetime) -> bool:
    return deal_turn(contact) % 5 == 4 and ended(contact, now)[0] in ("won", "lost")


def deal(contact: MailContact, owner: int | None, now: datetime) -> Node:
    turn, begun = deal_turn(contact), contact.created_at + timedelta(days=3)
    state, over = ended(contact, now)
    return {
        "id": FIRST_DEAL + contact.contact_id,
        "title": f"{name_of(contact)} - devis",
        "owner_id": OWNER,
        "person_id": owner,
        "org_id": None,
        "pipeline_id": 1,
        "stage_id": 1 + turn % 3,
        # Whole amounts come without a point, others with one.
        "value": 100 + turn * 10 if turn % 2 else 99.9 + turn,
        "currency": "CAD" if turn % 6 == 0 else "EUR",
        "add_time": stamp(begun),
        "update_time": stamp(over or begun),
        "stage_change_time": None,
        "is_deleted": state == "deleted",
        "is_archived": is_archived(contact, now),
        "status": state,
        "probability": None,
        "lost_reason": "Trop cher" if state == "lost" else None,
        "visible_to": 3,
        "close_time": stamp(over) if state in ("won", "lost") else None,
        "won_time": stamp(over) if state == "won" else None,
        "lost_time": stamp(over) if state == "lost" else None,
        "expected_close_date": None,
        "label_ids": [],
        "origin": "ManuallyCreated",
        "origin_id": None,
        "channel": None,
        "channel_id": None,
        "custom_fields": {},
    }
