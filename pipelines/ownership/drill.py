"""The blackout drill: platforms are down or have closed our account. What is left, and what it costs.

Counts are people, amounts the company's currency. Everything is as of the publication's own day.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connectors import PLATFORMS
from pipelines import reading, state
from pipelines.company import connector
from pipelines.config import Config
from pipelines.home import Home
from pipelines.ownership import losses
from pipelines.ownership.losses import Loss
from pipelines.ownership.published import day_of, opened, sql
from pipelines.reading import Connection, Row

HOURS_OF_FOUR_WEEKS = 28 * 24


@dataclass(frozen=True)
class Drill:
    """All a drill found. `hours` is None for a closure."""

    loss: Loss
    day: date
    hours: int | None
    people: Row
    by: dict[str, list[Row]]
    channels: list[Row]
    sole: list[Row]
    trapped: list[Row]
    outage: Row
    closure: Row
    unknown_revenue: Any
    catch_up: float
    currency: str

    def figures(self) -> dict[str, Any]:
        """What is kept of it: sums, and nobody's number."""
        people = self.people
        return {
            "known": people["known_count"],
            "reachable": people["reachable_count"],
            "reachable_after": people["reachable_after_count"],
            "sole": people["sole_count"],
            "revenue": str(people["revenue"]),
            "revenue_covered": str(people["revenue_covered"]),
        }


def run(home: Home, settings: Config, loss: Loss, hours: int | None, now: datetime) -> Drill:
    """Ask what is published. Raises ConfigError where that is not there, or is older than the drill."""
    with opened(home) as con:
        reads = state.read(home.state / "reads.json")
        return ask(con, settings, loss, hours, day_of(home), reads, now)


def ask(
    con: Connection,
    settings: Config,
    loss: Loss,
    hours: int | None,
    day: date,
    reads: dict[str, str],
    now: datetime,
) -> Drill:
    """The same of any open connection. `reads`: stream -> when it was last read to its end."""
    con.execute(sql("drilled"), {"owners": list(loss.owners), "channels": list(loss.channels)})
    try:
        by: dict[str, list[Row]] = {}
        for row in reading.rows(con, sql("people")):
            by.setdefault(row["cut"], []).append(row)
        limits = settings.ownership.daily_limits
        return Drill(
            loss,
            day,
            hours,
            by.pop("all")[0],
            by,
            [_with_days(row, limits.get(row["channel"])) for row in reading.rows(con, sql("channels"))],
            reading.rows(con, sql("sole")),
            _trapped(con, settings, loss, day, reads, now),
            outage(con, settings, loss, hours or 24, day),
            reading.rows(con, sql("closure"), {"owners": list(loss.owners), "day": day})[0],
            _unknown(con, day),
            settings.ownership.catch_up,
            settings.currency,
        )
    finally:
        con.execute("drop table temp.drilled")


def _with_days(row: Row, limit: int | None) -> Row:
    return {**row, "daily_limit": limit, "days": limit and math.ceil(row["first_count"] / limit)}


def outage(con: Connection, settings: Config, loss: Loss, hours: int, day: date) -> Row:
    """Raw medians become what is lost: a part of it is bought later all the same."""
    asked = {"touches": loss.touches, "hours": hours, "day": day}
    (found,) = reading.rows(con, sql("outage"), asked)
    lost = 1 - settings.ownership.catch_up
    status = "told" if found["has_eight_weeks"] else "not_enough_data"
    if not loss.touches:
        status = "no_source"
    elif status == "told" and found["order_count"] and not found["dearest"]:
        # One order here and there: most medians are nothing, and nothing is not what it would cost.
        status = "too_sparse"
    low, usual, high = (float(found[name]) for name in ("cheapest", "usual", "dearest"))
    return {
        "status": status,
        "hours": hours,
        "order_count": found["order_count"],
        "low": low * lost,
        "usual": usual * lost,
        # At its worst nobody comes back.
        "high": high,
        "by_mean": float(found["by_mean"]) * lost,
    }


def _trapped(
    con: Connection, settings: Config, loss: Loss, day: date, reads: dict[str, str], now: datetime
) -> list[Row]:
    """What we read of theirs, and where they follow us; without what has neither leads nor followers."""
    firms, followers = losses.owners(), losses.followers(settings)
    followed = {word for word in followers if firms[word] in loss.owners}
    holding = {word for word in loss.platforms if holds_leads(word)}
    words = sorted(followed | holding)
    asked = {"platforms": words, "owners": [firms[word] for word in words], "day": day}
    found = reading.rows(con, sql("trapped"), asked)
    # Of a firm's several audiences nobody tells in which those are whom we know: at most, none of each.
    alone = {word for word in followed if sum(firms[word] == firms[other] for other in followed) == 1}
    for row in found:
        word = row["platform"]
        read = reads.get(f"{word}/leads")
        hours = max(0.0, (now - datetime.fromisoformat(read)).total_seconds() / 3600) if read else None
        row["holds_leads"] = word in holding
        row["read_at"] = read
        row["hours_since"] = hours
        row["expected"] = None if hours is None else row["four_weeks_count"] / HOURS_OF_FOUR_WEEKS * hours
        row["followers"] = followers[word].count if word in followed else None
        row["followers_on"] = followers[word].told_on if word in followed else None
        row["unknown_followers"] = row["followers"] and max(
            0, row["followers"] - (row["matched_count"] if word in alone else 0)
        )
    return found


def holds_leads(platform: str) -> bool:
    """Whether it keeps leads of ours for us to fetch."""
    return platform in PLATFORMS and any(stream.name == "leads" for stream in connector(platform).STREAMS)


def _unknown(con: Connection, day: date) -> Any:
    """Revenue of the last year that belongs to nobody known, or to the erased."""
    query = (
        "select coalesce(sum(net_converted), 0) as net from order_ownership"
        " where customer_id is null and order_date > ?::date - 365"
    )
    return reading.rows(con, query, day)[0]["net"]
