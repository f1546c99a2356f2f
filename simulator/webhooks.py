"""What the platforms push when a lead comes in: signed bodies, batched, some of them twice.

Meta's is a hint without personal data; Typeform's holds the answers. Both sign the bytes they send, and
Meta writes every letter outside ASCII as \\u and four digits first, so a receiver must never re-encode.
"""

import base64
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

from simulator.ads import ad_of
from simulator.model import Company, Form, Lead
from simulator.platforms.google_ads.push import delivery as google_ads
from simulator.platforms.gravity_forms.push import delivery as gravity_forms
from simulator.platforms.jotform.push import delivery as jotform
from simulator.platforms.linkedin.push import delivery as linkedin
from simulator.platforms.meta.tokens import APP_SECRET
from simulator.platforms.tally.push import delivery as tally
from simulator.platforms.tiktok.push import delivery as tiktok
from simulator.platforms.typeform import nodes as typeform

VERIFY_TOKEN = "sim-verify"
TYPEFORM_SECRET = "sim-typeform-secret"
FORM_TOOLS = {"jotform": jotform, "tally": tally, "gravity_forms": gravity_forms}
# Whose bodies hold leads or hint at them, and how many at once.
AD_PLATFORMS = {"tiktok": tiktok, "linkedin": linkedin, "google_ads": google_ads}
CHANGES_PER_BODY = 3
MOST_LEADS = {"linkedin": 1, "google_ads": 1}
TIMEOUT = 10


@dataclass(frozen=True)
class Delivery:
    """One POST a platform makes."""

    platform: str
    headers: dict[str, str]
    body: bytes
    leads: tuple[str, ...]


def deliveries(company: Company, since: datetime, until: datetime) -> list[Delivery]:
    """Everything pushed for leads that became visible after `since`, up to `until`, in that order."""
    forms = {form.form_id: form for form in company.forms}
    new = [lead for lead in company.leads if since < lead.visible_at <= until]
    new.sort(key=lambda lead: (lead.visible_at, lead.lead_id))
    hints = [lead for lead in new if lead.platform == "meta"]
    made = [
        meta_delivery(hints[i : i + CHANGES_PER_BODY], company, forms)
        for i in range(0, len(hints), CHANGES_PER_BODY)
    ]
    made += [typeform_delivery(lead, forms[lead.form_id]) for lead in new if lead.platform == "typeform"]
    made += [
        Delivery(lead.platform, *FORM_TOOLS[lead.platform](lead, forms[lead.form_id]), (lead.lead_id,))
        for lead in new
        if lead.platform in FORM_TOOLS
    ]
    for name, push in AD_PLATFORMS.items():
        own = [lead for lead in new if lead.platform == name]
        campaigns = {one.campaign_id: one for one in company.campaigns if one.platform == name}
        most = MOST_LEADS.get(name, CHANGES_PER_BODY)
        for some in (own[i : i + most] for i in range(0, len(own), most)):
            made.append(Delivery(name, *push(some, forms, campaigns), tuple(lead.lead_id for lead in some)))
    return list(_at_least_once(made))


def _at_least_once(made: Iterable[Delivery]) -> Iterator[Delivery]:
    for number, delivery in enumerate(made):
        yield delivery
        if number % 10 == 9:
            yield delivery


def meta_delivery(leads: list[Lead], company: Company, forms: Mapping[str, Form]) -> Delivery:
    """One body of several changes, grouped by page; ids come as text or as numbers."""
    campaigns = {campaign.campaign_id: campaign for campaign in company.campaigns}
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
    headers = {
        "Content-Type": "application/json",
        "X-Hub-Signature-256": f"sha256={signature}",
        "X-Hub-Signature": f"sha1={legacy}",
    }
    return Delivery("meta", headers, body, tuple(lead.lead_id for lead in leads))


def escaped(body: Any) -> bytes:
    """JSON in pure ASCII with lower-case escapes, slashes escaped too: the bytes Meta signs and sends."""
    return json.dumps(body, separators=(",", ":"), ensure_ascii=True).replace("/", "\\/").encode()


def typeform_delivery(lead: Lead, form: Form) -> Delivery:
    """One submission with its answers; no response_id in it, the token is the key."""
    row = typeform.response(lead, form)
    kept = ("landed_at", "submitted_at", "hidden", "calculated", "variables", "answers")
    definition = typeform.form_definition(form)
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
    digest = hmac.new(TYPEFORM_SECRET.encode(), body, hashlib.sha256).digest()
    signature = f"sha256={base64.b64encode(digest).decode()}"
    headers = {"Content-Type": "application/json", "Typeform-Signature": signature}
    return Delivery("typeform", headers, body, (lead.lead_id,))


def subscribe(receiver: str) -> bool:
    """Meta's handshake with a receiver's address: does it give the challenge back?"""
    challenge = str(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()))
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": challenge}
    answer = requests.get(receiver, params=asked, timeout=TIMEOUT)
    return answer.status_code == 200 and answer.text == challenge


def send(made: Iterable[Delivery], receivers: Mapping[str, str]) -> Counter[int]:
    """Post each delivery to its platform's receiver; how often each status came back."""
    statuses: Counter[int] = Counter()
    with requests.Session() as session:
        session.trust_env = False
        for delivery in made:
            if delivery.platform in receivers:
                answer = session.post(
                    receivers[delivery.platform],
                    data=delivery.body,
                    headers=delivery.headers,
                    timeout=TIMEOUT,
                )
                statuses[answer.status_code] += 1
    return statuses
