"""Bodies the receiver wrote itself: a form as it is shown, a submission, a confirmation."""

import json
from collections.abc import Iterator, Mapping

from connectors.json_text import parse
from connectors.own_form.client import OwnForms
from connectors.stream import BadAnswer, Hook

STREAMS = frozenset({"forms", "responses", "confirmations"})


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    """Browsers send to /forms/; what comes to /hooks/own_form is nobody's."""
    return False


def receive(body: bytes, ours: OwnForms) -> Iterator[Hook]:
    """`{"stream": ..., "row": {...}}`, as written by `kept`."""
    try:
        told = parse(body)
        stream, row = told["stream"], told["row"]
    except (ValueError, KeyError, TypeError):
        raise BadAnswer("own_form: not written by the receiver") from None
    if not isinstance(stream, str) or stream not in STREAMS or not isinstance(row, dict):
        raise BadAnswer("own_form: not written by the receiver")
    yield Hook(stream, ours.account, [row])


def kept(stream: str, row: Mapping[str, object]) -> bytes:
    """A record as the inbox holds it."""
    return json.dumps({"stream": stream, "row": row}, ensure_ascii=False, separators=(",", ":")).encode()
