"""The owner's letter: what changed in a month, and the three acts worth most.

Amounts are in the company's currency, shares 0 to 1. Who came and what was ordered is the month's; whom we
reach, what is missing and what is at stake, of the published day, for nobody knows it of an earlier one.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pipelines import reading
from pipelines.company import Company
from pipelines.config import Config, ConfigError
from pipelines.ownership import leads, losses, useful
from pipelines.ownership.published import FEWEST, MOST_UNKNOWN, day_of, opened, sql
from pipelines.reading import Connection, Row

ACTS = 3
LATE = ("late", "lost", "never")


@dataclass(frozen=True)
class Letter:
    """`months`: this one, the one before, the same a year ago; `ends`: concentration at the end of the first
    two and of `day`; `shares`: each source's part of the new customers then; `acts`: the largest first.
    """

    day: date
    months: list[Row]
    ends: dict[date, Row]
    shares: dict[tuple[date, str], Any]
    moved: Row | None
    reach: Row
    acts: list[Row]
    campaigns: list[Row]
    currency: str
    is_margin: bool

    @property
    def month(self) -> Row:
        return self.months[0]

    @property
    def end(self) -> Row | None:
        """How concentrated it was at the month's end."""
        return self.ends.get(self.month["last_day"])

    def share(self, source: str, place: int) -> Any:
        """Its part of new customers in the year up to the end of this month (0) or of the one before (1)."""
        told = self.ends.get(self.months[place]["last_day"])
        is_told = told is not None and told["status"] == "told"
        return self.shares.get((self.months[place]["last_day"], source), 0) if is_told else None

    def figures(self) -> dict[str, Any]:
        """What is kept of it: sums, and nobody's number; as the index keeps, for either tells of a month."""
        today = self.ends.get(self.day)
        is_told = today is not None and today["status"] == "told" and today["dependence"] is not None
        return {
            "known": self.reach["known"],
            "reachable": self.reach["reachable"],
            "missing": self.reach["missing"],
            "index": round(today["dependence"], 2) if today and is_told else None,
            "most_on": today and today["most_on"],
        }


def status(month: Row, name: str) -> str:
    """Whether a share of the month's revenue is told: told, unknown, too_few."""
    if month[name] is None or month["order_count"] < FEWEST:
        return "too_few"
    return "unknown" if month["unknown_share"] > MOST_UNKNOWN else "told"


def run(company: Company, month: date | None, now: datetime) -> Letter:
    """`month`: its first day; without it, the last that has ended. Raises ConfigError."""
    day = day_of(company.home)
    first = month or (day.replace(day=1) - timedelta(1)).replace(day=1)
    if _after(first) > day:
        raise ConfigError(f"{first:%Y-%m} has not ended on {day}, the day that is published")
    watch = leads.run(company, now)
    with opened(company.home, "campaigns") as con:
        return ask(con, company.config, first, day, watch)


def ask(con: Connection, settings: Config, first: date, day: date, watch: leads.Watch) -> Letter:
    """The same of any open connection."""
    before = (first - timedelta(1)).replace(day=1)
    last, on = _after(first) - timedelta(1), {"day": day}
    costs = settings.costs
    try:
        con.execute(sql("earned"), on)
        con.execute(sql("expected"), on | {"fewest": FEWEST})
        con.execute(f"create temp table judged as {sql('seen')}", useful.LIMITS)
        ends = [first - timedelta(1), last, day]
        con.execute(sql("depended"), {"days": ends})
        asked = {
            "firsts": [first, before, first.replace(year=first.year - 1)],
            "monthly": costs.tools_per_month + costs.people_per_month,
        }
        return Letter(
            day,
            reading.rows(con, sql("letter_months"), on | asked),
            {row["day"]: row for row in reading.rows(con, sql("concentration"), {"fewest": FEWEST})},
            {
                (row["day"], row["source"]): row["acquisition_share"]
                for row in reading.rows(con, "from depended")
            },
            next(
                iter(reading.rows(con, sql("moved"), {"now": last, "then": ends[0], "fewest": FEWEST})), None
            ),
            reading.rows(con, sql("letter_reach"))[0],
            reading.rows(con, sql("acts"), on | {"relays": losses.relays()} | _streams(watch)),
            reading.rows(con, sql("letter_campaigns"), {"first": first, "last": last}),
            settings.currency,
            reading.rows(con, "select bool_or(is_margin) as is_margin from earned")[0]["is_margin"] or False,
        )
    finally:
        for name in ("earned", "expected", "judged", "depended"):
            con.execute(f"drop table if exists temp.{name}")


def _streams(watch: leads.Watch) -> dict[str, list[Any]]:
    """Each platform that deletes leads: until when they can be read, and since when nobody did."""
    found: dict[str, list[Any]] = {"platforms": [], "deadlines": [], "unread_days": [], "late": []}
    for row in watch.streams:
        read = row["read_at"]
        found["platforms"].append(row["word"].split("/")[0])
        found["deadlines"].append(None if read is None else (read + timedelta(row["window_days"])).date())
        # Never read: whatever it still keeps.
        unread = row["window_days"] if read is None else (watch.now - read) / leads.DAY
        found["unread_days"].append(min(unread, row["window_days"]))
        found["late"].append(row["status"] in LATE)
    return found


def _after(first: date) -> date:
    """The first day of the month after."""
    return (first.replace(day=28) + timedelta(4)).replace(day=1)
