"""Brevo: contacts with their permission states, campaigns, custom events, blocked addresses."""

from simulator.platforms.brevo.api import Brevo

__all__ = ["Brevo"]
