"""The webhook: hints without personal data, several in a body, grouped by page.

The signed bytes have every letter outside ASCII as \\u and four digits: a receiver must never re-encode.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from simulator.ads import ad_of
from simulator.model import Campaign, Form, Lead
from simulator.platforms.meta.tokens import APP_SECRET

VERIFY_TOKEN = "sim-verify"


def delivery(
    leads: list[Lead], forms: Mapping[str, Form], campaigns: Mapping[str, Campaign]
) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST; ids come as text or as numbers."""
    entries: dict[str, dict[str, Any]] = {}
    for number, lead in enumerate(leads):
        page_id = forms[lead.form_id].account_id
        created = int(lead.created_at.timestamp())
        entry = entries.setdefault(page_id, {"id": page_id, "time": created, "changes": []})
        value: dict[str, Any] = {
            "leadgen_id": lead.lead_id if number % 2 else int(lead.lead_id),
            "page_id": page_id,
            "form_id": lead.form_id,
            "created_time": created,
        }
        campaign = None if lead.is_organic else campaigns.get(lead.campaign_id or "")
        if campaign:
            ad_id = ad_of(lead, campaign).ad_id
            value |= {"ad_id": ad_id, "adgroup_id": ad_id}
        elif number % 2:
            value["ad_id"] = 0
        entry["changes"].append({"field": "leadgen", "value": value})
    body = escaped({"object": "page", "entry": list(entries.values())})
    signature = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    legacy = hmac.new(APP_SECRET.encode(), body, hashlib.sha1).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Hub-Signature-256": f"sha256={signature}",
        "X-Hub-Signature": f"sha1={legacy}",
    }, body


def escaped(body: Any) -> bytes:
    """JSON in pure ASCII with lower-case escapes, slashes escaped too: the bytes Meta signs and sends."""
    return json.dumps(body, separators=(",", ":"), ensure_ascii=True).replace("/", "\\/").encode()
