"""Klaviyo's system webhook: events in a list, each as its API tells it; body and time signed together."""

import hashlib
import hmac
import json
from typing import Any

from simulator.model import Company

SECRET = "sim-klaviyo-secret"


def delivery(events: list[dict[str, Any]], topic: str, stamp: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST."""
    data = [{"external_id": one["id"], "topic": topic, "payload": {"data": one}} for one in events]
    meta = {"timestamp": stamp, "version": "1.0", "klaviyo_account_id": "Xa1B2c", "klaviyo_webhook_id": "wh1"}
    body = json.dumps({"data": data, "meta": meta}, separators=(",", ":"), ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "Klaviyo-Webhook-Id": "wh1",
        "Klaviyo-Timestamp": stamp,
        "Klaviyo-Signature": hmac.new(SECRET.encode(), body + stamp.encode(), hashlib.sha256).hexdigest(),
    }
    return headers, body


def nth(company: Company, number: int) -> tuple[dict[str, str], bytes]:
    """A click of somebody's, each number another one's."""
    whose = {"profile": {"data": {"type": "profile", "id": f"01SIM{number}"}}}
    told = {"type": "event", "id": f"e{number}", "relationships": whose}
    return delivery([told], "event:klaviyo.clicked_email", "2026-11-20T05:00:00+00:00")
