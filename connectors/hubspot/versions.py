"""The versions of HubSpot's API."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from connectors.versions import ApiVersion

VERSION = "2026-03"
KNOWN = frozenset({VERSION, "2026-09"})
SOURCE = (
    "https://developers.hubspot.com/changelog/legacy-apis-and-legacy-apps-whats-going-unsupported-and-when"
)
# Forms and their answers are told under numbered paths only (marketing/v3, form-integrations/v1), supported
# until September 2027; a dated version is for 18 months at the least.
SUPPORTED_UNTIL = date(2027, 9, 1)


def api_version(settings: Mapping[str, Any]) -> ApiVersion | None:
    """The version in use; None for one that nobody here knows. What is no longer supported is not switched
    off that day: the end is reckoned, and refuses nobody."""
    name = str(settings.get("version", VERSION))
    return ApiVersion(name, SUPPORTED_UNTIL, is_announced=False, source=SOURCE) if name in KNOWN else None
