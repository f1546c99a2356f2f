"""The webhook of a submission: a form of many parts, whose answers stand as JSON in one of them."""

import hashlib
import json

from simulator.model import Form, Lead
from simulator.platforms.jotform.nodes import asked, given

WORD = "sim-jotform-word"


def delivery(lead: Lead, form: Form) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST."""
    told = given(lead, form)
    raw = {f"q{number}_{name}": told[name] for number, name, _, _ in asked(form) if name in told}
    fields = {
        "action": "",
        "webhookURL": f"https://maison-exemple.example/hooks/jotform/{WORD}",
        "username": "maison_exemple",
        "formID": form.form_id,
        "type": "WEB",
        "formTitle": form.name,
        "submissionID": lead.lead_id,
        "ip": "192.0.2.7",
        "pretty": ", ".join(f"{text}:{told[name]}" for _, name, _, text in asked(form) if name in told),
        "rawRequest": json.dumps(raw, ensure_ascii=False),
    }
    boundary = f"----{hashlib.blake2b(lead.lead_id.encode(), digest_size=10).hexdigest()}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    body = "".join([*parts, f"--{boundary}--\r\n"]).encode()
    return {"Content-Type": f"multipart/form-data; boundary={boundary}"}, body
