"""Typeform: forms and their responses (Responses API, webhook and CSV export; all carry the answers).

A personal token in TYPEFORM_TOKEN, or an OAuth app whose refresh token changes with each use. Two calls a
second per account. Fresh responses may show up half an hour late; partial ones are not asked for.
"""

from connectors.form_tools import responses_stream
from connectors.stream import Promise, Stream, Webhook
from connectors.typeform.api import client
from connectors.typeform.erase import erase_response
from connectors.typeform.fetch import forms, responses
from connectors.typeform.read import RESPONSES_EXPORT
from connectors.typeform.receive import receive, verify

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "client"]

NAME = "typeform"
# Or TYPEFORM_REFRESH_TOKEN with TYPEFORM_CLIENT_ID and TYPEFORM_CLIENT_SECRET: `client` says so.
SECRETS = ("TYPEFORM_TOKEN",)

STREAMS = (
    Stream(
        "forms",
        forms,
        changed_at="last_updated_at",
        occurred_at="created_at",
        cursor=False,
        promises=(
            Promise("id", type="text"),
            Promise("title", type="text"),
            Promise("fields", type="list"),
        ),
    ),
    responses_stream(
        responses,
        key="token",
        form="form_id",
        at="submitted_at",
        ask=erase_response,
        promises=(
            Promise("token", type="text"),
            Promise("form_id", type="text"),
            Promise("submitted_at", type="time"),
            # Absent where nothing was answered.
            Promise("answers", required=False, type="list"),
            Promise("hidden", required=False, type="object"),
            Promise(
                "response_type",
                required=False,
                type="text",
                values=frozenset({"completed", "partial", "started"}),
            ),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("TYPEFORM_WEBHOOK_SECRET",))
EXPORTS = (RESPONSES_EXPORT,)
