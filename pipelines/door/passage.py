"""The one way through the door, for a landed batch and for quarantined records that get another hearing.

    tombstones -> what is new -> expectations -> change log or quarantine, cursors, ledger: one transaction

Everything up to the transaction only fills temporary tables; a crash before the commit leaves nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from connectors.stream import Stream
from pipelines.chaos import point
from pipelines.door import changelog, cursors, fates, tombstones
from pipelines.door import judge as judging
from pipelines.door.incoming import Lot
from pipelines.door.schema import Connection
from pipelines.expectations import Result
from pipelines.home import Home


@dataclass(frozen=True)
class Landed:
    """What became of one batch. `failed_reason` is set where the whole batch was refused."""

    batch: str
    platform: str = ""
    stream: str = ""
    read: int = 0
    new: int = 0
    refused: int = 0
    dropped: int = 0
    failed_reason: str | None = None
    results: list[Result] = field(default_factory=list)


def carry(
    con: Connection,
    home: Home,
    lot: Lot,
    stream: Stream,
    ingested_at: datetime,
    *,
    accept: bool = False,
    alongside: Callable[[Connection], None] | None = None,
) -> Landed:
    """Take the staged table `incoming` through the door. `alongside` runs inside the transaction."""
    dropped = fates.apply(con, lot, stream, fates.Desk.of(home)) if tombstones.exist(con) else 0
    changelog.compare(con, lot)
    new_versions = changelog.to_judge(con, lot)
    if accept:
        judging.accept_all(con)
        verdict = judging.Judged()
    else:
        verdict = judging.judge(con, lot, stream, new_versions)
    changelog.arrange(con, lot)
    con.begin()
    try:
        refused = _hold(con, lot, ingested_at)
        new = changelog.write(con, lot, ingested_at)
        cursors.count_forms(con, lot, bool(dropped))
        cursors.announce(con, lot)
        cursors.settle_gaps(con, lot)
        if not verdict.failed_reason:
            cursors.move(con, lot, ingested_at)
        if alongside:
            alongside(con)
        landed = Landed(
            lot.batch,
            lot.platform,
            lot.stream,
            lot.rows,
            new,
            refused,
            dropped,
            verdict.failed_reason,
            verdict.results,
        )
        _note_batch(con, lot, landed, ingested_at)
        point("inside_commit")
        con.commit()
    except BaseException:
        con.rollback()
        raise
    return landed


def _note_batch(con: Connection, lot: Lot, landed: Landed, ingested_at: datetime) -> None:
    """Landed once, for good: this row is what makes a second time a no-op."""
    con.execute(
        "insert into door.batches values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            lot.batch,
            lot.platform,
            lot.stream,
            lot.via,
            ingested_at,
            lot.rows,
            landed.new,
            landed.refused,
            landed.dropped,
            lot.is_complete,
            landed.failed_reason,
        ],
    )


def _hold(con: Connection, lot: Lot, ingested_at: datetime) -> int:
    """Put the refused into quarantine, once per version however often it comes. How many were refused."""
    con.execute(
        """
        insert into door.quarantine by name
        -- Chosen before they are compared: the other way round, DuckDB's optimizer fails where more is held
        -- than comes ("expression type mismatch").
        with told as (
            select i.*, r.reasons
            from incoming as i
            inner join refused as r using (n)
            qualify row_number() over (partition by i.account, i.key, i.op, i.version order by i.n) = 1
        )
        select
            md5(concat_ws('|', $platform, $stream, $via,
                i.account, i.key, i.op, i.version, i.changed_at, i.fetched_at)) as quarantine_id,
            $platform as platform, $stream as stream, $via as via, i.account, i.key, i.op, i.version,
            i.payload, i.reasons, i.changed_at, i.occurred_at, i.fetched_at,
            coalesce(i.arrived_at, $ingested_at) as arrived_at, i.form, $batch as batch, 'held' as status
        from told as i
        anti join (
            select * from door.quarantine
            where platform = $platform and stream = $stream and via = $via and status <> 'replayed'
        ) as q
            on i.account = q.account and i.key = q.key and i.op = q.op and i.version = q.version
        on conflict do update set
            status = 'held', reasons = excluded.reasons,
            decided_at = null, decided_by = null, decided_why = null
        """,
        {
            "platform": lot.platform,
            "stream": lot.stream,
            "via": lot.via,
            "ingested_at": ingested_at,
            "batch": lot.batch,
        },
    )
    return con.execute("select count(*) from refused").fetchone()[0]
