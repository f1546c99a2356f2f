"""What is read from Klaviyo: profiles with how each of their channels stands, and what they did."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from connectors.klaviyo.api import Klaviyo, moment_in_filter
from connectors.landing import at
from connectors.side_by_side import merged, split
from connectors.stream import Announced, BadAnswer, Page, Since
from connectors.times import moment

PROFILES, EVENTS = 100, 1000  # the largest pages
# Without being asked for, how somebody's channels stand is not told.
STANDING = {"additional-fields[profile]": "subscriptions"}
# Opens and deliveries are what programs do by themselves; orders are copies of what the shop tells better.
LEFT_OUT = frozenset({
    "Opened Email", "Received Email", "Dropped Email", "Received SMS", "Opened Push", "Received Push",
    "Received Automated Response SMS", "Failed to Deliver SMS", "Failed to Deliver Automated Response SMS",
    "Bounced Push", "Placed Order", "Ordered Product", "Fulfilled Order",
    "Fulfilled Partial Order", "Cancelled Order", "Refunded Order", "Confirmed Shipment",
    "Delivered Shipment",
})  # fmt: skip
MERGED = "Merged Profile"
NOT_YET = timedelta(minutes=1)  # how long ago a moment must be to be asked about


def profiles(klaviyo: Klaviyo, account: str, since: Since) -> Iterator[Page | Announced]:
    """Profiles changed after `since`, oldest change first: one that is edited meanwhile moves to the end.

    All of them: by when they were made, which no edit moves, stretches of time side by side. Klaviyo counts
    nobody, so that nothing is announced.
    """
    if since.moment:
        # A moment that is hardly over is refused. "After" is all that may be asked; the second itself counts.
        begin = min(since.moment, klaviyo.env.now() - NOT_YET) - timedelta(seconds=1)
        changed = f"greater-than(updated,{moment_in_filter(begin)})"
        found = klaviyo.pages("profiles", {**_sorted("updated"), "filter": changed})
    else:
        found = _everybody(klaviyo)
    for rows in found:
        yield Page(rows)


def _sorted(by: str, size: int = PROFILES) -> dict[str, Any]:
    return {"page[size]": str(size), "sort": by, **STANDING}


def _everybody(klaviyo: Klaviyo) -> Iterator[list[Any]]:
    if klaviyo.at_once < 2:
        yield from klaviyo.pages("profiles", _sorted("created"))
        return
    first, _ = klaviyo.page("profiles", _sorted("created", 1))
    times = _seconds(first)
    if not first:
        return
    if not times:
        raise BadAnswer("klaviyo profiles: one without the time it was made at")
    for rows in split(partial(_stretch, klaviyo), times[0], klaviyo.at_once):
        if rows:
            yield rows


def _stretch(
    klaviyo: Klaviyo, begin: int, end: int | None, mark: Mapping[str, Any] | None
) -> tuple[list[Any], dict[str, Any] | None, int]:
    """A page of the profiles made from `begin` on and before `end`, the newest first. A stretch whose older
    half was given away ends where that begins."""
    if mark is None:
        made = f"greater-than(created,{_second(begin - 1)})"
        made += f",less-than(created,{_second(end)})" if end is not None else ""
        mark = {**_sorted("-created"), "filter": made}
    rows, following = klaviyo.page("profiles", mark)
    oldest = min(_seconds(rows), default=begin)
    return rows, following if oldest >= begin else None, max(oldest, begin)


def _second(epoch: int) -> str:
    return moment_in_filter(datetime.fromtimestamp(epoch, UTC))


def _seconds(rows: list[Any]) -> list[int]:
    found = (moment(at(row, "attributes.created")) for row in rows)
    return [int(one.timestamp()) for one in found if one]


# -- what they did ----------------------------------------------------------------------------------


def metrics(klaviyo: Klaviyo) -> dict[str, str]:
    """The id of each kind of event the account has, and its name."""
    rows = [row for page in klaviyo.pages("metrics", {}) for row in page]
    told = [(at(row, "id"), at(row, "attributes.name")) for row in rows]
    return {key: name for key, name in told if isinstance(key, str) and isinstance(name, str)}


def events(klaviyo: Klaviyo, account: str, since: Since) -> Iterator[Page | Announced]:
    """What people did, kind by kind, with the kind's name in each row.

    Of a profile that took another one over, all events are read anew: those of the other are its own from
    then on, and that is all that tells who the other was.
    """
    kinds = {key: name for key, name in metrics(klaviyo).items() if name not in LEFT_OUT}
    walks = [partial(_of_kind, klaviyo, key, name, since.moment) for key, name in kinds.items()]
    survivors: dict[str, None] = {}
    for rows in merged(walks, klaviyo.at_once):
        yield Page(rows)
        survivors |= {
            str(owner(row)): None for row in rows if at(row, "metric_name") == MERGED and owner(row)
        }
    again = [partial(_of_profile, klaviyo, one, kinds) for one in survivors if one.isalnum()]
    for rows in merged(again, klaviyo.at_once):
        yield Page(rows)


def owner(row: Any) -> Any:
    return at(row, "relationships.profile.data.id")


def _of_kind(klaviyo: Klaviyo, key: str, name: str, since: datetime | None) -> Iterator[list[Any]]:
    asked = f'equals(metric_id,"{key}")'
    if since:
        begin = min(since, klaviyo.env.now() - NOT_YET)
        asked += f",greater-or-equal(datetime,{moment_in_filter(begin)})"
    for rows in klaviyo.pages("events", _events(asked)):
        yield [named(row, name) for row in rows]


def _of_profile(klaviyo: Klaviyo, profile: str, kinds: Mapping[str, str]) -> Iterator[list[Any]]:
    for rows in klaviyo.pages("events", _events(f'equals(profile_id,"{profile}")')):
        told = [(row, kinds.get(str(at(row, "relationships.metric.data.id")))) for row in rows]
        if kept := [named(row, name) for row, name in told if name]:
            yield kept


def _events(asked: str) -> dict[str, Any]:
    return {"page[size]": str(EVENTS), "sort": "datetime", "filter": asked}


def named(row: Any, name: str) -> Any:
    return {**row, "metric_name": name} if isinstance(row, dict) else row
