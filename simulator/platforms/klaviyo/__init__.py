"""Klaviyo: profiles with consent per channel and suppressions, events by metric, campaigns, their report."""

from simulator.declared import Declared
from simulator.platforms.klaviyo.api import KEY, Klaviyo
from simulator.platforms.klaviyo.export import files
from simulator.platforms.klaviyo.push import SECRET, nth

DECLARED = Declared(
    Klaviyo,
    "mail",
    settings={"base_url": "/klaviyo/api", "account": "maison", "per_second": 500},
    secrets={"KLAVIYO_API_KEY": KEY, "KLAVIYO_WEBHOOK_SECRET": SECRET},
    announces=False,
    nth=nth,
    files=files,
)
