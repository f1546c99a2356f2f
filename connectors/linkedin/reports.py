"""LinkedIn's ad account, its campaigns and creatives with their names, and their figures by day.

Money is in the account's currency; days are those of Greenwich. Figures move for weeks. What LinkedIn calls a
creative is an ad, and there is no level between it and its campaign.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import Any

from connectors.ads import days_to_ask
from connectors.landing import at
from connectors.linkedin.api import LinkedIn, owner
from connectors.linkedin.restli import Raw, key_of
from connectors.stream import Announced, Page, Row, Since

URNS = {"campaign": "sponsoredCampaign", "creative": "sponsoredCreative"}
FIELDS = Raw(
    "dateRange,pivotValues,impressions,clicks,costInLocalCurrency,likes,comments,shares,oneClickLeads,"
    "approximateMemberReach"
)
WINDOW = 30  # days
# Rows of an answer, which comes in one page: where there are so many, some may be missing.
MOST = 15_000


def info(linkedin: LinkedIn, account: str, since: Since) -> Iterator[Page | Announced]:
    """The ad account: in which money it reports."""
    yield Page([_account(linkedin, account)])


def _account(linkedin: LinkedIn, account: str) -> Row:
    return linkedin.get(f"adAccounts/{account}") | {"account_id": account}


def campaigns(linkedin: LinkedIn, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every campaign, of any state, as it is named now."""
    for rows in linkedin.by_token(f"adAccounts/{account}/adCampaigns", {"q": "search"}):
        yield Page([_numbered(row, "campaign_id") for row in rows])


def creatives(linkedin: LinkedIn, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every creative, as it is named now, and whose it is."""
    for rows in linkedin.by_token(f"adAccounts/{account}/creatives", {"q": "criteria"}):
        yield Page([_creative(row) for row in rows])


def _numbered(row: Any, name: str) -> Any:
    key = row.get("id") if isinstance(row, dict) else None
    is_number = isinstance(key, int) and not isinstance(key, bool)
    return row | {name: str(key)} if is_number else row


def _creative(row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    told = {
        "creative_id": key_of(row.get("id"), URNS["creative"]),
        "campaign_id": key_of(row.get("campaign"), URNS["campaign"]),
    }
    return row | {name: key for name, key in told.items() if key}


def _report(level: str, linkedin: LinkedIn, account: str, since: Since) -> Iterator[Page | Announced]:
    """Figures per day, oldest first; days without delivery have no row."""
    _account(linkedin, account)  # its answer tells the day of LinkedIn's own clock
    for first, last in days_to_ask(since, linkedin.today(), WINDOW):
        for rows in _days(level, linkedin, account, first, last):
            if rows:
                yield Page([_dated(level, row) for row in rows])


def _days(level: str, linkedin: LinkedIn, account: str, first: date, last: date) -> Iterator[list[Any]]:
    asked = {
        "q": "analytics",
        "pivot": level.upper(),
        "timeGranularity": "DAILY",
        "dateRange": {"start": _parts(first), "end": _parts(last)},
        "accounts": list(owner(account).values()),
        "fields": FIELDS,
    }
    rows, _ = linkedin.elements("adAnalytics", asked)
    if len(rows) < MOST or first == last:
        yield rows
        return
    middle = first + (last - first) // 2
    yield from _days(level, linkedin, account, first, middle)
    yield from _days(level, linkedin, account, middle + timedelta(days=1), last)


def _parts(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _dated(level: str, row: Any) -> Any:
    """The row, beside its own words the day and what it is about; what is no object goes on as it is."""
    if not isinstance(row, dict):
        return row
    pivots, told = row.get("pivotValues"), {}
    about = pivots[0] if isinstance(pivots, list) and pivots else None
    if key := key_of(about, URNS[level]):
        told[f"{level}_id"] = key
    year, month, day = (at(row, f"dateRange.start.{part}") for part in ("year", "month", "day"))
    with suppress(TypeError, ValueError, OverflowError):
        told["day"] = date(year, month, day).isoformat()
    return row | told


creative_analytics, campaign_analytics = partial(_report, "creative"), partial(_report, "campaign")
