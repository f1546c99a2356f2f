"""bi.duckdb opened for one question; the tables and columns that may be asked by, with their description."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from pipelines import config, reading
from pipelines.answering.hiding import Teller
from pipelines.audiences import asking, vocabulary
from pipelines.audiences.vocabulary import PEOPLE, Vocabulary
from pipelines.config import Config, ConfigError
from pipelines.dictionary.described import Described, Table, tables
from pipelines.home import Home
from pipelines.reading import Connection


class Refused(ConfigError):
    """A question that is not answered, and why, in words for who asked."""


@dataclass(frozen=True)
class Open:
    """One publication while a question is answered."""

    home: Home
    settings: Config
    con: Connection
    vocabulary: Vocabulary
    teller: Teller
    tables: dict[str, Table]

    def table(self, name: str) -> Table:
        """Raises Refused."""
        if name not in self.tables:
            raise Refused(f"there is no table {_shown(name)}; {_like(name, self.tables)}")
        return self.tables[name]

    def column(self, table: Table, name: str) -> Described:
        """Raises Refused."""
        columns = {column.name: column for column in table.columns}
        if name not in columns:
            raise Refused(f"{table.name} has no column {_shown(name)}; {_like(name, columns)}")
        return columns[name]


class Library:
    """Answers one question at a time; remembers what it told of the publication that is shown."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._lock = threading.Lock()
        self._of: tuple[Path, int, Teller] | None = None

    @contextlib.contextmanager
    def opened(self) -> Iterator[Open]:
        """Raises ConfigError where nothing is published."""
        settings = config.read(self.home)
        with self._lock, reading.opened(self.home, "bi") as con:
            path = Path(
                con.execute(
                    "select path from duckdb_databases() where database_name = current_database()"
                ).fetchone()[0]
            )
            day = asking.day_of(path.parent, self.home)
            teller = self._teller(con, path, settings.publication.smallest_group)
            yield Open(self.home, settings, con, vocabulary.read(con, day), teller, _there(con))

    def _teller(self, con: Connection, path: Path, smallest: int) -> Teller:
        if self._of is None or self._of[:2] != (path, smallest):
            everybody = con.execute(f"select count(*) from {PEOPLE}").fetchone()[0]
            self._of = (path, smallest, Teller(smallest, everybody))
        return self._of[2]


def _there(con: Connection) -> dict[str, Table]:
    """Described and really in the file: it may be older than this program."""
    found: dict[str, set[str]] = {}
    for table, column in con.execute(
        "select table_name, column_name from duckdb_columns()"
        " where database_name = current_database() and schema_name = 'main'"
    ).fetchall():
        found.setdefault(table, set()).add(column)
    return {
        table.name: replace(
            table, columns=tuple(column for column in table.columns if column.name in found[table.name])
        )
        for table in tables()
        if table.name in found
    }


def _shown(name: str) -> str:
    """What was asked for, as far as it can be repeated."""
    return repr(name[:60])


def _like(name: str, known: dict[str, object]) -> str:
    near = get_close_matches(name, known, 4, 0.5) or sorted(known)[:8]
    return f"such as: {', '.join(near)}"
