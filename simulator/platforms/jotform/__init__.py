"""Jotform: an envelope around everything, times of the account's zone, webhooks that nobody signs."""

from simulator.declared import Declared, lead_by_lead
from simulator.export_files import submissions
from simulator.platforms.jotform import export
from simulator.platforms.jotform.api import KEY, Jotform
from simulator.platforms.jotform.push import WORD, delivery

DECLARED = Declared(
    Jotform,
    "forms",
    settings={"base_url": "/jotform", "account": "maison", "per_second": 50},
    secrets={"JOTFORM_API_KEY": KEY, "JOTFORM_WEBHOOK_SECRET": WORD},
    counts=True,
    push=lead_by_lead(delivery),
    word=WORD,
    files=submissions("jotform", export),
)
