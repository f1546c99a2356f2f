"""WooCommerce: the REST API v3 of one shop, its webhooks, and the files it lets somebody download."""

from simulator.declared import Declared
from simulator.platforms.woocommerce.api import KEY, SECRET, WooCommerce
from simulator.platforms.woocommerce.export import files
from simulator.platforms.woocommerce.nodes import BOX, WORDING
from simulator.platforms.woocommerce.push import SECRET as WEBHOOK_SECRET
from simulator.platforms.woocommerce.push import nth

DECLARED = Declared(
    WooCommerce,
    "shop",
    settings={
        "base_url": "/woocommerce/wp-json/wc/v3",
        "account": "maison",
        "per_second": 50,
        "consent_boxes": {BOX: WORDING},
    },
    secrets={
        "WOOCOMMERCE_KEY": KEY,
        "WOOCOMMERCE_SECRET": SECRET,
        "WOOCOMMERCE_WEBHOOK_SECRET": WEBHOOK_SECRET,
    },
    nth=nth,
    files=files,
)
