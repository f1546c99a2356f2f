"""Stripe's webhook: an event, its time and bytes signed together."""

import hashlib
import hmac
import json

from simulator.platforms.stripe.nodes import Node

SECRET = "whsec_sim"


def delivery(event: Node, at: int) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST, signed at that second; the old scheme's signature beside it."""
    body = json.dumps(event, indent=2).encode()
    signature = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    signed = f"t={at},v1={signature},v0={signature[::-1]}"
    return {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signed}, body
