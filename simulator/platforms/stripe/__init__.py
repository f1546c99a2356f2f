"""Stripe: the REST API of one account, its events, its signed webhooks and its dashboard's exports."""

from simulator.declared import Declared
from simulator.platforms.stripe.api import KEY, Stripe
from simulator.platforms.stripe.export import files
from simulator.platforms.stripe.push import SECRET, nth

DECLARED = Declared(
    Stripe,
    "shop",
    settings={
        "base_url": "/stripe",
        "account": "maison",
        "per_second": 50,
        "promotions_wording": "Keep me up to date by e-mail with news and offers",
    },
    secrets={"STRIPE_KEY": KEY, "STRIPE_WEBHOOK_SECRET": SECRET},
    announces=False,
    nth=nth,
    files=files,
)
