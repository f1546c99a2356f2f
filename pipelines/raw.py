"""The door: every record enters here, whichever way it came. Its rooms are in pipelines/door/.

    ensure(con)      make the tables of every stream
    hand_out(con)    where each pull goes on
    waiting(home)    batches to land; sweep(home) first clears what dead writers left
    land(con, ...)   one batch, in one transaction
    rehear(con, ...) refused records that somebody wants heard again

No Dagster here; Dagster and the command line both call this.
"""

from collections.abc import Sequence
from datetime import datetime

import duckdb

from connectors.stream import Since
from pipelines import company
from pipelines.door import cursors, incoming, quarantine, schema
from pipelines.door.incoming import Lot, Unreadable, sweep, waiting
from pipelines.door.passage import Landed, carry
from pipelines.door.quarantine import Held, held
from pipelines.door.schema import Connection, Streams
from pipelines.home import Home

__all__ = [
    "Held",
    "Landed",
    "NotLanded",
    "ensure",
    "hand_out",
    "held",
    "ingest_time",
    "land",
    "rehear",
    "replay",
    "sweep",
    "waiting",
]


class NotLanded(Exception):
    """A fault of ours while landing: nothing of the batch is in, its file stays and is tried again."""


def known_streams() -> Streams:
    """Every stream of every platform."""
    return {(source.platform, source.stream.name): source.stream for source in company.sources()}


def ensure(con: Connection, streams: Streams | None = None) -> None:
    """Make every schema and table that is missing, so that dbt can always build."""
    schema.ensure(con, known_streams() if streams is None else streams)


def hand_out(con: Connection, streams: Streams | None = None) -> dict[tuple[str, str, str], Since]:
    """(platform, stream, account) -> where its pull goes on; what is not in it starts from the beginning."""
    return cursors.hand_out(con, known_streams() if streams is None else streams)


def ingest_time(con: Connection, wanted: datetime) -> datetime:
    """The run's one ingest time: never before one already used, whatever the machine's clock says."""
    last = con.execute(
        "select max(used_at) from (select landed_at as used_at from door.batches"
        " union all select ingested_at from door.commands)"
    ).fetchone()[0]
    return max(wanted, last) if last else wanted


def land(
    con: Connection, home: Home, batch: str, ingested_at: datetime, streams: Streams | None = None
) -> Landed:
    """Land one batch: rows, cursors, announcements and its own row commit together, then its files go.

    A batch known as landed only has its files removed. One that cannot be read is set aside in
    data/refused and reported; its cursor stays, so the next pull brings it again.
    """
    streams = known_streams() if streams is None else streams
    if con.execute("select exists (from door.batches where batch = ?)", [batch]).fetchone()[0]:
        return _already_landed(home, batch)
    try:
        lot = incoming.read_manifest(home, batch)
        if (lot.platform, lot.stream) not in streams:
            raise Unreadable(f"no connector knows the stream {lot.platform}/{lot.stream}")
        incoming.stage(con, home, lot)
    except Unreadable as error:
        incoming.set_aside(home, batch, str(error))
        platform, stream = [*batch.split("-"), "", ""][1:3]
        return Landed(batch, platform, stream, failed_reason=str(error))
    try:
        landed = carry(con, home, lot, streams[lot.platform, lot.stream], ingest_time(con, ingested_at))
    except (duckdb.DataError, duckdb.IntegrityError, duckdb.ProgrammingError) as error:
        # Their texts quote the value at fault, and values are people: the name of the error must do.
        raise NotLanded(f"{lot.platform}/{lot.stream}: DuckDB raised {type(error).__name__}") from None
    incoming.clear(home, lot)
    return landed


def _already_landed(home: Home, batch: str) -> Landed:
    try:
        lot = incoming.read_manifest(home, batch)
    except Unreadable:
        lot = Lot(batch, "", "", "", datetime.min)
    incoming.clear(home, lot)
    return Landed(batch, lot.platform, lot.stream)


def replay(
    con: Connection,
    home: Home,
    ingested_at: datetime,
    ids: Sequence[str] | None = None,
    *,
    accept: bool = False,
    streams: Streams | None = None,
) -> list[Landed]:
    """Give quarantined records (all held ones for None) another hearing; see door.quarantine."""
    streams = known_streams() if streams is None else streams
    return quarantine.replay(con, home, streams, ingest_time(con, ingested_at), ids, accept=accept)


def rehear(
    con: Connection, home: Home, ingested_at: datetime, streams: Streams | None = None
) -> list[Landed]:
    """Another hearing for those for whom a command asked it; see door.decisions."""
    streams = known_streams() if streams is None else streams
    return quarantine.rehear(con, home, streams, ingest_time(con, ingested_at))
