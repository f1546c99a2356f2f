"""HubSpot: contacts with subscriptions, merges and deletions; forms, their words of consent and their answers
(API version 2026-03; forms and answers under their numbered paths, the only ones there are).

A portal is an account. Ten calls a second on the smallest plan, searches five. Deleted contacts are told for
90 days; who was erased for good by the webhook alone.
"""

from datetime import timedelta

from connectors.erasing import Erasing, never
from connectors.hubspot.api import client
from connectors.hubspot.erase import erase_contact, erase_response
from connectors.hubspot.fetch import contacts, forms, responses, subscription_types
from connectors.hubspot.read import CONTACTS_EXPORT
from connectors.hubspot.receive import receive, verify
from connectors.hubspot.send import lists_of
from connectors.hubspot.versions import api_version
from connectors.stream import Promise, Stream, Webhook

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "api_version", "client", "lists_of"]

NAME = "hubspot"
SECRETS = ("HUBSPOT_TOKEN",)
DIGITS = r"^\d+$"

STREAMS = (
    Stream(
        "contacts",
        contacts,
        counted="present",
        changed_at="updatedAt",
        occurred_at="createdAt",
        hourly=True,
        # The index of the search lags behind by seconds to minutes, and by more on a bad day.
        overlap=timedelta(hours=1),
        # Every page somebody looks at moves them; what was found is what counts.
        volatile=("updatedAt", "properties.lastmodifieddate"),
        poor_ways=frozenset({"file"}),
        # Imports, staff and other tools make contacts: no date on one is an act of theirs. A form's is.
        erasing=Erasing(profiles=("contact",), is_new_act=never, ask=erase_contact),
        promises=(
            Promise("id", type="text", pattern=DIGITS),
            Promise("createdAt", type="time"),
            Promise("updatedAt", type="time"),
            Promise("properties", type="object"),
            Promise("properties.email", required=False, type="text"),
            Promise("properties.hs_email_optout", required=False, type="text"),
            Promise("properties.hs_merged_object_ids", required=False, type="text"),
            Promise("subscriptions", required=False, type="list"),
        ),
    ),
    Stream(
        "subscription_types",
        subscription_types,
        changed_at="updatedAt",
        occurred_at="createdAt",
        cursor=False,
        promises=(
            Promise("id", type="text"),
            Promise("name", type="text"),
            Promise("purpose", required=False, type="text"),
        ),
    ),
    Stream(
        "forms",
        forms,
        changed_at="updatedAt",
        occurred_at="createdAt",
        cursor=False,
        promises=(
            Promise("id", type="text"),
            Promise("name", type="text"),
            Promise("fieldGroups", required=False, type="list"),
            Promise("legalConsentOptions", required=False, type="object"),
        ),
    ),
    Stream(
        "responses",
        responses,
        key="conversionId",
        occurred_at="submittedAt",
        changed_at="submittedAt",
        form="form_id",
        hourly=True,
        # Answers sent in by other programs carry the time those give them, and no count betrays them.
        overlap=timedelta(days=3),
        erasing=Erasing(profiles=("response",), ask=erase_response),
        promises=(
            Promise("conversionId", type="text"),
            Promise("submittedAt", type="time"),
            Promise("form_id", type="text"),
            Promise("values", type="list"),
            Promise("pageUrl", required=False, type="text"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("HUBSPOT_CLIENT_SECRET", "HUBSPOT_WEBHOOK_URL"))
EXPORTS = (CONTACTS_EXPORT,)
