"""Meta's webhook: a signed hint that a lead exists. The lead itself is read with one call."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.json_text import parse
from connectors.meta.fetch import LEAD_FIELDS
from connectors.meta.graph import Meta
from connectors.signatures import is_same, is_signed_in_hex
from connectors.stream import BadAnswer, ConnectorError, Hook, NotThere, Row

# What the vendor's own test tool writes into every field.
DUMMY = "<test lead:"
# A lead may not be readable for some seconds after its hint.
PATIENCE = (1.0, 3.0, 9.0)
# All waits of a run together: a hundred leads that never come must not hold the inbox for half an hour.
MOST_WAITING = 30.0


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    return is_signed_in_hex(body, secrets.get("META_APP_SECRET", ""), headers.get("x-hub-signature-256", ""))


def handshake(query: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
    """The challenge, where Meta shows the word we agreed on."""
    agreed = secrets.get("META_VERIFY_TOKEN", "")
    if query.get("hub.mode") != "subscribe" or not agreed:
        return None
    return query.get("hub.challenge") if is_same(agreed, query.get("hub.verify_token", "")) else None


def hints(body: bytes) -> list[tuple[str, str]]:
    """Page and lead of every change in a body; ids may come as numbers."""
    try:
        entries = parse(body)["entry"]
        return [
            (str(change["value"].get("page_id") or entry["id"]), str(change["value"]["leadgen_id"]))
            for entry in entries
            for change in entry.get("changes", ())
            if change.get("field") == "leadgen"
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadAnswer(f"meta webhook: not the documented shape ({type(error).__name__})") from None


def receive(body: bytes, meta: Meta) -> Iterator[Hook]:
    """Read each lead a body hints at.

    Raises NotThere while one cannot be read yet: the body stays for the next run.
    """
    for page, lead in hints(body):
        row = _read(meta, page, lead)
        yield Hook("test_leads" if is_test(row, meta, page) else "leads", page, [row])


def is_test(row: Row, meta: Meta, page: str) -> bool:
    """A lead that somebody made to try a form out is pushed like any other, but counted and listed apart."""
    if DUMMY in json.dumps(row.get("field_data")):
        return True
    form = row.get("form_id")
    try:
        return bool(form) and str(row.get("id")) in meta.test_ids(str(form), page)
    except ConnectorError as error:
        # Not told is not a reason to lose somebody: taken for real, and put right by the next nightly read.
        meta.warn_once(f"test leads cannot be told apart: {error}")
        return False


def _read(meta: Meta, page: str, lead: str) -> Row:
    params: dict[str, Any] = {"fields": LEAD_FIELDS}
    for pause in PATIENCE:
        try:
            return meta.get(lead, params, page)
        except NotThere:
            if meta.waited + pause > MOST_WAITING:
                raise
            meta.waited += pause
            meta.env.sleep(pause)
    return meta.get(lead, params, page)
