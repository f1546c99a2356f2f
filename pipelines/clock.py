"""The run's two givens: the moment of ingestion and the company's day. Nothing else asks what time it is.

Tests, the demo and a replay set `FIRSTHAND_INGESTED_AT`; then two runs over the same input give the same
tables, whatever the machine's clock says.
"""

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from pipelines.config import Config, ConfigError

VARIABLE = "FIRSTHAND_INGESTED_AT"


def ingest_time() -> datetime:
    """When what this run brings counts as learned, UTC.

    Raises ConfigError where the variable is no time with an offset: guessed zones shift days.
    """
    text = os.environ.get(VARIABLE)
    if not text:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{VARIABLE}={text} is no ISO time such as 2026-11-20T05:00:00+00:00") from error
    if moment.tzinfo is None:
        raise ConfigError(f"{VARIABLE}={text} has no offset; end it with +00:00 for UTC")
    return moment.astimezone(UTC)


def today(config: Config) -> date:
    """The company's calendar day at the moment of ingestion."""
    return ingest_time().astimezone(ZoneInfo(config.time_zone)).date()
