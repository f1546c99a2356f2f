"""Google Ads: one query language, answers in chunks that leave zeroes out, a key inside what is pushed."""

from simulator.platforms.google_ads.api import GoogleAds

__all__ = ["GoogleAds"]
