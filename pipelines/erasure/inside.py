"""The door's test, held against everything that is inside already: one transaction, the same a second time.

What cannot be computed again is here: change logs, quarantine, sightings, judgements, the log of numbers.
Whatever dbt builds is not looked at, for it is built anew from these (rewriting.py leaves it behind).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from connectors.stream import Stream
from pipelines.door import fates, gone, recognise
from pipelines.door.changelog import PLACE
from pipelines.door.fates import Desk
from pipelines.door.incoming import Lot
from pipelines.door.schema import Connection, Streams, raw_table

Counts = dict[str, int]


def remove(con: Connection, desk: Desk, streams: Streams, now: datetime) -> Counts:
    """Take out whom the tombstones know; how many rows went or were stripped, by store. Raises MissingKey."""
    counts: Counts = {}
    con.begin()
    try:
        for (platform, name), stream in _raw_streams(con, streams).items():
            counts[f"raw_{platform}.{name}"] = _from_raw(con, platform, stream, desk)
        counts["door.quarantine"] = sum(_from_quarantine(con, desk, streams))
        counts["door.seen_again"] = _where_known(
            con,
            desk,
            "record",
            "door.seen_again",
            "platform || ':' || stream || ':' || account || ':' || key",
        )
        counts["door.judgements"] = sum(
            _where_known(con, desk, "profile", "door.judgements", column)
            for column in ("left_profile_id", "right_profile_id")
        )
        # Its reason is in somebody's own words.
        counts["door.holds"] = _where_known(con, desk, "number", "door.holds", "customer_number")
        counts["door.restatements"] = _where_known(con, desk, "number", "door.restatements", "customer_id")
        counts["door.consent_entries"] = sum(_staff_entries(con, desk, kind) for kind in ("email", "phone"))
        counts["door.identity_log"] = _end_numbers(con, desk, now)
        con.execute("update door.erasures set removed_at = ? where removed_at is null", [now])
        con.commit()
    except BaseException:
        con.rollback()
        raise
    return {store: count for store, count in counts.items() if count}


def _raw_streams(con: Connection, streams: Streams) -> Mapping[tuple[str, str], Stream]:
    """Every change log that holds anything, those of platforms that no code knows any more as well."""
    tables = con.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where starts_with(schema_name, 'raw_') order by all"
    ).fetchall()
    named = [(schema.removeprefix("raw_"), table) for schema, table in tables]
    # A company uses a few of some hundred, and an empty one would be asked thirty questions.
    holding = [key for key in named if con.execute(f"from raw_{key[0]}.{key[1]} limit 1").fetchone()]
    return {key: streams.get(key) or _unknown(key[1]) for key in holding}


def _unknown(name: str) -> Stream:
    return Stream(name, lambda client, account, since: iter(()))


def _from_raw(con: Connection, platform: str, stream: Stream, desk: Desk) -> int:
    table = raw_table(platform, stream.name)
    form = f"coalesce(payload ->> '$.{stream.form}', '')" if stream.form else "''"
    con.execute(
        f"""
        create or replace temp table incoming as
        select
            rowid as n, _account as account, _key as key, {form} as form, _op as op, _version as version,
            payload::varchar as payload, _changed_at as changed_at, _occurred_at as occurred_at,
            _ingested_at as ingested_at
        from {table}
        """
    )
    lot = Lot("", platform, stream.name, "", datetime.min)
    gone.find(con, {(platform, stream.name): stream})
    removed = fates.apply(con, lot, stream, desk)
    con.execute(
        f"""
        update {table} as r
        set _key = s.key, _version = s.version, payload = s.payload::json,
            _occurred_at = coalesce(s.occurred_at, r._occurred_at)
        from stripped as s where r.rowid = s.n and (r._key, r._version) is distinct from (s.key, s.version)
        """
    )
    con.execute(f"delete from {table} where rowid in (select n from doomed)")
    _collapse(con, table)
    _count_as_dropped(con, lot)
    return removed + con.execute("select count(*) from stripped").fetchone()[0]


def _collapse(con: Connection, table: str) -> None:
    """Versions that differed in the person only are one now: the change log says what changed."""
    con.execute(
        f"""
        delete from {table} where rowid in (
            select n from (
                select
                    rowid as n,
                    (_version, _op) = lag((_version, _op)) over (
                        partition by _account, _key, _via order by {_raw_place()}
                    ) as is_same
                from {table} where _key in (select key from stripped)
            ) where is_same
        )
        """
    )


def _raw_place() -> str:
    names = [name.strip() for name in PLACE.split(",")]
    return ", ".join(
        "coalesce(_changed_at, _fetched_at)" if name == "time_of_record" else f"_{name}" for name in names
    )


def _count_as_dropped(con: Connection, lot: Lot) -> None:
    """For the ledger: what was landed and is erased counts among those we may not keep; but not what its
    platform had deleted before, and counts no more."""
    con.execute(
        """
        update door.form_counts as c
        set landed = greatest(0, c.landed - d.keys), dropped = c.dropped + d.keys - d.gone
        from (
            select account, form, count(distinct key) as keys, count(distinct gone.key) as gone
            from doomed left join gone using (account, key, form)
            group by all
        ) as d
        where c.platform = ? and c.stream = ? and c.account = d.account and c.form = d.form
        """,
        [lot.platform, lot.stream],
    )


def _from_quarantine(con: Connection, desk: Desk, streams: Streams) -> Iterator[int]:
    ways = con.execute("select distinct platform, stream from door.quarantine order by all").fetchall()
    for platform, name in ways:
        con.execute(
            """
            create or replace temp table incoming as
            select
                rowid as n, account, key, coalesce(form, '') as form, op, version, payload, changed_at,
                occurred_at, arrived_at as ingested_at
            from door.quarantine where platform = ? and stream = ?
            """,
            [platform, name],
        )
        stream = streams.get((platform, name)) or _unknown(name)
        removed = fates.apply(con, Lot("", platform, name, "", datetime.min), stream, desk)
        # Nothing held back was counted yet: a ledger row comes again with the next pull.
        con.execute(
            "delete from door.quarantine where rowid in (select n from doomed)"
            " or rowid in (select n from stripped where is_ledger)"
        )
        con.execute(
            """
            update door.quarantine as q set version = s.version, payload = s.payload
            from stripped as s where q.rowid = s.n and not s.is_ledger
            """
        )
        yield removed + con.execute("select count(*) from stripped").fetchone()[0]


def _where_known(con: Connection, desk: Desk, kind: str, table: str, value: str) -> int:
    recognise.known(con, desk.keyed, kind, f"select {value} from {table}")
    return con.execute(f"delete from {table} where {value} in (select value from known)").fetchone()[0]


def _staff_entries(con: Connection, desk: Desk, kind: str) -> int:
    """What staff wrote down until then; a no that somebody gives afterwards is a new act, and stays."""
    entries = f"select contact_value from door.consent_entries where contact_type = '{kind}'"
    recognise.known(con, desk.keyed, kind, entries)
    return con.execute(
        "delete from door.consent_entries as e using known as k"
        " where e.contact_type = ? and e.contact_value = k.value and e.ingested_at <= k.requested_at",
        [kind],
    ).fetchone()[0]


def _end_numbers(con: Connection, desk: Desk, now: datetime) -> int:
    """Of an erased number stays that it was given and leads nowhere: no birth, no merges, no cause."""
    recognise.known(con, desk.keyed, "number", "select customer_number from door.identity_log")
    con.execute(
        """
        create or replace temp table ended as
        select customer_number, max(logged_at) as logged_at
        from door.identity_log semi join known on customer_number = value
        group by customer_number
        having count(*) > 1 or bool_or(event <> 'ended')
        """
    )
    con.execute("delete from door.identity_log where customer_number in (select customer_number from ended)")
    con.execute(
        """
        insert into door.identity_log by name
        select
            (select coalesce(max(entry), 0) from door.identity_log)
            + row_number() over (order by customer_number) as entry,
            cast($now as timestamptz) as logged_at, customer_number, 'ended' as event,
            null as customer_id, null as previous_customer_id, 'erased_or_gone' as cause, null as judged_by,
            null as one_number, null as other_number, cast($now as timestamptz) as since
        from ended
        """,
        {"now": now},
    )
    for column in ("one_number", "other_number"):
        con.execute(
            f"update door.identity_log set {column} = null where {column} in (select value from known)"
        )
    return con.execute("select count(*) from ended").fetchone()[0]
