"""TikTok: files of leads made on demand and kept by region, errors with status 200, figures by day."""

from simulator.declared import Declared
from simulator.export_files import handed_out
from simulator.platforms.tiktok import export
from simulator.platforms.tiktok.api import TOKEN, TikTok
from simulator.platforms.tiktok.push import APP_SECRET, delivery

ADVERTISER = "7012345678901234567"

DECLARED = Declared(
    TikTok,
    "ads",
    settings={
        "base_url": "/tiktok",
        "advertisers": [ADVERTISER],
        "per_second": 50,
        "poll_seconds": 0.02,
        # It never says how long to wait; made-up trouble is over in no time.
        "longest_wait_seconds": 0.2,
    },
    secrets={"TIKTOK_TOKEN": TOKEN, "TIKTOK_APP_SECRET": APP_SECRET},
    account=ADVERTISER,
    counts=True,
    announces=False,
    push=delivery,
    leads_at_once=3,
    files=handed_out("tiktok", export.write),
)
