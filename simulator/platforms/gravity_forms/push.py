"""The webhook of the add-on: the entry as it is kept, without the words of its form, and signed by nobody.

Every other one is sent as a form and not as JSON, which is the site's choice, too.
"""

import json
from urllib.parse import urlencode

from simulator.model import Form, Lead
from simulator.platforms.gravity_forms.nodes import entry

WORD = "sim-gravity-word"


def delivery(lead: Lead, form: Form) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST."""
    row = entry(lead, form)
    if int(lead.lead_id) % 2:
        fields = {name: "" if value is None else value for name, value in row.items()}
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(fields).encode()
    # Here what the API tells as text is a number.
    row |= {name: int(row[name]) for name in ("id", "form_id", "is_starred", "is_read")}
    # The plugin's JSON is PHP's.
    body = json.dumps(row, separators=(",", ":")).replace("/", "\\/")
    return {"Content-Type": "application/json"}, body.encode()
