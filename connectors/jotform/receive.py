"""Jotform's webhook: a form of many parts that nobody signs. The address it is sent to holds a secret of
ours; of what it says only the submission's number is believed, and the rest is read from the platform."""

from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.policy import HTTP

from connectors.declared import known_by
from connectors.jotform.api import Jotform
from connectors.stream import BadAnswer, Hook

knows_address = known_by("JOTFORM_WEBHOOK_SECRET")


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    """Nothing is signed; what is no form of theirs is refused all the same."""
    return b"submissionID" in body and headers.get("content-type", "").startswith("multipart/form-data")


def receive(body: bytes, jotform: Jotform) -> Iterator[Hook]:
    number = _fields(body).get("submissionID", "").strip()
    if not (number.isascii() and number.isdigit()):
        raise BadAnswer("jotform webhook: no submissionID in it")
    row = jotform.dated(jotform.get(f"submission/{number}"))
    if not isinstance(row, dict) or str(row.get("id")) != number:
        raise BadAnswer("jotform: another submission than the one asked for")
    if row.get("status") == "DELETED":
        return
    yield Hook("responses", jotform.account, [row])


def _fields(body: bytes) -> dict[str, str]:
    """The parts by name. The first line is the boundary, which else only the header tells."""
    boundary = body.partition(b"\r\n")[0].removeprefix(b"--")
    head = b'Content-Type: multipart/form-data; boundary="' + boundary + b'"\r\n\r\n'
    found = {}
    try:
        for part in message_from_bytes(head + body, policy=HTTP).iter_parts():
            name = part.get_param("name", header="content-disposition")
            text = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(text, bytes):
                found[name] = text.decode("utf-8", "replace")
    except (ValueError, TypeError, LookupError, AttributeError, IndexError):
        raise BadAnswer("jotform webhook: no form of many parts") from None
    return found
