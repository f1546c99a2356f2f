"""Pipedrive: people with their marketing status, deals in every state, organizations (API v2).

A company's account, by one of its users. Each call costs of a day's budget. Who was deleted, and into whom
somebody was merged, the webhook alone tells; of deals that were deleted the list does, for 30 days.
"""

from connectors.erasing import Erasing, never
from connectors.pipedrive.api import client
from connectors.pipedrive.erase import erase_person
from connectors.pipedrive.fetch import deals, organizations, persons
from connectors.pipedrive.read import PERSONS_EXPORT
from connectors.pipedrive.receive import knows_address, receive, verify
from connectors.stream import Promise, Stream, Webhook

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "client"]

NAME = "pipedrive"
SECRETS = ("PIPEDRIVE_API_TOKEN",)
STATUSES = frozenset({"no_consent", "unsubscribed", "subscribed", "archived", "bounced"})

STREAMS = (
    Stream(
        "persons",
        persons,
        changed_at="update_time",
        occurred_at="add_time",
        hourly=True,
        volatile=("update_time",),  # moves with everything that is done about somebody
        poor_ways=frozenset({"file"}),
        # Staff and other tools make people here: no date on one is an act of theirs.
        erasing=Erasing(profiles=("person",), is_new_act=never, ask=erase_person),
        promises=(
            Promise("id", type="number"),
            Promise("name", type="text"),
            Promise("add_time", type="time"),
            Promise("update_time", type="time"),
            Promise("emails", required=False, type="list"),
            Promise("phones", required=False, type="list"),
            Promise("marketing_status", required=False, type="text", values=STATUSES),
        ),
    ),
    Stream(
        "deals",
        deals,
        changed_at="update_time",
        occurred_at="add_time",
        volatile=("update_time",),
        erasing=Erasing(owner=("persons", "person_id")),
        promises=(
            Promise("id", type="number"),
            Promise("status", type="text"),
            Promise("add_time", type="time"),
            Promise("update_time", type="time"),
            Promise("value", required=False, type="number"),
            Promise("currency", required=False, type="text"),
            Promise("person_id", required=False, type="number"),
        ),
    ),
    Stream(
        "organizations",
        organizations,
        changed_at="update_time",
        occurred_at="add_time",
        volatile=("update_time",),
        promises=(
            Promise("id", type="number"),
            Promise("name", type="text"),
            Promise("update_time", type="time"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("PIPEDRIVE_WEBHOOK_SECRET",), knows_address=knows_address)
EXPORTS = (PERSONS_EXPORT,)
