"""Pipedrive: people with their marketing status, deals in every state, an organization, mergers."""

from simulator.declared import Declared
from simulator.platforms.pipedrive.api import TOKEN, Pipedrive
from simulator.platforms.pipedrive.export import files
from simulator.platforms.pipedrive.push import WORD, nth

DECLARED = Declared(
    Pipedrive,
    "crm",
    settings={
        "base_url": "/pipedrive/api/v2",
        "account": "maison",
        "per_second": 50,
        # It asks for whole seconds; made-up trouble is over in no time.
        "longest_wait_seconds": 1.5,
    },
    secrets={"PIPEDRIVE_API_TOKEN": TOKEN, "PIPEDRIVE_WEBHOOK_SECRET": WORD},
    announces=False,
    nth=nth,
    word=WORD,
    files=files,
)
