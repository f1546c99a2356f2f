"""The webhook of a submission: signed in base64 without a prefix, choices told by id."""

import base64
import hashlib
import hmac
import json
import uuid

from simulator.model import Form, Lead
from simulator.platforms.tally.nodes import fields, stamp

SECRET = "sim-tally-secret"


def delivery(lead: Lead, form: Form) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST."""
    event = {
        "eventId": str(uuid.uuid5(uuid.NAMESPACE_OID, f"event {lead.lead_id}")),
        "eventType": "FORM_RESPONSE",
        "createdAt": stamp(lead.visible_at),
        "data": {
            "responseId": lead.lead_id,
            "submissionId": lead.lead_id,
            "respondentId": f"r{lead.lead_id[:6]}",
            "formId": form.form_id,
            "formName": form.name,
            "createdAt": stamp(lead.created_at),
            "fields": list(fields(lead, form)),
        },
    }
    body = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
    signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    return {"Content-Type": "application/json", "Tally-Signature": signature}, body
