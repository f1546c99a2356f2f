"""From where each pull goes on, and what the ledger knows: written with the rows, moved only forward."""

from datetime import datetime

from connectors.stream import Since
from pipelines.door import gone
from pipelines.door.incoming import Lot
from pipelines.door.schema import Connection, Streams, raw_table


def hand_out(con: Connection, streams: Streams) -> dict[tuple[str, str, str], Since]:
    """Where every known account of every stream goes on, and how many records per form are accounted for:
    those we have or refused, and those that had expired before we first came. What its platform has deleted
    since is not among them (gone.py).

    `landed[""]` is the whole stream.
    """
    moments = {
        (platform, stream, account): cursor_at - streams[platform, stream].overlap
        for platform, stream, account, cursor_at in con.execute(
            "select platform, stream, account, cursor_at from door.cursors"
        ).fetchall()
        if (platform, stream) in streams
    }
    landed: dict[tuple[str, str, str], dict[str, int]] = {}
    gone.find(con, streams)
    for platform, stream, account, form, count in _counts(con, streams):
        forms = landed.setdefault((platform, stream, account), {})
        forms[form] = forms.get(form, 0) + count
        if form:
            forms[""] = forms.get("", 0) + count
    return {
        key: Since(moments.get(key), landed.get(key, {}), _recent(con, key, moments.get(key), streams))
        for key in {*moments, *landed}
    }


def _recent(
    con: Connection, key: tuple[str, str, str], moment: datetime | None, streams: Streams
) -> frozenset[str] | None:
    """The keys that are counted and happened at `moment` or later; None where nobody counts."""
    platform, stream, account = key
    if (platform, stream) not in streams or not streams[platform, stream].counted:
        return None
    if moment is None:
        return frozenset()
    found = con.execute(
        f"""
        select _key from {raw_table(platform, stream)}
        where _account = $account and _occurred_at >= $moment and _op = 'upsert'
        union
        select key from door.quarantine
        where platform = $platform and stream = $stream and account = $account and occurred_at >= $moment
        except
        select key from gone where platform = $platform and stream = $stream and account = $account
        """,
        {"platform": platform, "stream": stream, "account": account, "moment": moment},
    ).fetchall()
    return frozenset(one for (one,) in found)


def _counts(con: Connection, streams: Streams) -> list[tuple[str, str, str, str, int]]:
    counts = con.execute(
        """
        select platform, stream, account, form, landed + dropped + coalesce(gap, 0) from door.form_counts
        union all
        select platform, stream, account, form, -count(*) from gone group by all
        """
    ).fetchall()
    held = con.execute(
        "select distinct platform, stream from door.quarantine where status <> 'replayed'"
    ).fetchall()
    for platform, stream in held:
        if (platform, stream) in streams:
            counts += con.execute(
                f"""
                select platform, stream, account, coalesce(form, ''), count(distinct key)
                from door.quarantine as q
                anti join {raw_table(platform, stream)} as r on q.key = r._key and q.account = r._account
                where platform = ? and stream = ? and status <> 'replayed'
                group by all
                """,
                [platform, stream],
            ).fetchall()
    return counts


def move(con: Connection, lot: Lot, ingested_at: datetime) -> None:
    """Inside the transaction: a drained account's cursor goes forward, never back; a backfill's stays."""
    if lot.is_backfill:
        return
    for account, said in lot.accounts.items():
        if said.get("drained") and said.get("cursor"):
            con.execute(
                """
                insert into door.cursors values (?, ?, ?, ?, ?, ?)
                on conflict do update set
                    cursor_at = excluded.cursor_at, batch = excluded.batch, updated_at = excluded.updated_at
                where excluded.cursor_at > cursors.cursor_at
                """,
                [
                    lot.platform,
                    lot.stream,
                    account,
                    datetime.fromisoformat(said["cursor"]),
                    lot.batch,
                    ingested_at,
                ],
            )


def announce(con: Connection, lot: Lot) -> None:
    """Inside the transaction: what the platform said it holds, for the lead ledger."""
    for account, said in lot.accounts.items():
        for one in said.get("announced", ()):
            con.execute(
                "insert into door.announcements values (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    lot.platform,
                    lot.stream,
                    account,
                    one["form"],
                    lot.started_at,
                    one["count"],
                    one.get("expired", 0),
                    lot.batch,
                ],
            )


def count_forms(con: Connection, lot: Lot, has_dropped: bool) -> None:
    """Inside the transaction, after the rows: keys never landed before, per form; and those dropped.

    What a platform deleted before it ever came was never held: it is no record of ours, and may still come.
    Dropped keys are not kept, so they cannot be told apart over batches: the largest batch counts.
    """
    con.execute(
        """
        insert into door.form_counts
        select ?, ?, account, form, count(*), 0, null
        from (
            select i.account, i.key, any_value(i.form) as form
            from incoming as i
            semi join (select n from arranged where n is not null and is_change) as a on i.n = a.n
            anti join (select * from known where is_in_raw and op = 'upsert') as k
                on i.account = k.account and i.key = k.key
            where i.op = 'upsert'
            group by all
        )
        group by all
        on conflict do update set landed = form_counts.landed + excluded.landed
        """,
        [lot.platform, lot.stream],
    )
    if has_dropped:
        con.execute(
            """
            insert into door.form_counts select ?, ?, account, form, 0, keys, null from dropped
            on conflict do update set dropped = greatest(form_counts.dropped, excluded.dropped)
            """,
            [lot.platform, lot.stream],
        )


def settle_gaps(con: Connection, lot: Lot) -> None:
    """Inside the transaction, last: what the platform counts and nobody can bring any more.

    Only what expired before the first whole pull may be a gap, and it only ever shrinks (an old export may
    still fill it). So a count above what is accounted for always means a record we should fetch.
    """
    drained = [account for account, said in lot.accounts.items() if said.get("drained")]
    con.execute(
        f"""
        with announced as (
            select account, form, arg_max(count + expired, announced_at) as total,
                arg_max(expired, announced_at) as expired
            from door.announcements
            where platform = $platform and stream = $stream
            group by all
        ),

        held as (
            select account, coalesce(form, '') as form, count(distinct key) as refused
            from door.quarantine as q
            anti join {raw_table(lot.platform, lot.stream)} as r on q.key = r._key and q.account = r._account
            where platform = $platform and stream = $stream and status <> 'replayed'
            group by all
        ),

        counts as (select * from door.form_counts where platform = $platform and stream = $stream)

        insert into door.form_counts
        select $platform, $stream, a.account, a.form, 0, 0,
            least(
                coalesce(c.gap, a.expired),
                a.expired,
                greatest(0, a.total - coalesce(c.landed + c.dropped, 0) - coalesce(h.refused, 0))
            )
        from announced as a
        left join counts as c using (account, form)
        left join held as h using (account, form)
        where a.form <> '' and a.expired > 0 and (c.gap is not null or list_contains($drained, a.account))
        on conflict do update set gap = excluded.gap
        """,
        {"platform": lot.platform, "stream": lot.stream, "drained": drained},
    )
