"""Records the door refused: look at them, give them another hearing.

Nothing is lost here: a replayed record keeps the moment it first arrived, and hearing it twice lands it once.
What is to become of them people decide by commands (door/decisions.py).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.door.incoming import Lot
from pipelines.door.passage import Landed, carry
from pipelines.door.schema import Connection, Streams
from pipelines.home import Home


@dataclass(frozen=True)
class Held:
    """One refused record; its payload stays in the warehouse."""

    quarantine_id: str
    platform: str
    stream: str
    via: str
    account: str
    key: str
    reasons: list[str]
    arrived_at: datetime
    status: str


def held(con: Connection, status: str = "held", platform: str | None = None) -> list[Held]:
    """Oldest first."""
    rows = con.execute(
        """
        select quarantine_id, platform, stream, via, account, key, reasons, arrived_at, status
        from door.quarantine
        where status = ? and platform = coalesce(?, platform)
        order by arrived_at, platform, stream, account, key, quarantine_id
        """,
        [status, platform],
    )
    return [Held(*row) for row in rows.fetchall()]


def rehear(con: Connection, home: Home, streams: Streams, ingested_at: datetime) -> list[Landed]:
    """Give those a hearing for whom it was asked; a crash leaves them asked for, and the next run does it."""
    landed = []
    for asked in ("replay", "accept"):
        query = "select quarantine_id from door.quarantine where status = 'held' and asked = ?"
        if ids := [row[0] for row in con.execute(query, [asked]).fetchall()]:
            landed += replay(con, home, streams, ingested_at, ids, accept=asked == "accept")
    return landed


def replay(
    con: Connection,
    home: Home,
    streams: Streams,
    ingested_at: datetime,
    ids: Sequence[str] | None = None,
    *,
    accept: bool = False,
) -> list[Landed]:
    """Judge held records (all of them for None) by today's promises; land those that pass.

    `accept`: an operator takes responsibility, and only what has no key or no shape stays out.
    """
    _choose(con, ids)
    landed = []
    ways = con.execute(
        "select distinct platform, stream, via from chosen order by platform, stream, via"
    ).fetchall()
    for platform, stream, via in ways:
        if (platform, stream) not in streams:
            continue
        batch = f"{ingested_at:%Y%m%dT%H%M%S%f}-{platform}-{stream}-replay-{secrets.token_hex(3)}"
        lot = Lot(
            batch, platform, stream, via, ingested_at, _stage(con, platform, stream, via), is_replay=True
        )

        def settle(con: Connection, lot: Lot = lot) -> None:
            _settle(con, lot, ingested_at)

        landed.append(
            carry(con, home, lot, streams[platform, stream], ingested_at, accept=accept, alongside=settle)
        )
    return landed


def _choose(con: Connection, ids: Sequence[str] | None) -> None:
    con.execute(
        """
        create or replace temp table chosen as
        select quarantine_id, platform, stream, via from door.quarantine
        where status = 'held' and (? or list_contains(?, quarantine_id))
        """,
        [ids is None, list(ids or ())],
    )


def _stage(con: Connection, platform: str, stream: str, via: str) -> int:
    """The chosen records of one stream and way as `incoming`."""
    con.execute(
        """
        create or replace temp table incoming as
        select
            row_number() over (order by q.arrived_at, q.quarantine_id) as n,
            q.account, q.key, q.op, q.version, q.payload, q.changed_at, q.occurred_at, q.fetched_at,
            q.arrived_at, coalesce(q.form, '') as form, q.quarantine_id
        from door.quarantine as q
        semi join chosen using (quarantine_id)
        where q.platform = ? and q.stream = ? and q.via = ?
        """,
        [platform, stream, via],
    )
    return con.execute("select count(*) from incoming").fetchone()[0]


def _settle(con: Connection, lot: Lot, decided_at: datetime) -> None:
    """Inside the transaction: what passed is done with, what did not gets today's reasons."""
    con.execute(
        """
        create or replace temp table outcomes as
        with still as (
            select i.account, i.key, i.op, i.version, any_value(r.reasons) as reasons
            from refused as r inner join incoming as i using (n)
            group by all
        )
        select i.quarantine_id, still.reasons
        from incoming as i left join still using (account, key, op, version)
        """
    )
    con.execute(
        """
        update door.quarantine as q
        set status = case when o.reasons is null then 'replayed' else 'held' end,
            decided_at = case when o.reasons is null then cast(? as timestamptz) end,
            reasons = coalesce(o.reasons, q.reasons),
            asked = null,
            -- Heard and refused once more, it waits for the next to decide.
            decided_by = case when o.reasons is null then q.decided_by end,
            decided_why = case when o.reasons is null then q.decided_why end
        from outcomes as o where q.quarantine_id = o.quarantine_id
        """,
        [decided_at],
    )
    # Chosen and staged, but no longer there: a tombstone took it.
    con.execute(
        """
        delete from door.quarantine
        where platform = ? and stream = ? and via = ?
            and quarantine_id in (select quarantine_id from chosen)
            and quarantine_id not in (select quarantine_id from outcomes)
        """,
        [lot.platform, lot.stream, lot.via],
    )
