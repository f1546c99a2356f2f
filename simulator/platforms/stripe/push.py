"""Stripe's webhook: an event, its time and bytes signed together."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime

from simulator.model import Company
from simulator.platforms.stripe.nodes import Node
from simulator.platforms.stripe.nodes import event as event_of

SECRET = "whsec_sim"


def delivery(event: Node, at: int) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST, signed at that second; the old scheme's signature beside it."""
    body = json.dumps(event, indent=2).encode()
    signature = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    signed = f"t={at},v1={signature},v0={signature[::-1]}"
    return {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signed}, body


def nth(company: Company, number: int) -> tuple[dict[str, str], bytes]:
    """Signed now: an old signature is none."""
    at = datetime(2026, 11, 20, 5, tzinfo=UTC)
    told = event_of("customer.updated", at, {"id": f"cus_{number}", "object": "customer"})
    return delivery(told, int(time.time()))
