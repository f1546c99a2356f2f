"""Gravity Forms: a plugin of somebody's own site, whose entries know their fields by number only."""

from simulator.platforms.gravity_forms.api import GravityForms

__all__ = ["GravityForms"]
