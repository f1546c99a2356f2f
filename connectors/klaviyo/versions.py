"""The revisions of Klaviyo's API: one a quarter, named after its day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from connectors.versions import ApiVersion

VERSION = "2026-07-15"
SOURCE = "https://developers.klaviyo.com/en/docs/api_versioning_and_deprecation_policy"
YEARS_SERVED = 2  # a year as it is, another one deprecated; then 410, or answers of a later one


def api_version(settings: Mapping[str, Any]) -> ApiVersion | None:
    """The revision in use; None for one that is no day. Its end follows from the vendor's policy and is
    reckoned, so that it refuses nobody."""
    name = str(settings.get("version", VERSION))
    try:
        released = date.fromisoformat(name)
        ends = released.replace(year=released.year + YEARS_SERVED)
    except ValueError:
        return None
    return ApiVersion(name, ends, is_announced=False, source=SOURCE)
