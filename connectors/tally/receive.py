"""Tally's webhook: the submission with all its answers and their wording, signed where a secret was set."""

from collections.abc import Iterator, Mapping

from connectors.json_text import parse
from connectors.signatures import is_signed_in_base64
from connectors.stream import BadAnswer, Hook
from connectors.tally.api import Tally


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    secret, given = secrets.get("TALLY_SIGNING_SECRET", ""), headers.get("tally-signature", "")
    return is_signed_in_base64(body, secret, given, prefix="")


def receive(body: bytes, tally: Tally) -> Iterator[Hook]:
    """One row under the names the API has, with `fields` as sent: its answers name their own questions."""
    try:
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
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadAnswer(f"tally webhook: not the documented shape ({type(error).__name__})") from None
    yield Hook("responses", tally.account, [row])
