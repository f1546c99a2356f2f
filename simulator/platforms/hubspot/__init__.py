"""HubSpot: contacts found by search and by list, subscriptions, merges and deletions, forms and answers."""

from simulator.platforms.hubspot.api import HubSpot

__all__ = ["HubSpot"]
