"""Tally's webhook: the submission with all its answers and their wording, signed where a secret was set."""

from collections.abc import Iterator
from functools import partial

from connectors.declared import Api, documented, signed
from connectors.json_text import parse
from connectors.signatures import is_signed_in_base64
from connectors.stream import Hook

verify = signed(partial(is_signed_in_base64, prefix=""), "TALLY_SIGNING_SECRET", "tally-signature")


def receive(body: bytes, tally: Api) -> Iterator[Hook]:
    """One row under the names the API has, with `fields` as sent: its answers name their own questions."""
    with documented("tally webhook"):
        told = parse(body)
        if told["eventType"] != "FORM_RESPONSE":
            return
        data = told["data"]
        row = {
            "id": data.get("submissionId") or data["responseId"],
            "formId": data["formId"],
            "respondentId": data.get("respondentId"),
            "isCompleted": True,
            "submittedAt": data["createdAt"],
            "fields": data["fields"],
        }
    yield Hook("responses", tally.account, [row])
