"""Square's webhook: an event of one record, signed together with the address it is sent to."""

import base64
import hashlib
import hmac
import json
from typing import Any

from simulator.model import Company

KEY = "sim-square-key"
ADDRESS = "https://hooks.maison-exemple.example/hooks/square"


def event(kind: str, key: str, told: dict[str, Any], at: str = "2026-11-20T05:00:00Z") -> dict[str, Any]:
    """`kind` is customer.created, order.updated and so on; `told` what stands in `data.object`."""
    digest = hashlib.md5(f"{kind}{key}{at}".encode(), usedforsecurity=False).hexdigest()
    return {
        "merchant_id": "MSIMULATED",
        "type": kind,
        "event_id": digest,
        "created_at": at,
        "data": {"type": kind.partition(".")[0], "id": key, "object": told},
    }


def merge(sources: tuple[str, str], customer: dict[str, Any]) -> dict[str, Any]:
    """Told of the profile that two became."""
    told = {"merge": {"from_customer_ids": list(sources), "to_customer_id": customer["id"]}}
    return event("customer.created", customer["id"], {"customer": customer, "event_context": told})


def delivery(told: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST."""
    body = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
    digest = hmac.new(KEY.encode(), ADDRESS.encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "x-square-hmacsha256-signature": base64.b64encode(digest).decode(),
    }, body


def nth(company: Company, number: int) -> tuple[dict[str, str], bytes]:
    return delivery(event("customer.deleted", f"CUSTOMER{number}", {}))
