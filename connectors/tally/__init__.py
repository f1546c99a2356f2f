"""Tally: forms with their questions, completed submissions (API, webhook and CSV export have the answers).

A key of one user in TALLY_API_KEY: it dies when that user leaves. A hundred calls a minute. The version of
the API is pinned by date (developers.tally.so, versioning). Deleted submissions are not told.
"""

from connectors.declared import deletion, form_of
from connectors.form_tools import responses_stream
from connectors.stream import Promise, Stream, Webhook
from connectors.tally.api import client
from connectors.tally.fetch import forms, responses
from connectors.tally.read import SUBMISSIONS_EXPORT
from connectors.tally.receive import receive, verify

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "client"]

NAME = "tally"
SECRETS = ("TALLY_API_KEY",)

STREAMS = (
    Stream(
        "forms",
        forms,
        changed_at="updatedAt",
        occurred_at="createdAt",
        # Moves with each answer; the count is announced with the answers.
        volatile=("numberOfSubmissions",),
        promises=(
            Promise("id", type="text"),
            Promise("updatedAt", type="time"),
            Promise("questions", type="list"),
            Promise("blocks", required=False, type="list"),
        ),
    ),
    responses_stream(
        responses,
        key="id",
        form="formId",
        at="submittedAt",
        ask=deletion(
            lambda tally, key, row: tally.http.delete(f"forms/{form_of(row, 'formId')}/submissions/{key}")
        ),
        promises=(
            Promise("id", type="text"),
            Promise("formId", type="text"),
            Promise("submittedAt", type="time"),
            # By API the one, by webhook and file the other.
            Promise("responses", required=False, type="list"),
            Promise("fields", required=False, type="list"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("TALLY_SIGNING_SECRET",))
EXPORTS = (SUBMISSIONS_EXPORT,)
