"""What becomes of a record that names somebody who was erased: it goes, it is stripped, or it is a new act.

It goes whole, unless bookkeeping needs a row of it (an order: a refund that comes later still counts) or it
names somebody else as well (a recommendation: only the fields of the erased go). A record dated after the
request is a new act of a person who came back, and passes; the record they were known by before does not.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.erasing import Erasing, Row, StandIns
from connectors.json_text import canonical
from connectors.stream import Stream
from connectors.times import iso, moment
from pipelines import config as configuration
from pipelines.config import Config, ConfigError
from pipelines.door import recognise, tombstones
from pipelines.door.incoming import Lot
from pipelines.door.schema import Connection
from pipelines.home import Home
from pipelines.keyed import Keyed

CLOCKS_DIFFER = timedelta(days=1)


@dataclass(frozen=True)
class Desk:
    """What a decision needs of the company: its keys, where numbers were typed, and its own day."""

    keyed: Keyed
    regions: tuple[str, ...]
    zone: ZoneInfo

    @classmethod
    def of(cls, home: Home) -> "Desk":
        """Raises MissingKey."""
        try:
            config = configuration.read(home)
        except ConfigError:
            config = Config(company="")
        keyed = Keyed.of(configuration.secrets(home))
        return cls(keyed, tuple(config.phone_regions), ZoneInfo(config.time_zone))

    def stand_ins(self, lot: Lot, key_version: int) -> StandIns:
        keyed = self.keyed.of_version(key_version)

        def number(text: str) -> str:
            return keyed.digits("ledger", f"{lot.platform}:{lot.stream}:{text}")

        def day(found: Any) -> str | None:
            at = moment(found)
            return at and iso(at.astimezone(self.zone).replace(hour=12, minute=0, second=0, microsecond=0))

        return StandIns(number, day)


@dataclass(frozen=True)
class Hit:
    kind: str
    value: str
    role: str
    scope: str
    requested_at: datetime
    key_version: int


@dataclass(frozen=True)
class Found:
    """One record that a tombstone knows, and all by which it does."""

    n: int
    account: str
    key: str
    form: str
    op: str
    payload: str | None
    happened_at: datetime | None
    ingested_at: datetime | None
    hits: tuple[Hit, ...]
    told_at: datetime | None = None


@dataclass(frozen=True)
class Changed:
    """What stays in a record's place."""

    key: str
    payload: str
    occurred_at: datetime | None
    is_ledger: bool = False

    @property
    def version(self) -> str:
        return hashlib.sha256(self.payload.encode("utf-8", "replace")).hexdigest()


def apply(con: Connection, lot: Lot, stream: Stream, desk: Desk) -> int:
    """Take from `incoming` what must not be here and strip what may stay; how many were taken.

    Makes `dropped(account, form, keys)` and `stripped(n, old_key, is_ledger)`. `incoming` may have a column
    `ingested_at`: what was here before the request goes whatever its date.
    """
    recognise.find(con, lot, stream, desk.keyed, desk.regions)
    doomed: list[Found] = []
    changed: list[tuple[Found, Changed]] = []
    for found in _found(con, desk):
        fate = decide(found, lot, stream, desk)
        if fate is None:
            doomed.append(found)
        elif isinstance(fate, Changed):
            changed.append((found, fate))
    _note_dropped(con, doomed)
    _change(con, changed)
    return len(doomed)


def decide(found: Found, lot: Lot, stream: Stream, desk: Desk) -> Changed | bool | None:
    """None: it goes. Changed: that stays of it. True: it passes as it is."""
    row, erasing = _row(found.payload), stream.erasing
    if not found.hits:
        return True
    old = [hit for hit in found.hits if _is_before(found, hit, row, erasing)]
    if not old:
        # A new act by who was erased; the account they used to have is not theirs any more.
        return _unlinked(found, row, erasing)
    if erasing.sides:
        return _one_side_out(found, row, old, erasing)
    if erasing.keep:
        stand_ins = desk.stand_ins(lot, max(hit.key_version for hit in old))
        key = stand_ins.number(f"{found.account}:{found.key}")
        kept = erasing.keep(row, key, stand_ins) if found.op == "upsert" else {}
        occurred = moment(kept.get(stream.occurred_at)) if stream.occurred_at else None
        return Changed(key, canonical(kept), occurred, is_ledger=True)
    return None


def _is_before(found: Found, hit: Hit, row: Row, erasing: Erasing) -> bool:
    if hit.role not in (recognise.MENTIONED, recognise.OWNER):
        # The very record that was erased: platforms give a new act a new key.
        return True
    if found.happened_at is None or found.happened_at <= hit.requested_at:
        return True  # without a date of its own, nothing shows that it is a new act
    if found.ingested_at is not None and found.ingested_at <= hit.requested_at:
        return True
    if found.told_at is not None and found.happened_at > found.told_at + CLOCKS_DIFFER:
        return True  # a day still to come is a slip of somebody's pen
    return not erasing.is_new_act(row)


