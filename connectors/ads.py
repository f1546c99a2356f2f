"""What the connectors of ad platforms share: figures by day, which move for weeks and are asked for again."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.credentials import Env
from connectors.stream import Announced, MissingPermission, Page, Promise, Since, Stream

DIGITS, DAY = r"^\d+$", r"^\d{4}-\d{2}-\d{2}$"
# Longer ones fit no column of money or counts, and come from no platform.
AMOUNT, COUNT = r"^\d{1,13}(\.\d{1,6})?$", r"^\d{1,18}$"
SETTLING = timedelta(days=28)  # figures move for as long as the longest attribution window
FIRST_REACH = timedelta(days=730)  # platforms serve more; two years tell a season from a trend


def days_stream(
    name: str,
    fetch: Callable[[Any, str, Since], Iterator[Page | Announced]],
    *,
    key: str,
    day: str,
    accounts: Callable[[Any], Iterable[str]],
    promises: tuple[Promise, ...],
) -> Stream:
    """Days of one level of ads; each is asked for again until it has settled. `day`: path of the day."""
    return Stream(
        name, fetch, key=key, occurred_at=day, overlap=SETTLING, accounts=accounts, promises=promises
    )


def named_accounts(env: Env, platform: str, setting: str) -> list[str]:
    """The ad accounts named in a platform's settings.

    Raises MissingPermission where none is: a token does not tell which are meant.
    """
    chosen = [str(one) for one in env.settings.get(setting) or ()]
    if not chosen:
        raise MissingPermission(f"{platform}: name your ad accounts in platforms.{platform}.{setting}")
    return chosen


def today_in(zone: Any, moment: datetime) -> date:
    """The day of an ad account, in UTC where nobody knows its zone."""
    try:
        place = ZoneInfo(zone if isinstance(zone, str) and zone else "UTC")
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        place = ZoneInfo("UTC")
    return moment.astimezone(place).date()


def days_to_ask(since: Since, today: date, days: int) -> Iterator[tuple[date, date]]:
    """First and last day of each question, oldest first, of at most so many days."""
    # From a clock behind ours the window would end before it begins.
    first = min(since.moment.date() if since.moment else today - FIRST_REACH, today)
    while first <= today:
        last = min(first + timedelta(days=days - 1), today)
        yield first, last
        first = last + timedelta(days=1)
