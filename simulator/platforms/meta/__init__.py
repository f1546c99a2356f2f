"""Meta: Graph API for lead ads and insights, as far as a reader of leads and spend needs it."""

from simulator.declared import Declared
from simulator.platforms.meta.export import files
from simulator.platforms.meta.graph import Meta
from simulator.platforms.meta.push import VERIFY_TOKEN, delivery
from simulator.platforms.meta.tokens import APP_SECRET, TOKEN

DECLARED = Declared(
    Meta,
    "ads",
    # Made-up platforms allow more calls a second than real ones; the demo would wait for nothing.
    settings={"base_url": "/meta", "ad_accounts": ["act_500001"], "per_second": 50},
    secrets={"META_TOKEN": TOKEN, "META_APP_SECRET": APP_SECRET, "META_VERIFY_TOKEN": VERIFY_TOKEN},
    push=delivery,
    leads_at_once=3,
    files=files,
)
