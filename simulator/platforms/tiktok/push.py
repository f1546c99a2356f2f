"""The webhook: several leads in a body, ids as numbers of 19 digits, signed with the app's secret.

The signature is over the body with every letter beyond ASCII escaped, while the letters are sent as they are.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from simulator.model import Campaign, Form, Lead
from simulator.platforms.tiktok.nodes import ad_names, given

APP_SECRET = "sim-tiktok-secret"


def delivery(
    leads: list[Lead], forms: Mapping[str, Form], campaigns: Mapping[str, Campaign]
) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST."""
    body = {
        "object": 1,
        "time": int(max(lead.visible_at for lead in leads).timestamp()),
        "entry": [_entry(lead, forms[lead.form_id], campaigns) for lead in leads],
    }
    compact = {"separators": (",", ":")}
    signed = json.dumps(body, ensure_ascii=True, **compact).encode()
    signature = hmac.new(APP_SECRET.encode(), signed, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Open-Signature": signature}
    return headers, json.dumps(body, ensure_ascii=False, **compact).encode()


def _entry(lead: Lead, form: Form, campaigns: Mapping[str, Campaign]) -> dict[str, Any]:
    ad = ad_names(lead, campaigns)
    kinds = ("campaign", "adgroup", "ad")
    return {
        "id": int(lead.lead_id),
        "lead_source": "INSTANT_FORM",
        "page_id": int(form.form_id),
        "page_name": form.name,
        "advertiser_id": int(form.account_id),
        "advertiser_name": "Maison Exemple",
        "library_id": 0,
        **{f"{kind}_id": int(ad.get(f"{kind}_id", 0)) for kind in kinds},
        **{f"{kind}_name": ad.get(f"{kind}_name", "") for kind in kinds},
        "create_time": int(lead.created_at.timestamp()),
        "changes": [{"field": field, "value": answer} for field, _, answer in given(lead, form) if answer],
    }
