"""Trustpilot: the private reviews of one business unit, and their file."""

from simulator.declared import Declared
from simulator.platforms.trustpilot.api import KEY, SECRET, Trustpilot
from simulator.platforms.trustpilot.export import files
from simulator.platforms.trustpilot.nodes import UNIT

DECLARED = Declared(
    Trustpilot,
    "reviews",
    settings={
        "base_url": "/trustpilot",
        "account": "maison",
        "business_unit": UNIT,
        "per_second": 50,
        # Its refusals do not say how long to wait; made-up trouble is over in no time.
        "longest_wait_seconds": 0.2,
    },
    secrets={"TRUSTPILOT_KEY": KEY, "TRUSTPILOT_SECRET": SECRET},
    announces=False,
    files=files,
)
