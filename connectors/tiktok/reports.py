"""TikTok's figures by day, per ad and per campaign, and the advertiser whose money and days they are in."""

from collections.abc import Iterator
from functools import partial

from connectors.ads import days_to_ask
from connectors.stream import Announced, BadAnswer, Page, Since
from connectors.tiktok.api import TikTok

# Of an advertiser the platform would also tell who to call.
FIELDS = ["advertiser_id", "name", "currency", "timezone", "display_timezone", "status"]
COUNTED = ["spend", "impressions", "reach", "clicks", "likes", "comments", "shares", "onsite_form"]
NAMES = {
    "ad": ["campaign_id", "campaign_name", "adgroup_id", "adgroup_name", "ad_name"],
    "campaign": ["campaign_name"],
}
SIZE, WINDOW = 1000, 30  # rows of a page; days that may be asked for at once, by day


def info(tiktok: TikTok, account: str, since: Since) -> Iterator[Page | Announced]:
    """The advertiser: in which money and in whose days it reports."""
    found = tiktok.get("advertiser/info/", {"advertiser_ids": [account], "fields": FIELDS}).get("list")
    if not isinstance(found, list):
        raise BadAnswer("tiktok advertiser/info/: no list in the answer")
    yield Page(found)


def _report(level: str, tiktok: TikTok, account: str, since: Since) -> Iterator[Page | Announced]:
    """Figures per day, oldest first; days without delivery have no row."""
    [owner] = [page.rows for page in info(tiktok, account, since) if isinstance(page, Page)]
    zone = owner[0].get("timezone") if owner and isinstance(owner[0], dict) else None
    for first, last in days_to_ask(since, tiktok.today(zone), WINDOW):
        params = {
            "advertiser_id": account,
            "report_type": "BASIC",
            "data_level": f"AUCTION_{level.upper()}",
            "dimensions": [f"{level}_id", "stat_time_day"],
            "metrics": [*COUNTED, *NAMES[level]],
            "start_date": first.isoformat(),
            "end_date": last.isoformat(),
            # Else what was deleted meanwhile takes its past along.
            "filtering": [
                {"field_name": f"{level}_status", "filter_type": "IN", "filter_value": '["STATUS_ALL"]'}
            ],
        }
        for rows in tiktok.pages("report/integrated/get/", params, SIZE):
            yield Page([_dated(row) for row in rows])


def _dated(row: object) -> object:
    """The row, beside its own time the day it stands for; what is no object goes on as it is."""
    dimensions = row.get("dimensions") if isinstance(row, dict) else None
    day = dimensions.get("stat_time_day") if isinstance(dimensions, dict) else None
    return row | {"day": day[:10]} if isinstance(row, dict) and isinstance(day, str) else row


ad_reports, campaign_reports = partial(_report, "ad"), partial(_report, "campaign")
