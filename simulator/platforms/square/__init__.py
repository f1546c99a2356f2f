"""Square: searches of one seller's customers and orders, its webhooks, and the files of its dashboard."""

from simulator.declared import Declared
from simulator.platforms.square.api import TOKEN, Square
from simulator.platforms.square.export import files
from simulator.platforms.square.push import ADDRESS, KEY, nth

DECLARED = Declared(
    Square,
    "shop",
    settings={
        "base_url": "/square/v2",
        "account": "maison",
        "per_second": 50,
        # It never says how long to wait; made-up trouble is over in no time.
        "longest_wait_seconds": 0.2,
    },
    secrets={"SQUARE_TOKEN": TOKEN, "SQUARE_WEBHOOK_KEY": KEY, "SQUARE_WEBHOOK_URL": ADDRESS},
    nth=nth,
    files=files,
)
