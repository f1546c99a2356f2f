"""TikTok: files of leads made on demand and kept by region, errors with status 200, figures by day."""

from simulator.platforms.tiktok.api import TikTok

__all__ = ["TikTok"]
