"""What the platforms push when a lead comes in: the bodies their own `push.py` makes, some of them twice."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import requests

from simulator.fleet import FLEET
from simulator.model import Company
from simulator.platforms.meta.push import VERIFY_TOKEN

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
    campaigns = {campaign.campaign_id: campaign for campaign in company.campaigns}
    new = [lead for lead in company.leads if since < lead.visible_at <= until]
    new.sort(key=lambda lead: (lead.visible_at, lead.lead_id))
    made = []
    for name, platform in FLEET.items():
        own, most = [lead for lead in new if lead.platform == name], platform.leads_at_once
        for some in (own[i : i + most] for i in range(0, len(own), most)):
            if platform.push:
                sent = platform.push(some, forms, campaigns)
                made.append(Delivery(name, *sent, tuple(lead.lead_id for lead in some)))
    return list(_at_least_once(made))


def _at_least_once(made: Iterable[Delivery]) -> Iterator[Delivery]:
    for number, delivery in enumerate(made):
        yield delivery
        if number % 10 == 9:
            yield delivery


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
