"""Google Ads: one query language, answers in chunks that leave zeroes out, a key inside what is pushed."""

from simulator.declared import Declared
from simulator.export_files import handed_out
from simulator.platforms.google_ads import export
from simulator.platforms.google_ads.api import DEVELOPER_TOKEN, MANAGER, REFRESH_TOKEN, GoogleAds
from simulator.platforms.google_ads.push import KEY, delivery

CUSTOMER = "1234567890"

DECLARED = Declared(
    GoogleAds,
    "ads",
    settings={
        "base_url": "/google_ads",
        "customers": [CUSTOMER],
        "manager": MANAGER,
        "per_second": 50,
        # A little longer than it asks anybody to wait.
        "longest_wait_seconds": 1.5,
    },
    secrets={
        "GOOGLE_ADS_DEVELOPER_TOKEN": DEVELOPER_TOKEN,
        "GOOGLE_ADS_CLIENT_ID": "sim-google-client",
        "GOOGLE_ADS_CLIENT_SECRET": "sim-google-secret",
        "GOOGLE_ADS_REFRESH_TOKEN": REFRESH_TOKEN,
        "GOOGLE_ADS_WEBHOOK_KEY": KEY,
    },
    account=CUSTOMER,
    counts=True,
    announces=False,
    push=delivery,
    key=KEY,
    files=handed_out("google_ads", export.write),
)
