"""The versions of the Marketing API, from the vendor's own table of versions."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from connectors.versions import ApiVersion

VERSION = "v26.0"
SOURCE = "https://developers.facebook.com/docs/graph-api/changelog"
# Introduced, and available until; None: not announced yet. The ads side of a version ends well before the two
# years that the rest of it lives.
TABLE = {
    "v24.0": (date(2025, 10, 8), date(2026, 10, 6)),
    "v25.0": (date(2026, 2, 18), None),
    "v26.0": (date(2026, 7, 29), None),
}
# v23.0 and v24.0 lived 376 and 363 days.
USUAL_LIFE = timedelta(days=360)


def api_version(settings: Mapping[str, Any]) -> ApiVersion | None:
    """The version in use; None for one that this table does not know."""
    name = str(settings.get("version", VERSION))
    if name not in TABLE:
        return None
    introduced, until = TABLE[name]
    return ApiVersion(name, until or introduced + USUAL_LIFE, until is not None, SOURCE)
