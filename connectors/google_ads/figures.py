"""Google's figures by day, per ad and per campaign.

Some campaigns have no ads (Performance Max spends per group of assets): what their campaign cost stands at
the campaign alone, and a model sets the two against each other. Conversions are told by what they are in
a question of their own, for money is not split by them.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from connectors.ads import days_to_ask
from connectors.google_ads.api import GoogleAds
from connectors.google_ads.fetch import time_zone
from connectors.landing import key_reader
from connectors.side_by_side import in_order
from connectors.stream import Announced, Page, Row, Since

NAMES = {
    "ad_group_ad": "campaign.id, campaign.name, ad_group.id, ad_group.name, ad_group_ad.ad.id, "
    "ad_group_ad.ad.name",
    "campaign": "campaign.id, campaign.name",
}
KEYS = {"ad_group_ad": "adGroupAd.ad.id:segments.date", "campaign": "campaign.id:segments.date"}
COUNTED = (
    "customer.currency_code, segments.date, metrics.cost_micros, metrics.impressions, metrics.clicks, "
    "metrics.engagements"
)
LEADS = "customer.currency_code, segments.date, segments.conversion_action_category, metrics.all_conversions"
WINDOW = 30  # days asked for at once: an answer of a large account stays one that can be held


def _days(level: str, google: GoogleAds, account: str, since: Since) -> Iterator[Page | Announced]:
    """Figures per day, oldest first, each with its `leads`; days without delivery have no row."""
    windows = days_to_ask(since, google.today(time_zone(google, account)), WINDOW)
    calls = (partial(_of_window, level, google, account, first, last) for first, last in windows)
    yield from in_order(calls, google.at_once)


def _of_window(level: str, google: GoogleAds, account: str, first: date, last: date) -> Page:
    read_key = key_reader(KEYS[level])
    days = f"segments.date BETWEEN '{first}' AND '{last}'"
    rows = google.search(account, f"SELECT {NAMES[level]}, {COUNTED} FROM {level} WHERE {days}")
    won = google.search(
        account,
        f"SELECT {NAMES[level]}, {LEADS} FROM {level} WHERE {days} "
        "AND segments.conversion_action_category = 'SUBMIT_LEAD_FORM'",
    )
    leads = {key: row for row in won if (key := read_key(row))}
    told = {read_key(row) for row in rows}
    # Leads of a day on which nothing was shown stand alone.
    alone = [row for key, row in leads.items() if key not in told]
    return Page([_with_leads(row, leads.get(read_key(row))) for row in [*rows, *alone]])


def _with_leads(row: Any, won: Any) -> Any:
    metrics = won.get("metrics") if isinstance(won, dict) else None
    found = metrics.get("allConversions") if isinstance(metrics, dict) else None
    if not isinstance(row, dict) or not isinstance(found, int | float):
        return row
    made: Row = {**row, "leads": found}
    return made


ad_days, campaign_days = partial(_days, "ad_group_ad"), partial(_days, "campaign")
