"""Leads, contacts, accounts and opportunities as Salesforce renders them, at one moment.

Everybody the mail tool knows is a lead, a contact, or the one and then the other (converted). Times have an
offset without a colon, dates are days; an id has 18 characters, the last three a check of the capitals.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.model import ConsentState, MailContact

Node = dict[str, Any]
PREFIX = {
    "Lead": "00Q",
    "Contact": "003",
    "Account": "001",
    "Opportunity": "006",
    "OpportunityContactRole": "00K",
}
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
BIN = timedelta(days=15)  # how long what was deleted is still told of


def key_of(of: str, number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    short = f"{PREFIX[of]}5e00000{text.rjust(5, '0')}"
    lots = (short[:5], short[5:10], short[10:])
    return short + "".join(CHECK[sum(1 << at for at, one in enumerate(lot) if one.isupper())] for lot in lots)


def stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000") if moment else None


def day(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%d}" if moment else None


def mail(contact: MailContact, now: datetime) -> list[ConsentState]:
    return sorted((s for s in contact.consents if s.channel == "email" and s.at <= now), key=lambda s: s.at)


def has_left(contact: MailContact, now: datetime) -> bool:
    told = mail(contact, now)
    return bool(told) and told[-1].state == "unsubscribed" and told[-1].reason != "hard_bounce"


def bounced_at(contact: MailContact, now: datetime) -> datetime | None:
    told = mail(contact, now)
    is_dead = bool(told) and told[-1].state == "unsubscribed" and told[-1].reason == "hard_bounce"
    return told[-1].at if is_dead else None


# -- who is what --------------------------------------------------------------------------------------


def converted_at(contact: MailContact) -> datetime:
    return contact.created_at + timedelta(days=5)


def is_lead(contact: MailContact) -> bool:
    return contact.contact_id % 4 != 3


def is_converted(contact: MailContact, now: datetime) -> bool:
    return contact.contact_id % 4 == 1 and converted_at(contact) <= now


def is_contact(contact: MailContact, now: datetime) -> bool:
    return contact.contact_id % 4 == 3 or is_converted(contact, now)


def began(of: str, contact: MailContact) -> datetime:
    is_later = of == "Contact" and contact.contact_id % 4 == 1
    return converted_at(contact) if is_later else contact.created_at


def deleted_at(of: str, contact: MailContact, now: datetime) -> datetime | None:
    """Some contacts are deleted by the company."""
    gone = contact.created_at + timedelta(days=120)
    return gone if of == "Contact" and contact.contact_id % 23 == 11 and gone <= now else None


def changed_at(of: str, contact: MailContact, now: datetime, *more: datetime | None) -> datetime:
    moments = [began(of, contact), contact.visible_at, *(at for at in more if at)]
    if of == "Lead" and is_converted(contact, now):
        moments.append(converted_at(contact))
    if gone := deleted_at(of, contact, now):
        moments.append(gone)
    return max(moments + [state.at for state in contact.consents if state.at <= now])


def person(of: str, contact: MailContact, now: datetime, changed: datetime, master: str | None) -> Node:
    company = "Atelier Exemple" if contact.contact_id % 11 == 4 else None
    last = contact.last_name or "[not provided]"
    row: Node = {
        "Id": key_of(of, contact.contact_id),
        "CreatedDate": stamp(began(of, contact)),
        "SystemModstamp": stamp(changed),
        "IsDeleted": master is not None or deleted_at(of, contact, now) is not None,
        "MasterRecordId": master,
        "Email": contact.email,
        "Phone": None,
        "MobilePhone": f"+{contact.phone}" if contact.phone else None,
        "FirstName": contact.first_name,
        # Nobody is without one: what is not known is written there.
        "LastName": last,
        "Name": " ".join(one for one in (contact.first_name, last) if one),
        "Title": None,
        "LeadSource": "Web" if contact.contact_id % 2 else "Other",
        "HasOptedOutOfEmail": has_left(contact, now),
        "DoNotCall": contact.contact_id % 19 == 3,
        "EmailBouncedDate": stamp(bounced_at(contact, now)),
    }
    if of == "Contact":
        return row | {
            "AccountId": key_of("Account", 1) if company else None,
            "MailingStreet": None, "MailingCity": None, "MailingPostalCode": None, "MailingCountry": None,
            "HomePhone": None, "Birthdate": None,
        }  # fmt: skip
    is_over = is_converted(contact, now)
    return row | {
        "Company": company or "[not provided]",
        "Street": None, "City": None, "PostalCode": None, "Country": None,
        "Status": "Closed - Converted" if is_over else "Open - Not Contacted",
        "IsConverted": is_over,
        "ConvertedDate": day(converted_at(contact)) if is_over else None,
        "ConvertedContactId": key_of("Contact", contact.contact_id) if is_over else None,
        "ConvertedAccountId": None,
        "ConvertedOpportunityId": None,
    }  # fmt: skip


def account(at: datetime) -> Node:
    told = {"Id": key_of("Account", 1), "CreatedDate": stamp(at), "SystemModstamp": stamp(at)}
    return told | {"IsDeleted": False, "MasterRecordId": None, "Name": "Atelier Exemple"}


# -- opportunities ------------------------------------------------------------------------------------


def has_opportunity(contact: MailContact) -> bool:
    return contact.contact_id % 8 in (1, 3)


def turn(contact: MailContact) -> int:
    return contact.contact_id // 8


def opportunity(contact: MailContact, now: datetime) -> Node | None:
    """None before it was opened, and once it is out of the bin."""
    begun, kind = (
        began("Contact", contact) + timedelta(days=3),
        ("open", "won", "lost", "deleted")[turn(contact) % 4],
    )
    over = begun + timedelta(days=17)
    is_over = kind != "open" and over <= now
    if begun > now or (kind == "deleted" and over + BIN < now):
        return None
    return {
        "Id": key_of("Opportunity", contact.contact_id),
        "CreatedDate": stamp(begun),
        "SystemModstamp": stamp(over if is_over else begun),
        "IsDeleted": kind == "deleted" and is_over,
        "AccountId": None,
        "Amount": None if turn(contact) % 5 == 4 else 100.5 + turn(contact),
        "StageName": {"won": "Closed Won", "lost": "Closed Lost"}.get(kind, "Prospecting")
        if is_over
        else "Prospecting",
        "IsClosed": is_over and kind in ("won", "lost"),
        "IsWon": is_over and kind == "won",
        "CloseDate": day(over),
        "CampaignId": None,
    }


def role(contact: MailContact, whose: str, told: Node) -> Node:
    return {
        "Id": key_of("OpportunityContactRole", contact.contact_id),
        "CreatedDate": told["CreatedDate"],
        "SystemModstamp": told["CreatedDate"],
        "IsDeleted": told["IsDeleted"],
        "OpportunityId": told["Id"],
        "ContactId": whose,
        "IsPrimary": True,
        "Role": "Decision Maker",
    }
