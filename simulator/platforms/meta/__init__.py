"""Meta: Graph API for lead ads and insights, as far as a reader of leads and spend needs it."""

from simulator.platforms.meta.graph import Meta

__all__ = ["Meta"]