def _unlinked(found: Found, row: Row, erasing: Erasing) -> Changed | bool:
    if not erasing.owner or all(hit.role != recognise.OWNER for hit in found.hits):
        return True
    field = erasing.owner[1].partition(".")[0]
    return Changed(found.key, canonical(row | {field: None}), found.happened_at)


def _one_side_out(found: Found, row: Row, old: Sequence[Hit], erasing: Erasing) -> Changed | None:
    """The fields of whoever is erased become empty. A value in no field of a side takes the record along."""
    gone = {hit.role for hit in old if hit.role in erasing.sides}
    for hit in old:
        if hit.role == recognise.MENTIONED:
            holders = {
                word
                for word, fields in erasing.sides.items()
                if any(hit.value in str(row.get(field, "")) for field in fields)
            }
            if not holders:
                return None
            gone |= holders
        elif hit.role not in erasing.sides:
            return None
    if not any(_has_content(row, erasing.sides[word]) for word in erasing.sides.keys() - gone):
        return None
    # What no column of ours holds may hold anybody.
    lost = {field for word in gone for field in erasing.sides[word]} | {"other"}
    left = {name: value for name, value in row.items() if name not in lost}
    return Changed(found.key, canonical(left), found.happened_at)


def _has_content(row: Row, fields: Sequence[str]) -> bool:
    return any(row.get(field) not in (None, "") for field in fields)


def _row(payload: str | None) -> Row:
    try:
        row = json.loads(payload or "{}")
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def _found(con: Connection, desk: Desk) -> list[Found]:
    """Every record with a hit, those of namesakes left out."""
    scopes: dict[str, set[str]] = {}
    hits: dict[int, list[Hit]] = {}
    for n, *hit in con.execute(
        "select n, kind, value, role, scope, requested_at, key_version from hits order by all"
    ).fetchall():
        hits.setdefault(n, []).append(Hit(*hit))
    columns = {name for name, *_ in con.execute("describe incoming").fetchall()}
    ingested = "i.ingested_at" if "ingested_at" in columns else "null"
    told = "i.fetched_at" if "fetched_at" in columns else ingested
    rows = con.execute(
        f"""
        select
            i.n, i.account, i.key, i.form, i.op, i.payload, coalesce(i.occurred_at, i.changed_at),
            {ingested}, {told}
        from incoming as i semi join hits using (n) order by i.n
        """
    ).fetchall()
    keys = tombstones.keys(con, desk.keyed)
    found = []
    for n, account, key, form, op, payload, happened_at, ingested_at, told_at in rows:
        mine = [hit for hit in hits[n] if not hit.scope or hit.scope in _scopes(scopes, payload, keys)]
        dates = (happened_at, ingested_at)
        found.append(Found(n, account, key, form, op, payload, *dates, tuple(mine), told_at))
    return found


def _scopes(known: dict[str, set[str]], payload: str | None, keys: Sequence[Keyed]) -> set[str]:
    """Digests of every name in a record: a household's value needs the first name too."""
    text = payload or ""
    if text not in known:
        known.clear()  # the hits of one record come together
        known[text] = {key.digest("first_name", name) for name in recognise.names_in(text) for key in keys}
    return known[text]


def _note_dropped(con: Connection, doomed: Sequence[Found]) -> None:
    con.execute("create or replace temp table doomed (n bigint, account varchar, form varchar, key varchar)")
    _insert(con, "doomed", [(one.n, one.account, one.form, one.key) for one in doomed])
    con.execute(
        "create or replace temp table dropped as "
        "select account, form, count(distinct key) as keys from doomed group by all"
    )
    con.execute("delete from incoming where n in (select n from doomed)")


def _change(con: Connection, changed: Sequence[tuple[Found, Changed]]) -> None:
    con.execute(
        "create or replace temp table stripped (n bigint, old_key varchar, key varchar, version varchar, "
        "payload varchar, occurred_at timestamptz, is_ledger boolean)"
    )
    rows = [
        (found.n, found.key, new.key, new.version, new.payload, new.occurred_at, new.is_ledger)
        for found, new in changed
    ]
    _insert(con, "stripped", rows)
    con.execute(
        """
        update incoming as i
        set key = s.key, version = s.version, payload = s.payload, occurred_at = s.occurred_at
        from stripped as s where i.n = s.n
        """
    )


def _insert(con: Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        con.executemany(f"insert into {table} values ({marks})", rows)
