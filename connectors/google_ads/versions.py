"""The version of the Google Ads API, and until when it will be served."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from connectors.versions import ApiVersion

VERSION = "v26"
SOURCE = "https://developers.google.com/google-ads/api/docs/sunset-dates"
# Google names the month long before and the day some weeks before: the first of the month is never too late.
ENDS = {
    "v23": date(2027, 2, 1),
    "v24": date(2027, 5, 1),
    "v25": date(2027, 8, 1),
    "v26": date(2027, 11, 1),
}


def api_version(settings: Mapping[str, Any]) -> ApiVersion | None:
    """The version in use; None for one that nobody here knows."""
    name = str(settings.get("version", VERSION))
    return ApiVersion(name, ENDS[name], is_announced=False, source=SOURCE) if name in ENDS else None
