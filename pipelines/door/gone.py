"""What we hold and its platform has deleted since: its newest word of a record is that it is gone.

Newest is what was told last, whatever date the platform gives it: a deletion has often none, and to take one
back moves none. A file says how things stood, and so nothing of what is there now.
"""

from connectors.stream import Stream
from pipelines.door.schema import Connection, Streams, raw_table


def find(con: Connection, streams: Streams) -> None:
    """Make `gone(platform, stream, account, key, form)`, of records that were ever held; those of platforms
    that count what was deleted all the same are left out.

    Where no deletion was ever told that is one look at one column; else at the records it was told of.
    """
    con.execute(
        "create or replace temp table gone"
        " (platform varchar, stream varchar, account varchar, key varchar, form varchar)"
    )
    for (platform, _), stream in streams.items():
        if stream.counted == "present":
            _add(con, platform, stream)


def _add(con: Connection, platform: str, stream: Stream) -> None:
    table = raw_table(platform, stream.name)
    form = f"payload ->> '$.{stream.form}'" if stream.form else "null"
    con.execute(
        f"""
        insert into gone
        with once_gone as (
            select distinct _account as account, _key as key from {table} where _op = 'delete'
        ),

        told as (
            select account, key, _op as op, _via as via, _fetched_at as told_at, {form} as form
            from {table} as r
            inner join once_gone as g on r._key = g.key and r._account = g.account
            union all
            select account, key, op, via, fetched_at, null
            from door.seen_again semi join once_gone using (account, key)
            where platform = $platform and stream = $stream
        )

        select $platform, $stream, account, key, coalesce(max(form) filter (where op = 'upsert'), '')
        from told
        group by account, key
        having bool_or(op = 'upsert')
            and coalesce(
                max(told_at) filter (where op = 'delete')
                >= max(told_at) filter (where op = 'upsert' and via <> 'file'),
                true
            )
        """,
        {"platform": platform, "stream": stream.name},
    )
