"""The webhook: one lead in a body, ids as numbers, the form's key among the data, and nothing signed."""

import json
from collections.abc import Mapping
from typing import Any

from simulator.model import Campaign, Form, Lead
from simulator.platforms.google_ads.nodes import ad_ids, gclid, given

KEY = "sim-google-key"
NAMES = {
    "FULL_NAME": "Full Name",
    "FIRST_NAME": "First Name",
    "LAST_NAME": "Last Name",
    "EMAIL": "User Email",
    "PHONE_NUMBER": "User Phone",
    "COMPANY_NAME": "Company Name",
}


def delivery(
    leads: list[Lead], forms: Mapping[str, Form], campaigns: Mapping[str, Campaign]
) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST, which holds one lead."""
    [lead] = leads
    form = forms[lead.form_id]
    known, custom = given(lead, form)
    columns = [
        {"column_name": NAMES[field], "string_value": value, "column_id": field} for field, value in known
    ]
    # Of the company's own questions the id may be missing.
    columns += [{"column_name": words, "string_value": value} for words, value in custom]
    body: dict[str, Any] = {
        "lead_id": lead.lead_id,
        "user_column_data": columns,
        "api_version": "1.0",
        "form_id": int(form.form_id),
        **{name: int(number) for name, number in ad_ids(lead, campaigns).items()},
        "google_key": KEY,
        "gcl_id": gclid(lead),
        "lead_stage": "SUBMITTED",
        "lead_submit_time": f"{lead.created_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    if lead.person_id is None:  # "send test data", said of nobody else
        body |= {"is_test": True, "campaign_id": 0}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return {"Content-Type": "application/json"}, text.encode()
