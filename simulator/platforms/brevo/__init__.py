"""Brevo: contacts with their permission states, campaigns, custom events, blocked addresses."""

from simulator.declared import Declared
from simulator.platforms.brevo.api import KEY, Brevo
from simulator.platforms.brevo.export import files

DECLARED = Declared(
    Brevo,
    "mail",
    settings={"base_url": "/brevo/v3", "account": "maison"},
    secrets={"BREVO_API_KEY": KEY},
    files=files,
)
