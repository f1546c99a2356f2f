"""Typeform: forms and responses, personal and rotating OAuth tokens."""

from simulator.declared import Declared, lead_by_lead
from simulator.platforms.typeform.api import TOKEN, Typeform
from simulator.platforms.typeform.export import files
from simulator.platforms.typeform.push import SECRET, delivery

DECLARED = Declared(
    Typeform,
    "forms",
    settings={"base_url": "/typeform", "account": "maison", "per_second": 50},
    secrets={"TYPEFORM_TOKEN": TOKEN, "TYPEFORM_WEBHOOK_SECRET": SECRET},
    push=lead_by_lead(delivery),
    files=files,
)
