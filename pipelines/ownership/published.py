"""What is published, opened for questions about ownership."""

import contextlib
from collections.abc import Iterator

import duckdb

from pipelines import reading
from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.reading import Connection


@contextlib.contextmanager
def opened(home: Home) -> Iterator[Connection]:
    """Raises ConfigError where nothing is published, or what is has none of the tables asked for."""
    try:
        with reading.opened(home) as con:
            yield con
    except duckdb.CatalogException:
        raise ConfigError("what is published does not have ownership yet: `firsthand run` first") from None
