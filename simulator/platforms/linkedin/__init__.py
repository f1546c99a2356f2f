"""LinkedIn: forms in versions, queries written its own way, monthly versions that end, figures by day."""

from simulator.platforms.linkedin.api import LinkedIn

__all__ = ["LinkedIn"]
