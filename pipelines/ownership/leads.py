"""How long platforms still hold the leads we have not read, and what they sold against what landed, by form.

The window is what the connector knows of its platform, or `retention_days` in its block. Slack, in days: the
window less the time since the last complete read; below half of the window it warns, below seven it is late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines import freshness, reading
from pipelines.company import Company
from pipelines.ownership.published import opened
from pipelines.reading import Row

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Watch:
    """`streams`: word, read_at, window_days, slack_days, status; `forms`: lead_ledger over all days."""

    now: datetime
    streams: list[Row]
    forms: list[Row]


def run(company: Company, now: datetime) -> Watch:
    """Raises ConfigError where nothing is published, or what is has no ledger."""
    aged = freshness.ages(company, now)
    kept = ((source.word, freshness.retention_days(company, source), age) for source, age in aged)
    with opened(company.home, "the ledger") as con:
        forms = reading.rows(
            con,
            "from lead_ledger where lead_date is null"
            " order by missing desc nulls last, landed desc, ledger_id",
        )
    return Watch(now, streams(kept), forms)


def streams(kept: Iterable[tuple[str, float | None, freshness.Age | None]]) -> list[Row]:
    """Of each word, window in days and age: those whose platform deletes, soonest first."""
    found = []
    for word, window, age in kept:
        if window is None:
            continue
        slack = age and age.slack
        found.append(
            {
                "word": word,
                "read_at": age and age.since,
                "window_days": window,
                "slack_days": None if slack is None else slack / DAY,
                "status": _status(age, slack, window * DAY),
            }
        )
    return sorted(found, key=lambda row: (row["slack_days"] is not None, row["slack_days"] or 0, row["word"]))


def _status(age: freshness.Age | None, slack: timedelta | None, window: timedelta) -> str:
    if age is None or slack is None:
        return "never"
    if slack <= timedelta(0):
        return "lost"
    if age.is_losing:
        return "late"
    return "warning" if slack < window / 2 else "good"
