"""How old the last good read of each stream may be: a source that silently stopped is worse than an error.

Most platforms delete leads after a while. A week before that day the check turns red; at half of it, and
wherever a stream missed a few of its own turns, it warns.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import dagster as dg

from pipelines import state
from pipelines.company import Company, Source, sources
from pipelines.discretion import guarded
from pipelines.home import Home

CHECK = "fresh"
HOURLY_LIMIT = timedelta(hours=6)
NIGHTLY_LIMIT = timedelta(hours=50)  # two nights missed
RESCUE = timedelta(days=7)  # what a person needs to get a new token from a platform


@dataclass(frozen=True)
class Age:
    """How long ago a stream was last read to its end, against what it may bear."""

    word: str
    since: datetime
    now: datetime
    limit: timedelta
    deleted_after: timedelta | None

    @property
    def is_stale(self) -> bool:
        return self.now - self.since > self.limit

    @property
    def slack(self) -> timedelta | None:
        """What is left until the platform deletes the first lead we do not hold; None where it keeps all."""
        return self.deleted_after and self.since + self.deleted_after - self.now

    @property
    def is_losing(self) -> bool:
        """The platform is about to delete, or deletes already, what we do not hold."""
        return self.slack is not None and self.slack < RESCUE

    def describe(self) -> str:
        text = f"{self.word} was last read to its end on {self.since:%Y-%m-%d %H:%M} UTC"
        if self.slack is not None:
            text += "; the platform deletes leads that nobody fetched, the first in"
            text += f" {max(self.slack.days, 0)} days"
        return f"{text}. See why with `firsthand run --only {self.word}`."


def note_read(home: Home, words: list[str]) -> None:
    """These streams were read to their end just now, every account of them."""
    with state.changing(home.state / "reads.json") as reads:
        reads.update(dict.fromkeys(words, datetime.now(UTC).isoformat(timespec="seconds")))


def ages(company: Company, now: datetime) -> Iterator[tuple[Source, Age | None]]:
    """Each configured, pulled stream and its age; None where no read ever succeeded."""
    reads = state.read(company.home.state / "reads.json")
    for source in company.chosen(None):
        stream = source.stream
        days = retention_days(company, source)
        retention = timedelta(days=days) if days else None
        limit = HOURLY_LIMIT if stream.hourly else NIGHTLY_LIMIT
        if retention is not None:
            limit = min(limit, retention / 2)
        at = reads.get(source.word)
        age = at and Age(source.word, datetime.fromisoformat(at), now, limit, retention)
        yield source, age or None


def retention_days(company: Company, source: Source) -> float | None:
    """How long the platform hands a record out: what its connector knows, unless the company knows better."""
    known = source.stream.retention_days
    return float(company.config.platforms[source.platform].get("retention_days", known)) if known else None


def judge(age: Age | None) -> tuple[bool, dg.AssetCheckSeverity, str]:
    """Passed or not, how bad, and in words."""
    if age is None:
        # A stream that never worked is failing loudly already; it cannot have gone stale.
        return True, dg.AssetCheckSeverity.WARN, "never read to its end so far"
    passed = not (age.is_stale or age.is_losing)
    severity = dg.AssetCheckSeverity.ERROR if age.is_losing else dg.AssetCheckSeverity.WARN
    return passed, severity, age.describe()


def checks(company: Company) -> dg.AssetChecksDefinition | None:
    """One check per configured stream; None where nothing is configured."""
    known = [s for s in sources() if s.is_pulled and company.is_configured(s.platform)]
    if not known:
        return None
    specs = [
        dg.AssetCheckSpec(CHECK, asset=s.landing_key, description="Read to its end recently enough.")
        for s in known
    ]

    @dg.multi_asset_check(name="freshness", specs=specs, can_subset=True)
    @guarded(company)
    def freshness(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        wanted = context.selected_asset_check_keys
        for source, age in ages(company, datetime.now(UTC)):
            key = dg.AssetKey(source.landing_key)
            if dg.AssetCheckKey(key, CHECK) in wanted:
                passed, severity, text = judge(age)
                yield dg.AssetCheckResult(
                    passed=passed, asset_key=key, check_name=CHECK, severity=severity, description=text
                )

    return freshness
