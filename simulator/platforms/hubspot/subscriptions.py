"""What somebody may be sent: kinds of mail, and how a contact stands on each."""

from datetime import datetime

from simulator.model import MailContact
from simulator.platforms.hubspot import nodes
from simulator.platforms.hubspot.nodes import Node


def definition(number: int, name: str, purpose: str) -> Node:
    return {
        "id": str(number),
        "name": name,
        "description": f"{name}.",
        "purpose": purpose,
        "communicationMethod": "Email",
        "isActive": True,
        "isDefault": number == nodes.NEWSLETTER,
        "isInternal": False,
        "createdAt": "2024-01-10T09:00:00.000Z",
        "updatedAt": "2024-01-10T09:00:00.000Z",
        "businessUnitId": 0,
    }


def standing(contact: MailContact, number: int, now: datetime) -> tuple[str, datetime]:
    """State on one kind of mail, and since when."""
    told = nodes.mail(contact, now)
    if told and told[-1].state == "unsubscribed" and told[-1].reason != "hard_bounce":
        return "UNSUBSCRIBED", told[-1].at
    if number == nodes.NEWSLETTER and told and told[-1].state == "subscribed":
        return "SUBSCRIBED", told[-1].at
    if number == nodes.CLIENTS:
        left = {listed: at for listed, at in contact.list_unsubscribed if at <= now}
        if nodes.CLIENTS_LIST in left:
            return "UNSUBSCRIBED", left[nodes.CLIENTS_LIST]
        if nodes.CLIENTS_LIST in contact.lists:
            return "SUBSCRIBED", contact.created_at
    return "NOT_SPECIFIED", contact.created_at


def statuses(contact: MailContact, now: datetime) -> list[Node]:
    found = []
    for number, name, _ in nodes.TYPES:
        state, at = standing(contact, number, now)
        # A buyer is written to on the company's own interest, or may merely be kept: that is nobody's yes.
        others = {0: "LEGITIMATE_INTEREST_CLIENT", 2: "PROCESS_AND_STORE"} if number == nodes.CLIENTS else {}
        basis = others.get(contact.contact_id % 4, "CONSENT_WITH_NOTICE")
        found.append(
            {
                "subscriberIdString": contact.email,
                "subscriptionId": number,
                "subscriptionName": name,
                "channel": "EMAIL",
                "status": state,
                "source": "PREFERENCES" if state == "UNSUBSCRIBED" else "FORM",
                "timestamp": nodes.stamp(at),
                "businessUnitId": 0,
                "legalBasis": basis if state == "SUBSCRIBED" else None,
                "legalBasisExplanation": None,
            }
        )
    return found


def numbered(address: str, contact: MailContact | None, now: datetime) -> Node:
    """As the path with a number tells it: two states, and no times."""
    return {
        "recipient": address,
        "subscriptionStatuses": [
            {
                "id": str(one["subscriptionId"]),
                "name": one["subscriptionName"],
                "description": f"{one['subscriptionName']}.",
                "status": "SUBSCRIBED" if one["status"] == "SUBSCRIBED" else "NOT_SUBSCRIBED",
                "sourceOfStatus": "SUBSCRIPTION_STATUS",
                "brandId": 0,
                "preferenceGroupName": None,
                "legalBasis": one["legalBasis"],
                "legalBasisExplanation": None,
            }
            for one in (statuses(contact, now) if contact else [])
        ],
    }
