"""Typeform: forms and responses, personal and rotating OAuth tokens."""

from simulator.platforms.typeform.api import Typeform

__all__ = ["Typeform"]
