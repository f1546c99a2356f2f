"""Jotform: an envelope around everything, times of the account's zone, webhooks that nobody signs."""

from simulator.platforms.jotform.api import Jotform

__all__ = ["Jotform"]
