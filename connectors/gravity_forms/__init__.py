"""Gravity Forms, a WordPress plugin: forms with their fields, and entries (REST v2, webhook, CSV export).

A key and a secret made in the site's own settings, of a user who may edit forms and view entries. Version 2
is part of the plugin since 2.4, and no end of it is announced. Times are UTC; only the export is in the
site's zone. Binning an entry does not move its time of change: where a form holds less than we do, its bin is
read. What was deleted for good between two runs is not told. The webhook is not signed: its address holds a
secret of ours, and what it says is only a hint that the entry is to be read.
"""

from connectors.declared import deletion
from connectors.form_tools import responses_stream
from connectors.gravity_forms.api import client
from connectors.gravity_forms.fetch import forms, responses
from connectors.gravity_forms.read import ENTRIES_EXPORT
from connectors.gravity_forms.receive import knows_address, receive, verify
from connectors.stream import Promise, Stream, Webhook

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "client"]

NAME = "gravity_forms"
SECRETS = ("GRAVITY_FORMS_KEY", "GRAVITY_FORMS_SECRET")

STREAMS = (
    Stream(
        "forms",
        forms,
        # When a form was last edited is not told: they are read whole, and are few.
        cursor=False,
        occurred_at="created_at_utc",
        promises=(
            Promise("id"),
            Promise("title", required=False, type="text"),
            Promise("fields", type="list"),
        ),
    ),
    responses_stream(
        responses,
        key="id",
        form="form_id",
        at="created_at_utc",
        changed_at="changed_at_utc",
        # Past the bin: gone at once, notes and files too. The key needs to write.
        ask=deletion(lambda gravity, key, row: gravity.delete(f"entries/{key}", {"force": "1"})),
        # Looked at by staff or not, and how the form words its questions by now: nothing the person did.
        volatile=("is_read", "is_starred", "fields"),
        promises=(
            Promise("id"),
            Promise("form_id"),
            Promise("created_at_utc", type="time"),
            # By API and webhook the one, by file the other.
            Promise("fields", required=False, type="list"),
            Promise("columns", required=False, type="list"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("GRAVITY_FORMS_WEBHOOK_SECRET",), knows_address=knows_address)
EXPORTS = (ENTRIES_EXPORT,)
