"""Typeform's webhook: the response with all its answers, signed where a secret was set."""

from collections.abc import Iterator, Mapping

from connectors.json_text import parse
from connectors.signatures import is_signed_in_base64
from connectors.stream import BadAnswer, Hook
from connectors.typeform.api import Typeform


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    return is_signed_in_base64(
        body, secrets.get("TYPEFORM_WEBHOOK_SECRET", ""), headers.get("typeform-signature", "")
    )


def receive(body: bytes, typeform: Typeform) -> Iterator[Hook]:
    """The response as sent: form_id, token and answers stand where the API has them."""
    try:
        told = parse(body)
        if told["event_type"] != "form_response":
            return
        response = told["form_response"]
        if not isinstance(response, dict):
            raise TypeError
    except (ValueError, KeyError, TypeError) as error:
        raise BadAnswer(f"typeform webhook: not the documented shape ({type(error).__name__})") from None
    yield Hook("responses", typeform.account, [response])
