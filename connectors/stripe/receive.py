"""Stripe's webhook: a signed event, in the shape of the day its endpoint was made; a hint to read."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.json_text import parse
from connectors.landing import at
from connectors.signatures import is_signed_with_time
from connectors.stream import BadAnswer, Hook
from connectors.stripe.api import Stripe
from connectors.stripe.fetch import KINDS, read, touched


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    secret, given = secrets.get("STRIPE_WEBHOOK_SECRET", ""), headers.get("stripe-signature", "")
    return is_signed_with_time(body, secret, given, time.time())


def receive(body: bytes, stripe: Stripe) -> Iterator[Hook]:
    """The object as it is now: events come twice, late and in any order."""
    try:
        event: Any = parse(body)
    except ValueError:
        raise BadAnswer("stripe webhook: no JSON") from None
    if not isinstance(event, dict) or not isinstance(event.get("type"), str):
        raise BadAnswer("stripe webhook: not the documented shape")
    if at(event, "object") != "event":
        return  # a thin event names no object of ours
    for stream, kind in KINDS.items():
        key = touched(kind, event)
        page = read(stripe, kind, key) if key else None
        if page:
            yield Hook(stream, stripe.account, page.rows, page.op)
