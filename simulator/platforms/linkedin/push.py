"""The webhook: one lead a body and no answers, only that there is one or is none any more; signed."""

import hashlib
import hmac
import json
from collections.abc import Mapping

from simulator.model import Campaign, Form, Lead
from simulator.platforms.linkedin.nodes import form_urn, milliseconds, paid, urn, version

CLIENT_SECRET = "sim-linkedin-secret"


def delivery(
    leads: list[Lead], forms: Mapping[str, Form], campaigns: Mapping[str, Campaign], action: str = "CREATED"
) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST."""
    [lead] = leads
    form = forms[lead.form_id]
    body = {
        "type": "LEAD_ACTION",
        "leadGenFormResponse": urn("leadGenFormResponse", lead.lead_id),
        "leadGenForm": form_urn(form, version(form, lead.created_at)),
        "owner": {"sponsoredAccount": urn("sponsoredAccount", form.account_id)},
        "leadType": "SPONSORED",
        "leadAction": action,
        "occurredAt": milliseconds(lead.visible_at),
    }
    if ad := paid(lead, campaigns):
        body["associatedEntity"] = {"associatedCreative": urn("sponsoredCreative", ad[1].ad_id)}
    sent = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    signature = hmac.new(CLIENT_SECRET.encode(), b"hmacsha256=" + sent, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-LI-Signature": signature}, sent
