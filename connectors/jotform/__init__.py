"""Jotform: forms with their questions, and submissions (REST API, webhook and CSV export; all carry answers).

A key in JOTFORM_API_KEY; read access is enough but for erasing. Calls a day are limited by plan. Times come
in the account's zone, without saying so. The webhook is not signed: its address holds a secret of ours, and
what it says is only a hint that the submission is to be read.
"""

from connectors.declared import deletion
from connectors.form_tools import responses_stream
from connectors.jotform.api import client
from connectors.jotform.fetch import forms, responses
from connectors.jotform.read import SUBMISSIONS_EXPORT
from connectors.jotform.receive import knows_address, receive, verify
from connectors.stream import Promise, Stream, Webhook

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "client"]

NAME = "jotform"
SECRETS = ("JOTFORM_API_KEY",)

STREAMS = (
    Stream(
        "forms",
        forms,
        changed_at="changed_at_utc",
        occurred_at="created_at_utc",
        # They move with each answer; the count is announced with the answers.
        volatile=("count", "new", "last_submission"),
        promises=(
            Promise("id", type="text"),
            Promise("title", required=False, type="text"),
            Promise("questions", type="object"),
        ),
    ),
    responses_stream(
        responses,
        key="id",
        form="form_id",
        at="created_at_utc",
        changed_at="changed_at_utc",
        # Gone at once; the key needs full access.
        ask=deletion(lambda jotform, key, row: jotform.http.delete(f"submission/{key}")),
        # Looked at in Jotform's inbox or not: nothing about the person.
        volatile=("new", "flag"),
        promises=(
            Promise("id", type="text"),
            Promise("form_id", type="text"),
            Promise("created_at_utc", type="time"),
            # By API and webhook the one, by file the other.
            Promise("answers", required=False, type="object"),
            Promise("columns", required=False, type="list"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("JOTFORM_WEBHOOK_SECRET",), knows_address=knows_address)
EXPORTS = (SUBMISSIONS_EXPORT,)
