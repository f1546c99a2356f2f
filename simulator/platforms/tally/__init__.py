"""Tally: forms, submissions newest first in pages by number, signed webhooks, the CSV export."""

from simulator.declared import Declared, lead_by_lead
from simulator.export_files import submissions
from simulator.platforms.tally import export
from simulator.platforms.tally.api import KEY, Tally
from simulator.platforms.tally.push import SECRET, delivery

DECLARED = Declared(
    Tally,
    "forms",
    settings={"base_url": "/tally", "account": "maison", "per_second": 50},
    secrets={"TALLY_API_KEY": KEY, "TALLY_SIGNING_SECRET": SECRET},
    push=lead_by_lead(delivery),
    files=submissions("tally", export),
)
