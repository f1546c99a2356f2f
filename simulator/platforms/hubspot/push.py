"""HubSpot's webhook: up to a hundred events in a list, signed with address and time."""

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime
from typing import Any

from simulator.model import Company

SECRET = "sim-hubspot-secret"
ADDRESS = "https://hooks.maison-exemple.example/hooks/hubspot"
PORTAL = 24680135


def event(kind: str, key: str, at_ms: int, **more: Any) -> dict[str, Any]:
    """`kind`: creation, propertyChange, deletion, privacyDeletion, merge, restore."""
    base = {
        "eventId": int(hashlib.blake2b(f"{kind}{key}{at_ms}".encode(), digest_size=4).hexdigest(), 16),
        "subscriptionId": 3301,
        "portalId": PORTAL,
        "appId": 991,
        "occurredAt": at_ms,
        "subscriptionType": f"contact.{kind}",
        "attemptNumber": 0,
        "objectId": int(key),
    }
    if kind == "propertyChange":
        base |= {"propertyName": "email", "propertyValue": "told@courriel.example", "changeSource": "CRM_UI"}
    return base | more


def delivery(events: list[dict[str, Any]], at_ms: int) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST, signed at that moment; an older signature beside the one of today."""
    body = json.dumps(events, separators=(",", ":"), ensure_ascii=False).encode()
    stamp = str(at_ms)
    digest = hmac.new(SECRET.encode(), b"POST" + ADDRESS.encode() + body + stamp.encode(), hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        "X-HubSpot-Signature": hashlib.sha256(SECRET.encode() + body).hexdigest(),
        "X-HubSpot-Signature-Version": "v1",
        "X-HubSpot-Signature-v3": base64.b64encode(digest.digest()).decode(),
        "X-HubSpot-Request-Timestamp": stamp,
    }
    return headers, body


def nth(company: Company, number: int) -> tuple[dict[str, str], bytes]:
    """Signed now: an old signature is none."""
    at = datetime(2026, 11, 20, 5, tzinfo=UTC)
    told = event("creation", str(10**10 + number), round(at.timestamp() * 1000))
    return delivery([told], round(time.time() * 1000))
