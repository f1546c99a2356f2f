"""The webhook: a submission with its answers, signed; no response_id in it, the token is the key."""

import base64
import hashlib
import hmac
import json

from simulator.model import Form, Lead
from simulator.platforms.typeform import nodes

SECRET = "sim-typeform-secret"


def delivery(lead: Lead, form: Form) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST."""
    row = nodes.response(lead, form)
    kept = ("landed_at", "submitted_at", "hidden", "calculated", "variables", "answers")
    definition = nodes.form_definition(form)
    submission = {
        "form_id": form.form_id,
        "token": lead.lead_id,
        **{name: row[name] for name in kept if name in row},
        "definition": {name: definition[name] for name in ("id", "title", "fields", "hidden")},
        "ending": {"id": "default_tys", "ref": "default_tys"},
    }
    event = {
        "event_id": hashlib.blake2b(f"event {lead.lead_id}".encode(), digest_size=13).hexdigest(),
        "event_type": "form_response",
        "form_response": submission,
    }
    body = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
    signature = f"sha256={base64.b64encode(digest).decode()}"
    return {"Content-Type": "application/json", "Typeform-Signature": signature}, body
