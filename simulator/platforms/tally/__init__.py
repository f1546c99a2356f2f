"""Tally: forms, submissions newest first in pages by number, signed webhooks, the CSV export."""

from simulator.platforms.tally.api import Tally

__all__ = ["Tally"]
