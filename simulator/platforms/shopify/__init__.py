"""Shopify: the Admin GraphQL API of one shop, executed for real over a hand-written part of its schema."""

from simulator.declared import Declared
from simulator.platforms.shopify.api import CLIENT_ID, CLIENT_SECRET, Shopify
from simulator.platforms.shopify.export import files

DECLARED = Declared(
    Shopify,
    "shop",
    settings={"base_url": "/shopify", "shop": "maison-exemple"},
    secrets={"SHOPIFY_CLIENT_ID": CLIENT_ID, "SHOPIFY_CLIENT_SECRET": CLIENT_SECRET},
    files=files,
)
