"""Calendly: event types with what they ask, and invitees, who booked an event (API v2, webhook, CSV export).

A personal access token of an owner or admin in CALENDLY_TOKEN: others see their own events only. Events can
be asked for by when they start and not by when they were booked; since nobody books the past, whatever is
new starts later than the last pull. Deleted data is not told.
"""

from datetime import timedelta

from connectors.calendly.api import client
from connectors.calendly.erase import erase_invitee
from connectors.calendly.fetch import forms, responses
from connectors.calendly.read import EVENTS_EXPORT
from connectors.calendly.receive import receive, verify
from connectors.form_tools import responses_stream
from connectors.stream import Promise, Stream, Webhook

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "client"]

NAME = "calendly"
SECRETS = ("CALENDLY_TOKEN",)

STREAMS = (
    Stream(
        "forms",
        forms,
        changed_at="updated_at",
        occurred_at="created_at",
        cursor=False,
        promises=(
            Promise("id", type="text"),
            Promise("name", required=False, type="text"),
            Promise("updated_at", type="time"),
            Promise("custom_questions", required=False, type="list"),
        ),
    ),
    responses_stream(
        responses,
        key="id",
        form="form_id",
        at="created_at",
        changed_at="updated_at",
        ask=erase_invitee,
        # A week: so long somebody may still be marked as one who did not come.
        looks_back=timedelta(days=7),
        counted=None,
        promises=(
            Promise("id", type="text"),
            Promise("email", type="text"),
            Promise("created_at", type="time"),
            Promise("updated_at", type="time"),
            Promise("status", required=False, values=frozenset({"active", "canceled"})),
            Promise("questions_and_answers", required=False, type="list"),
            Promise("tracking", required=False, type="object"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("CALENDLY_SIGNING_KEY",))
EXPORTS = (EVENTS_EXPORT,)
