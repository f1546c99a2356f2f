"""Typeform's webhook: the response with all its answers, signed where a secret was set."""

from collections.abc import Iterator

from connectors.declared import documented, signed
from connectors.json_text import parse
from connectors.signatures import is_signed_in_base64
from connectors.stream import Hook
from connectors.typeform.api import Typeform

verify = signed(is_signed_in_base64, "TYPEFORM_WEBHOOK_SECRET", "typeform-signature")


def receive(body: bytes, typeform: Typeform) -> Iterator[Hook]:
    """The response as sent: form_id, token and answers stand where the API has them."""
    with documented("typeform webhook"):
        told = parse(body)
        if told["event_type"] != "form_response":
            return
        response = told["form_response"]
        if not isinstance(response, dict):
            raise TypeError
    yield Hook("responses", typeform.account, [response])
