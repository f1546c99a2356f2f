"""Stripe: the REST API of one account, its events, its signed webhooks and its dashboard's exports."""

from simulator.platforms.stripe.api import Stripe

__all__ = ["Stripe"]
