"""Calendly's webhook: an invitee with all answers and the event, signed together with the time."""

import time
from collections.abc import Iterator

from connectors.calendly.api import Calendly, named
from connectors.calendly.fetch import ABOUT
from connectors.declared import documented, signed
from connectors.json_text import parse
from connectors.signatures import is_signed_with_time
from connectors.stream import Hook

ABOUT_INVITEES = frozenset({"invitee.created", "invitee.canceled"})

verify = signed(
    lambda body, secret, given: is_signed_with_time(body, secret, given, time.time()),
    "CALENDLY_SIGNING_KEY",
    "calendly-webhook-signature",
)


def receive(body: bytes, calendly: Calendly) -> Iterator[Hook]:
    """The invitee as the API tells one; a body that says no more than its address holds nobody."""
    with documented("calendly webhook"):
        told = parse(body)
        if told["event"] not in ABOUT_INVITEES:
            return
        invitee, event = told["payload"], told["payload"].get("scheduled_event") or {}
        row = named(invitee, {name: event[name] for name in ABOUT if event.get(name) is not None})
        if not isinstance(row["id"], str):
            raise TypeError
    yield Hook("responses", calendly.account, [row])
