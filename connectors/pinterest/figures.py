"""Pinterest's figures by day and ad, of the last ninety days: older ones cannot be asked for by day."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from connectors.pinterest.api import LARGEST, Pinterest
from connectors.pinterest.fetch import ads
from connectors.stream import Announced, BadAnswer, Page, Since

REACH = timedelta(days=89)
COLUMNS = (
    "SPEND_IN_MICRO_DOLLAR", "TOTAL_IMPRESSION", "TOTAL_IMPRESSION_USER", "TOTAL_CLICKTHROUGH",
    "TOTAL_ENGAGEMENT", "LEADS", "CAMPAIGN_NAME",
)  # fmt: skip


def days(pinterest: Pinterest, account: str, since: Since) -> Iterator[Page | Announced]:
    """Days of every ad; a day without delivery has no row."""
    today = (pinterest.http.date or pinterest.env.now()).date()
    first = max(since.moment.date(), today - REACH) if since.moment else today - REACH
    numbers = [
        str(ad["id"])
        for page in ads(pinterest, account, since)
        if isinstance(page, Page)
        for ad in page.rows
        if isinstance(ad, dict) and ad.get("id")
    ]
    for some in _lots(numbers):
        asked: dict[str, Any] = {
            "start_date": min(first, today).isoformat(),
            "end_date": today.isoformat(),
            "ad_ids": some,  # each a parameter of its own, while columns are one
            "columns": ",".join(COLUMNS),
            "granularity": "DAY",
        }
        rows = pinterest.get(f"ad_accounts/{account}/ads/analytics", asked)
        if not isinstance(rows, list):
            raise BadAnswer("pinterest ads/analytics: no list in the answer")
        if rows:
            yield Page(rows)


def _lots(numbers: list[str]) -> Iterator[list[str]]:
    unique = list(dict.fromkeys(numbers))
    return (unique[i : i + LARGEST] for i in range(0, len(unique), LARGEST))
