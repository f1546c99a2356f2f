"""The change log rule: a row is added only where a record differs from how it was just before.

"Before" is in the record's own time (`changed_at`, else `fetched_at`), per account, key and way. Every
sighting is kept, with its payload where it is a change (raw) and without where it is not (seen_again);
so what raw says does not depend on the order in which things were landed.

Works on the temporary table `incoming` (see incoming.stage), all at once, over the batch's keys only.
"""

from datetime import datetime

from pipelines.door.incoming import Lot
from pipelines.door.schema import Connection, raw_table

# A record's place among its versions. The version is last: two states of one instant need some order.
PLACE = "time_of_record, fetched_at, version, op"


def compare(con: Connection, lot: Lot) -> None:
    """Make `known` (all sightings we hold of the batch's keys) and `fresh` (those the batch adds)."""
    con.execute("create or replace temp table keys as select distinct account, key from incoming")
    con.execute(
        f"""
        create or replace temp table known as
        select
            r._account as account, r._key as key, r._via as via, r._op as op, r._version as version,
            r._changed_at as changed_at, r._fetched_at as fetched_at, r._first_seen_at as first_seen_at,
            true as is_in_raw
        from {raw_table(lot.platform, lot.stream)} as r
        inner join keys on r._key = keys.key and r._account = keys.account
        union all
        select account, key, s.via, s.op, s.version, s.changed_at, s.fetched_at, null, false
        from door.seen_again as s
        inner join keys using (account, key)
        where s.platform = ? and s.stream = ? and s.via = ?
        """,
        [lot.platform, lot.stream, lot.via],
    )
    con.execute(
        """
        create or replace temp table fresh as
        select i.n, i.account, i.key, i.op, i.version, i.changed_at, i.fetched_at
        from incoming as i
        anti join (select * from known where via = ?) as k
            on i.account = k.account and i.key = k.key and i.op = k.op and i.version = k.version
            and i.changed_at is not distinct from k.changed_at and i.fetched_at = k.fetched_at
        qualify row_number() over (
            partition by i.account, i.key, i.op, i.version, i.changed_at, i.fetched_at order by i.n
        ) = 1
        """,
        [lot.via],
    )


def to_judge(con: Connection, lot: Lot) -> int:
    """Make `unjudged`: one of each new version; a version in raw was judged when it came. How many."""
    con.execute(
        """
        create or replace temp table unjudged as
        select row_number() over (order by n) - 1 as place, * from (
            select min(f.n) as n, f.account, f.key, f.op, f.version
            from fresh as f
            anti join (select * from known where via = ? and is_in_raw) as k
                on f.account = k.account and f.key = k.key and f.op = k.op and f.version = k.version
            group by all
        )
        """,
        [lot.via],
    )
    return con.execute("select count(*) from unjudged").fetchone()[0]


def arrange(con: Connection, lot: Lot) -> None:
    """Make `arranged`: each sighting of these keys that raw lacks, and whether it is a change."""
    con.execute(
        f"""
        create or replace temp table arranged as
        with sightings as (
            select n, account, key, op, version, changed_at, fetched_at, false as is_in_raw
            from fresh anti join refused using (n)
            union all
            select null, account, key, op, version, changed_at, fetched_at, is_in_raw
            from known where via = ?
        ),
        placed as (
            select
                *,
                coalesce(changed_at, fetched_at) as time_of_record,
                lag((version, op)) over (partition by account, key order by {PLACE}) as before,
                -- Two pulls side by side saw the same change; the one that fetched it first landed last.
                changed_at is not null and coalesce(
                    lead((version, op, changed_at, is_in_raw))
                        over (partition by account, key order by {PLACE}) = (version, op, changed_at, true),
                    false
                ) as is_told_by_next
            from sightings
        )
        select
            * exclude (before, time_of_record, is_told_by_next),
            before is distinct from (version, op) and not is_told_by_next as is_change
        from placed
        where not is_in_raw
        """,
        [lot.via],
    )


def write(con: Connection, lot: Lot, ingested_at: datetime) -> int:
    """Inside the transaction: add changes to raw and remember the other sightings. Rows added to raw."""
    con.execute(
        """
        create or replace temp table first_sights as
        with held as (
            select q.account, q.key, min(q.arrived_at) as arrived_at
            from door.quarantine as q inner join keys using (account, key)
            where q.platform = ? and q.stream = ?
            group by all
        ),
        arrivals as (select account, key, min(arrived_at) as arrived_at from incoming group by all),
        landed as (select account, key, min(first_seen_at) as first_seen_at from known group by all)
        select
            keys.account, keys.key,
            -- Once landed, never rewritten; else when it first reached us, wherever it waited.
            coalesce(
                landed.first_seen_at, least(held.arrived_at, arrivals.arrived_at), ?
            ) as first_seen_at
        from keys
        left join held using (account, key)
        left join arrivals using (account, key)
        left join landed using (account, key)
        """,
        [lot.platform, lot.stream, ingested_at],
    )
    added = _add_new(con, lot, ingested_at) + _bring_back(con, lot, ingested_at)
    con.execute(
        """
        insert into door.seen_again
        select ?, ?, account, key, ?, op, version, changed_at, fetched_at
        from arranged where n is not null and not is_change
        """,
        [lot.platform, lot.stream, lot.via],
    )
    return added


def _add_new(con: Connection, lot: Lot, ingested_at: datetime) -> int:
    return con.execute(
        f"""
        insert into {raw_table(lot.platform, lot.stream)} by name
        select
            i.account as _account, i.key as _key, i.op as _op, i.version as _version,
            cast(i.payload as json) as payload, i.changed_at as _changed_at, i.occurred_at as _occurred_at,
            i.fetched_at as _fetched_at, cast(? as timestamptz) as _ingested_at,
            f.first_seen_at as _first_seen_at, ? as _via, ? as _batch
        from incoming as i
        semi join (select n from arranged where n is not null and is_change) as a on i.n = a.n
        inner join first_sights as f on i.account = f.account and i.key = f.key
        """,
        [ingested_at, lot.via, lot.batch],
    ).fetchone()[0]


def _bring_back(con: Connection, lot: Lot, ingested_at: datetime) -> int:
    """A sighting once thought idle follows another state now: its payload is in raw under its version."""
    returned = con.execute("select count(*) from arranged where n is null and is_change").fetchone()[0]
    if not returned:
        return 0
    table = raw_table(lot.platform, lot.stream)
    con.execute(
        f"""
        insert into {table} by name
        with payloads as (
            select r.* from {table} as r
            semi join (select account, key, op, version from arranged where n is null and is_change) as a
                on r._key = a.key and r._account = a.account and r._op = a.op and r._version = a.version
            where r._via = ?
            qualify row_number() over (partition by _account, _key, _op, _version order by _fetched_at) = 1
        )
        select
            p.* replace (
                a.changed_at as _changed_at, a.fetched_at as _fetched_at,
                cast(? as timestamptz) as _ingested_at, ? as _batch
            )
        from arranged as a
        inner join payloads as p
            on p._account = a.account and p._key = a.key and p._op = a.op and p._version = a.version
        where a.n is null and a.is_change
        """,
        [lot.via, ingested_at, lot.batch],
    )
    con.execute(
        """
        delete from door.seen_again as s
        using arranged as a
        where a.n is null and a.is_change and s.platform = ? and s.stream = ? and s.via = ?
            and s.account = a.account and s.key = a.key and s.op = a.op and s.version = a.version
            and s.changed_at is not distinct from a.changed_at and s.fetched_at = a.fetched_at
        """,
        [lot.platform, lot.stream, lot.via],
    )
    return returned
