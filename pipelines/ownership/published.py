"""What is published, opened for questions about ownership; and what all of them hold to."""

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb

from pipelines import fingerprint, reading
from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.reading import Connection

HERE = Path(__file__).resolve().parent
# Of fewer people a share says more than it knows.
FEWEST = 30
# Where more than this is of unknown source, nothing is told that hangs on sources.
MOST_UNKNOWN = 0.4


@contextlib.contextmanager
def opened(home: Home, what: str = "ownership") -> Iterator[Connection]:
    """Raises ConfigError where nothing is published, or what is lacks a table or column asked for."""
    try:
        with reading.opened(home) as con:
            yield con
    except (duckdb.CatalogException, duckdb.BinderException):
        raise ConfigError(f"what is published does not have {what} yet: `firsthand run` first") from None


def day_of(home: Home) -> date:
    """The company's day that what is published was computed for, whenever its data landed."""
    day = fingerprint.published(home).get("day")
    if day is None:
        raise ConfigError("nothing is published yet, or not of which day: `firsthand run` first")
    return date.fromisoformat(day)


def sql(name: str) -> str:
    """The question of that name."""
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")
