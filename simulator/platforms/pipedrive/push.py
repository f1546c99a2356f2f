"""Pipedrive's webhook, version 2: one change a body, unsigned; a merger is a deletion that says into whom."""

import json
from typing import Any

from simulator.model import Company

WORD = "sim-pipedrive-word"


def delivery(action: str, key: int, data: dict[str, Any] | None, **more: Any) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST. `action`: create, change, delete."""
    meta = {
        "action": action,
        "entity": "person",
        "version": "2.0",
        "company_id": 12882925,
        "user_id": 18487521,
        "id": f"sim-{key}-{action}",
        "entity_id": str(key),
        "webhook_id": "99",
        "webhook_owner_id": "18487521",
        "permitted_user_ids": ["18487521"],
        "attempt": 1,
        "host": "maison-exemple.pipedrive.com",
        "timestamp": "2026-11-20T05:00:00.000Z",
        "change_source": "app",
        "is_bulk_edit": False,
    } | more
    body = {"data": data, "previous": None, "meta": meta}
    return {"Content-Type": "application/json"}, json.dumps(body, ensure_ascii=False).encode()


def nth(company: Company, number: int) -> tuple[dict[str, str], bytes]:
    """Somebody changed, each number another one."""
    return delivery("change", 10**6 + number, {"id": 10**6 + number, "name": "Ana Exemple"})
