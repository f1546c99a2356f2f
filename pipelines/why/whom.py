"""Opening the warehouse to look at it, and which records some words mean."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from pipelines import normalise, reading
from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.reading import Connection, rows
from pipelines.warehouse_file import attach_read_only, settings

PATIENCE_SECONDS = 30.0


class Unclear(Exception):
    """Words that mean nobody, several people, or one record twice; `key` and `values` are for `words`."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@contextlib.contextmanager
def opened(home: Home, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[Connection]:
    """A connection in memory with the warehouse beside it; raises ConfigError, WarehouseBusy."""
    if not home.warehouse.exists():
        raise ConfigError("nothing is built yet: `firsthand run` first")
    con = duckdb.connect(config=settings(home))
    try:
        beside(con, home.warehouse, patience_seconds)
        yield con
    finally:
        con.close()


def beside(con: Connection, path: Path, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Attach the warehouse to be looked at, under the name its views know it by."""
    con.execute("set TimeZone = 'UTC'")
    attach_read_only(con, path, "warehouse", patience_seconds)
    # What is made is made in memory; what is only named is found in the marts, then in identity.
    con.execute("set search_path = 'memory.main,warehouse.marts,warehouse.identity'")
    known = rows(
        con,
        "select 1 from duckdb_tables() where schema_name = 'identity' and table_name = 'int_identity__epoch'",
    )
    if not known:
        raise ConfigError("who is who is not settled, the last run ended before: `firsthand run` first")


def records_of(con: Connection, words: str, regions: Iterable[str]) -> list[int]:
    """The records some words mean, all of one customer. Raises Unclear."""
    words = words.strip()
    # A number is some record's own from the day it arrived, whoever it answers with today.
    own = rows(
        con,
        "select n from int_customer_profiles where profile_id = ? or own_number = ?",
        words,
        words.lower(),
    )
    if own:
        return [row["n"] for row in own]
    phones = {normalise.phone_e164(words, region) for region in regions}
    members = rows(
        con,
        """
        select profiles.n, profiles.customer_id, profiles.profile_id
        from int_customer_profiles as profiles
        inner join int_profile_features as features on profiles.n = features.n
        where
            features.email in (select unnest($1)) or features.phone in (select unnest($1))
            or features.other_phone in (select unnest($1))
        order by profiles.customer_id, profiles.first_seen_at, profiles.profile_id
        """,
        sorted(filter(None, {normalise.email_match(words), *phones})),
    )
    if not members:
        known = reading.find(con, words, [])
        key = "erased" if known.is_erased else "a_group" if known.customer_ids else "nobody"
        raise Unclear(key, words=words)
    customers = {row["customer_id"] for row in members}
    if len(customers) > 1:
        listed = "".join(f"\n  {row['customer_id']}  {row['profile_id']}" for row in members)
        raise Unclear("several", words=words, count=len(customers), listed=listed)
    return [row["n"] for row in members]
