"""The shop's webhooks: a record as its API shows it, signed in base64; of a deleted one its number alone."""

import base64
import hashlib
import hmac
import json
from typing import Any

from simulator.model import Company

SECRET = "sim-woocommerce-secret"


def delivery(resource: str, event: str, body: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST: `resource` is customer or order, `event` created, updated or deleted."""
    sent = json.dumps(body, separators=(",", ":"), ensure_ascii=True).replace("/", "\\/").encode()
    digest = hmac.new(SECRET.encode(), sent, hashlib.sha256).digest()
    headers = {
        "Content-Type": "application/json",
        "X-WC-Webhook-Source": "https://maison-exemple.example/",
        "X-WC-Webhook-Topic": f"{resource}.{event}",
        "X-WC-Webhook-Resource": resource,
        "X-WC-Webhook-Event": event,
        "X-WC-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-WC-Webhook-ID": "7",
        "X-WC-Webhook-Delivery-ID": hashlib.md5(sent, usedforsecurity=False).hexdigest(),
    }
    return headers, sent


def nth(company: Company, number: int) -> tuple[dict[str, str], bytes]:
    told = {"id": number, "email": f"n{number}@courriel.example", "role": "customer"}
    return delivery("customer", "updated", told)
