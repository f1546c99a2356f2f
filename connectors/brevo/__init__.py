"""Brevo: contacts with their consent flags, sent campaigns with statistics, custom events (REST v3).

Facts from the vendor's own client (brevo-python 5). Contacts allow ten calls a second; every other
list 100 an hour, which one run a night stays well below. Deleted contacts are not told.
"""

from datetime import timedelta

from connectors.brevo.fetch import campaigns, client, contacts, events
from connectors.brevo.read import CONTACTS_EXPORT
from connectors.brevo.send import lists_of
from connectors.declared import deletion
from connectors.erasing import Erasing, Row
from connectors.landing import at
from connectors.stream import Promise, Stream

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "client", "lists_of"]

NAME = "brevo"
SECRETS = ("BREVO_API_KEY",)
STATISTICS_REACH = timedelta(days=183)  # campaign statistics cover six months; older ones read as zero


def has_confirmed(contact: Row) -> bool:
    """A contact is also made by imports and other tools; only who confirmed it has acted."""
    return str(at(contact, "attributes.DOUBLE_OPT-IN")) == "1"


STREAMS = (
    Stream(
        "contacts",
        contacts,
        counted="present",
        key="id",
        changed_at="modifiedAt",
        occurred_at="createdAt",
        poor_ways=frozenset({"file"}),
        # With its history. That they were block-listed there goes with it: our tombstone remembers.
        erasing=Erasing(
            profiles=("contact",),
            is_new_act=has_confirmed,
            ask=deletion(lambda brevo, key, row: brevo.http.delete(f"contacts/{key}")),
        ),
        promises=(
            Promise("id", type="number"),
            Promise("createdAt", type="time"),
            Promise("modifiedAt", type="time"),
            Promise("email", required=False, type="text", pattern=r"^[^@\s]+@[^@\s]+$"),
            Promise("emailBlacklisted", type="boolean"),
            Promise("smsBlacklisted", type="boolean"),
            Promise("whatsappBlacklisted", required=False, type="boolean"),
            Promise("listIds", type="list"),
            Promise("listUnsubscribed", required=False, type="list"),
            Promise("attributes", type="object"),
        ),
    ),
    Stream(
        "campaigns",
        campaigns,
        occurred_at="sentDate",
        overlap=STATISTICS_REACH,
        promises=(
            Promise("id", type="number"),
            Promise("name", type="text"),
            Promise("status", type="text", values=frozenset({"sent"})),
            Promise("sentDate", type="time"),
            Promise("statistics.globalStats", type="object"),
            Promise("statistics.globalStats.sent", type="number"),
            Promise("statistics.globalStats.delivered", type="number"),
        ),
    ),
    Stream(
        "events",
        events,
        counted="present",
        key="contact_id:event_name:event_date",
        occurred_at="event_date",
        overlap=timedelta(days=3),  # events sent in by other tools arrive late
        erasing=Erasing(owner=("contacts", "contact_id")),
        promises=(
            Promise("contact_id", type="number"),
            Promise("event_name", type="text"),
            Promise("event_date", type="time"),
            Promise("event_properties", required=False, type="object"),
        ),
    ),
)
EXPORTS = (CONTACTS_EXPORT,)
