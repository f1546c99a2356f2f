"""The monthly versions of LinkedIn's Marketing API, named in a header that every call must carry."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from connectors.versions import ApiVersion

VERSION = "202607"
SOURCE = "https://learn.microsoft.com/linkedin/marketing/integrations/migrations"
# The days on which the vendor's table says that versions end (read 11/2026).
ANNOUNCED = {
    "202511": date(2026, 11, 16),
    "202601": date(2027, 1, 15),
    "202602": date(2027, 2, 15),
    "202603": date(2027, 3, 16),
}
# A version lives for a year at least; those in the table ended between the 15th and the 22nd.
USUAL_DAY = 15


def api_version(settings: Mapping[str, Any]) -> ApiVersion | None:
    """The version in use; None for what is no year and month."""
    name = str(settings.get("version", VERSION))
    if not re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", name):
        return None
    reckoned = date(int(name[:4]) + 1, int(name[4:]), USUAL_DAY)
    return ApiVersion(name, ANNOUNCED.get(name, reckoned), name in ANNOUNCED, SOURCE)
