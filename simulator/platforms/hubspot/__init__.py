"""HubSpot: contacts found by search and by list, subscriptions, merges and deletions, forms and answers."""

from simulator.declared import Declared
from simulator.platforms.hubspot.api import TOKEN, HubSpot
from simulator.platforms.hubspot.push import ADDRESS, PORTAL, SECRET, nth

DECLARED = Declared(
    HubSpot,
    "crm",
    settings={
        "base_url": "/hubspot",
        "account": str(PORTAL),
        "per_second": 50,
        "searches_per_second": 50,
        # Of two refusals one does not say how long to wait; made-up trouble is over in no time.
        "longest_wait_seconds": 0.2,
    },
    secrets={"HUBSPOT_TOKEN": TOKEN, "HUBSPOT_CLIENT_SECRET": SECRET, "HUBSPOT_WEBHOOK_URL": ADDRESS},
    nth=nth,
)
