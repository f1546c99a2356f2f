"""The blackout drill: platforms are down or have closed our account. What is left, and what it costs.

Counts are people, amounts the company's currency. Everything is as of the publication's own day.
"""

import json
import math
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from pipelines import reading, state
from pipelines.config import Config, ConfigError
from pipelines.home import Home
from pipelines.ownership.losses import Loss
from pipelines.reading import Connection, Row

HERE = Path(__file__).resolve().parent
HOURS_OF_FOUR_WEEKS = 28 * 24
# Of fewer people a share says more than it knows.
FEWEST = 30


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


def day_of(home: Home, settings: Config) -> date:
    """The company's day that is published."""
    kept = json.loads((home.serving / "current" / "manifest.json").read_text(encoding="utf-8"))
    return datetime.fromisoformat(kept["data_until"]).astimezone(ZoneInfo(settings.time_zone)).date()


def run(home: Home, settings: Config, loss: Loss, hours: int | None, now: datetime) -> Drill:
    """Ask what is published. Raises ConfigError where that is not there, or is older than the drill."""
    try:
        with reading.opened(home) as con:
            reads = state.read(home.state / "reads.json")
            return ask(con, settings, loss, hours, day_of(home, settings), reads, now)
    except duckdb.CatalogException:
        raise ConfigError("what is published does not have ownership yet: `firsthand run` first") from None


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
        for row in _rows(con, "people"):
            by.setdefault(row["cut"], []).append(row)
        limits = settings.ownership.daily_limits
        return Drill(
            loss,
            day,
            hours,
            by.pop("all")[0],
            by,
            [_with_days(row, limits.get(row["channel"])) for row in _rows(con, "channels")],
            _rows(con, "sole"),
            _trapped(con, settings, loss, day, reads, now),
            _outage(con, settings, loss, hours or 24, day),
            _rows(con, "closure", owners=list(loss.owners), day=day)[0],
            _unknown(con, day),
            settings.ownership.catch_up,
            settings.currency,
        )
    finally:
        con.execute("drop table temp.drilled")


def _with_days(row: Row, limit: int | None) -> Row:
    return {**row, "daily_limit": limit, "days": limit and math.ceil(row["first_count"] / limit)}


def _outage(con: Connection, settings: Config, loss: Loss, hours: int, day: date) -> Row:
    """Raw medians become what is lost: a part of it is bought later all the same."""
    (found,) = _rows(con, "outage", touches=loss.touches, hours=hours, day=day)
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
    found = _rows(con, "trapped", platforms=list(loss.platforms), owners=list(loss.owners), day=day)
    for row in found:
        read = reads.get(f"{row['platform']}/leads")
        hours = max(0.0, (now - datetime.fromisoformat(read)).total_seconds() / 3600) if read else None
        row["read_at"] = read
        row["hours_since"] = hours
        row["expected"] = None if hours is None else row["four_weeks_count"] / HOURS_OF_FOUR_WEEKS * hours
        followers = settings.ownership.followers.get(row["platform"])
        row["followers"] = followers and followers.count
        row["followers_on"] = followers and followers.told_on
    return found


def _unknown(con: Connection, day: date) -> Any:
    """Revenue of the last year that belongs to nobody known, or to the erased."""
    query = (
        "select coalesce(sum(net_converted), 0) as net from order_ownership"
        " where customer_id is null and order_date > ?::date - 365"
    )
    return reading.rows(con, query, day)[0]["net"]


def _rows(con: Connection, name: str, **values: Any) -> list[Row]:
    found = con.execute(sql(name), values) if values else con.execute(sql(name))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def sql(name: str) -> str:
    """A question of this folder."""
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")
