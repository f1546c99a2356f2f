"""Mailchimp: two audiences with their groups, members in every state, reports and what each reader did."""

from simulator.declared import Declared
from simulator.platforms.mailchimp.api import KEY, Mailchimp
from simulator.platforms.mailchimp.push import WORD, nth

DECLARED = Declared(
    Mailchimp,
    "mail",
    settings={"base_url": "/mailchimp/3.0", "per_second": 50},
    secrets={"MAILCHIMP_API_KEY": KEY, "MAILCHIMP_WEBHOOK_SECRET": WORD},
    nth=nth,
    word=WORD,
)
