"""Yotpo: the reviews of one shop, who left its mails, and the file of reviews."""

from simulator.declared import Declared
from simulator.platforms.yotpo.api import APP_KEY, SECRET, Yotpo
from simulator.platforms.yotpo.export import files

DECLARED = Declared(
    Yotpo,
    "reviews",
    settings={"base_url": "/yotpo", "account": "maison", "app_key": APP_KEY, "per_second": 50},
    secrets={"YOTPO_SECRET": SECRET},
    announces=False,
    files=files,
)
