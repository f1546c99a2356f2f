"""PrestaShop: the classic webservice of one shop in JSON, and the files it lets somebody download."""

from simulator.declared import Declared
from simulator.platforms.prestashop.api import KEY, PrestaShop
from simulator.platforms.prestashop.export import files
from simulator.platforms.prestashop.nodes import WORDING

DECLARED = Declared(
    PrestaShop,
    "shop",
    settings={
        "base_url": "/prestashop/api",
        "account": "maison",
        "per_second": 50,
        "newsletter_wording": WORDING,
    },
    secrets={"PRESTASHOP_KEY": KEY},
    files=files,
)
