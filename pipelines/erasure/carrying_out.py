"""An erasure from the request to the last store, again from the start after a crash: each part knows when it
is done.

    tombstones and request     one transaction (door/erasures.py)
    tables                     one transaction (inside.py)
    copy of the tombstones     data/state/erasures.jsonl, for restores of older backups
    the warehouse's file       rewritten (rewriting.py)
    other stores               swept (leftovers.py)
    publications               the next one shown, all older ones deleted (pipelines/publish.py)
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from connectors.landing import write_durably
from pipelines.chaos import point
from pipelines.door import tombstones
from pipelines.door.fates import Desk
from pipelines.door.schema import Connection, Streams
from pipelines.door.tombstones import Tombstone
from pipelines.erasure import inside, leftovers, rewriting
from pipelines.erasure.inside import Counts
from pipelines.erasure.recogniser import Recogniser
from pipelines.home import Home

LEDGER = "erasures.jsonl"


@dataclass
class CarriedOut:
    """What one pass removed, by store."""

    people: int = 0
    tables: Counts = field(default_factory=dict)
    files: Counts = field(default_factory=dict)


def pending(con: Connection) -> int:
    """How many requests are not done with."""
    return con.execute("select count(*) from door.erasures where swept_at is null").fetchone()[0]


def count(con: Connection) -> int:
    return con.execute("select count(*) from door.erasures").fetchone()[0]


def carry_out(
    con: Connection, home: Home, streams: Streams, now: datetime, say: Callable[[str], None]
) -> CarriedOut:
    """Do what is pending; `con` is the warehouse, open for writing, and of no use afterwards.

    Raises MissingKey.
    """
    done = CarriedOut(pending(con))
    if not done.people:
        rewriting.clear(home)
        return done
    desk = Desk.of(home)
    keep_ledger(con, home)
    done.tables = inside.remove(con, desk, streams, now)
    point("after_erasing_tables")
    done.files = leftovers.sweep(home, Recogniser.of(con, desk))
    point("after_erasing_files")
    rewriting.rewrite(con, home, now)
    say(f"erased: {done.people} people, {sum(done.tables.values())} rows, {sum(done.files.values())} files")
    return done


# -- the copy that outlives the warehouse ------------------------------------------------------------


def keep_ledger(con: Connection, home: Home) -> None:
    """Write every erasure to data/state/erasures.jsonl, one a line: digests and dates, nobody's data."""
    rows = con.execute(
        """
        select e.erasure_id, e.requested_at, e.requested_by, e.channel, e.identity_check, e.has_objected,
            e.extent::varchar
        from door.erasures as e order by e.requested_at, e.erasure_id
        """
    ).fetchall()
    stones = con.execute(
        "select requested_at, kind, digest, scope, key_version from door.tombstones order by all"
    ).fetchall()
    at: dict[datetime, list[tuple]] = {}
    for requested_at, *stone in stones:
        at.setdefault(requested_at, []).append(tuple(stone))
    lines = [
        {"erasure": row[0], "requested_at": row[1].isoformat(), "by": row[2], "channel": row[3]}
        | {"identity_check": row[4], "has_objected": row[5], "extent": json.loads(row[6])}
        for row in rows
    ]
    lines += [{"requested_at": when.isoformat(), "stones": found} for when, found in sorted(at.items())]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    write_durably(home.state / LEDGER, text.encode())


def replay_ledger(con: Connection, text: str) -> int:
    """Lay down what a ledger knows and this warehouse does not; how many erasures were new.

    They are pending then: `carry_out` removes whom a backup brought back. Raises ValueError.
    """
    new = 0
    for line in text.splitlines():
        said = json.loads(line)
        requested_at = datetime.fromisoformat(said["requested_at"])
        if "stones" in said:
            tombstones.add(
                con,
                [
                    Tombstone(digest, kind, requested_at, scope, version)
                    for kind, digest, scope, version in said["stones"]
                ],
            )
            continue
        known = con.execute(
            "select exists (from door.erasures where erasure_id = ?)", [said["erasure"]]
        ).fetchone()[0]
        if not known:
            con.execute(
                "insert into door.erasures values (?, ?, ?, ?, ?, ?, ?, ?, null, null)",
                [
                    said["erasure"],
                    requested_at,
                    said["by"],
                    said["channel"],
                    said["identity_check"],
                    said["has_objected"],
                    json.dumps(said["extent"]),
                    requested_at,
                ],
            )
            new += 1
    return new
