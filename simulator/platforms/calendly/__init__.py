"""Calendly: events by when they start, invitees of each, moved and cancelled ones, a signed webhook."""

from simulator.declared import Declared, lead_by_lead
from simulator.platforms.calendly.api import TOKEN, Calendly
from simulator.platforms.calendly.export import files
from simulator.platforms.calendly.push import SIGNING_KEY, delivery

DECLARED = Declared(
    Calendly,
    "forms",
    settings={
        "base_url": "/calendly",
        "account": "maison",
        "per_second": 200,
        # It does not always say how long to wait; made-up trouble is over in no time.
        "longest_wait_seconds": 1.5,
    },
    secrets={"CALENDLY_TOKEN": TOKEN, "CALENDLY_SIGNING_KEY": SIGNING_KEY},
    announces=False,
    push=lead_by_lead(delivery),
    files=files,
)
