"""The webhook of Gravity Forms' add-on: an entry without the words of its form, that nobody signs.

It comes as JSON or as a form. The address it is sent to holds a secret of ours; of what it says only the
entry's number is believed, and the rest is read from the site.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs

from connectors.declared import known_by
from connectors.gravity_forms.api import GravityForms, is_number
from connectors.json_text import parse
from connectors.stream import BadAnswer, Hook, NotThere

KINDS = ("application/json", "application/x-www-form-urlencoded")


knows_address = known_by("GRAVITY_FORMS_WEBHOOK_SECRET")


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    """Nothing is signed; what is no body of theirs is refused all the same."""
    return b"form_id" in body and headers.get("content-type", "").startswith(KINDS)


def receive(body: bytes, gravity: GravityForms) -> Iterator[Hook]:
    number = _number(body)
    if not is_number(number):
        raise BadAnswer("gravity_forms webhook: no entry's id in it: have it send all fields")
    try:
        row = gravity.get(f"entries/{number}")
    except NotThere:
        return  # deleted meanwhile
    if not isinstance(row, dict) or str(row.get("id")) != number:
        raise BadAnswer("gravity_forms: another entry than the one asked for")
    if row.get("status", "active") == "active":
        yield Hook("responses", gravity.account, [gravity.completed(row)])


def _number(body: bytes) -> str:
    try:
        told = parse(body)
        return str(told["id"])
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=2_000).get("id", [""])[0].strip()
    except ValueError:
        return ""
