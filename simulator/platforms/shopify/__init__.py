"""Shopify: the Admin GraphQL API of one shop, executed for real over a hand-written part of its schema."""

from simulator.platforms.shopify.api import Shopify

__all__ = ["Shopify"]
