"""The versions of Salesforce's API: three a year, counted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from connectors.versions import ApiVersion

VERSION = "66.0"
SOURCE = "https://developer.salesforce.com/docs/platform/connect-rest-api/guide/intro_api_eol.html"
# Version 66 came with Spring '26. Each is supported for three years at the least, so far for many more.
KNOWN, RELEASED, YEARS_SERVED = 66, date(2026, 2, 1), 3


def api_version(settings: Mapping[str, Any]) -> ApiVersion | None:
    """The version in use; None for one that is no number. Its end is reckoned and refuses nobody."""
    name = str(settings.get("version", VERSION))
    number = name.removesuffix(".0")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        return None
    months = RELEASED.year * 12 + RELEASED.month - 1 + (int(number) - KNOWN) * 4
    ends = date(max(1, months // 12 + YEARS_SERVED), months % 12 + 1, 1)
    return ApiVersion(name, ends, is_announced=False, source=SOURCE)
