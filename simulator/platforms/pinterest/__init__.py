"""Pinterest: leads in files made on demand, ad by ad, lists that lead on by a bookmark, figures by day."""

from simulator.declared import Declared
from simulator.export_files import handed_out
from simulator.platforms.pinterest import export
from simulator.platforms.pinterest.api import TOKEN, Pinterest

ACCOUNT = "549755885175"

DECLARED = Declared(
    Pinterest,
    "ads",
    settings={
        "base_url": "/pinterest/v5",
        "ad_accounts": [ACCOUNT],
        "per_second": 50,
        "poll_seconds": 0.02,
        "longest_wait_seconds": 1.5,
    },
    secrets={"PINTEREST_TOKEN": TOKEN},
    account=ACCOUNT,
    counts=True,
    announces=False,
    files=handed_out("pinterest", export.write),
)
