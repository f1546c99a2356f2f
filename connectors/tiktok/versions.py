"""The version of TikTok's Business API."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from connectors.versions import ApiVersion

VERSION = "v1.3"
SOURCE = "https://business-api.tiktok.com/portal/docs?id=1740029173770242"
# The only one served for years; when its pages were last looked at (11/2026) they named no end.
LOOK_AGAIN = date(2027, 11, 30)


def api_version(settings: Mapping[str, Any]) -> ApiVersion | None:
    """The version in use; None for one that nobody here knows."""
    name = str(settings.get("version", VERSION))
    return ApiVersion(name, LOOK_AGAIN, is_announced=False, source=SOURCE) if name == VERSION else None
