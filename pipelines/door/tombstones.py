"""Who asked to be forgotten stays forgotten: matching records are dropped before anything sees them.

A tombstone is a keyed hash of a normalised e-mail, phone or profile id. A record matches if any value
in it hashes to one, and is dropped unless it is dated after the request: then it is a new act. A scope
narrows a value shared by a household: the record must carry that first name as well.
No tombstone, no cost: one look at an empty table.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines import normalise
from pipelines.door.incoming import Lot
from pipelines.door.schema import Connection
from pipelines.keyed import Keyed

# Wide on purpose: what the normaliser does not accept falls away again.
EMAIL_LIKE = r"[^\s\"<>(),:;\\]+@[^\s\"<>(),:;\\]*[^\s\"<>(),:;\\.]"
PHONE_LIKE = r"\+?[0-9][0-9 ().\x{A0}/-]{6,20}[0-9]"
PROFILE = "account || ':' || key"
DISTINCT_VALUES_AT_ONCE = 50_000


@dataclass(frozen=True)
class Tombstone:
    """`kind`: email, phone or profile. `scope`: digest of a first name, or "" where the value suffices."""

    digest: str
    kind: str
    requested_at: datetime
    scope: str = ""


def email(keyed: Keyed, address: str, requested_at: datetime, first_name: str | None = None) -> Tombstone:
    """Raises ValueError where it is no address."""
    match = normalise.email_match(address)
    if match is None:
        raise ValueError("no e-mail address")
    return Tombstone(keyed.digest("email", match), "email", requested_at, _scope(keyed, first_name))


def phone(
    keyed: Keyed, number: str, region: str, requested_at: datetime, first_name: str | None = None
) -> Tombstone:
    """Raises ValueError where it is no phone number."""
    e164 = normalise.phone_e164(number, region)
    if e164 is None:
        raise ValueError("no phone number")
    return Tombstone(keyed.digest("phone", e164), "phone", requested_at, _scope(keyed, first_name))


def profile(
    keyed: Keyed, platform: str, stream: str, account: str, key: str, requested_at: datetime
) -> Tombstone:
    digest = keyed.digest("profile", f"{platform}:{stream}:{account}:{key}")
    return Tombstone(digest, "profile", requested_at)


def _scope(keyed: Keyed, first_name: str | None) -> str:
    name = normalise.name_match(first_name)
    return keyed.digest("first_name", name) if name else ""


def add(con: Connection, keyed: Keyed, tombstones: Iterable[Tombstone]) -> None:
    """Lay them down; the same one twice is once."""
    for stone in tombstones:
        con.execute(
            """
            insert into door.tombstones
            select $digest, $kind, $scope, $version, $at
            where not exists (
                from door.tombstones
                where digest = $digest and kind = $kind and scope = $scope and requested_at = $at
            )
            """,
            {
                "digest": stone.digest,
                "kind": stone.kind,
                "scope": stone.scope,
                "version": keyed.version,
                "at": stone.requested_at,
            },
        )


def exist(con: Connection) -> bool:
    return con.execute("select exists (from door.tombstones)").fetchone()[0]


def drop(con: Connection, lot: Lot, keyed: Keyed, regions: Sequence[str]) -> int:
    """Delete from `incoming` what a tombstone matches; how many. Makes `dropped(account, form, keys)`."""
    con.execute("create or replace temp table digests (value varchar, kind varchar, digest varchar)")
    _hash_values(con, lot, keyed, regions)
    con.execute(
        f"""
        create or replace temp table doomed as
        with matches as ({_matches()})
        select m.n, m.scope, i.payload, i.account, i.form, i.key
        from matches as m
        inner join incoming as i using (n)
        -- No date of its own: nothing shows that it is a new act.
        where coalesce(coalesce(i.occurred_at, i.changed_at) <= m.requested_at, true)
        """
    )
    _spare_namesakes(con, keyed)
    con.execute(
        "create or replace temp table dropped as "
        "select account, form, count(distinct key) as keys from doomed group by all"
    )
    con.execute("delete from incoming where n in (select n from doomed)")
    return con.execute("select count(distinct n) from doomed").fetchone()[0]


def _candidates(kind: str) -> str:
    """Each value in a payload that looks like an address or number, once per record."""
    pattern = EMAIL_LIKE if kind == "email" else PHONE_LIKE
    # JSON writes a line break as two letters, and the second would stick to the address after it.
    text = r"regexp_replace(payload, '\\[nrtbf]', ' ', 'g')"
    return f"select n, unnest(list_distinct(regexp_extract_all({text}, '{pattern}'))) as value from incoming"


def _hash_values(con: Connection, lot: Lot, keyed: Keyed, regions: Sequence[str]) -> None:
    """Fill `digests` with the batch's values that a tombstone knows."""
    import pandas as pd

    for (kind,) in con.execute("select distinct kind from door.tombstones").fetchall():
        source = _candidates(kind) if kind != "profile" else f"select {PROFILE} as value from incoming"
        for values in _in_chunks(con, f"select distinct value from ({source})"):
            rows = [(v, kind, d) for v in values for d in _digests(keyed, kind, v, lot, regions)]
            con.register("hashed", pd.DataFrame(rows, columns=["value", "kind", "digest"], dtype="object"))
            con.execute(
                "insert into digests select * from hashed semi join door.tombstones using (digest, kind)"
            )
            con.unregister("hashed")


def _in_chunks(con: Connection, query: str) -> Iterator[list[str]]:
    con.execute(
        f"create or replace temp table candidates as "
        f"select row_number() over () as place, value from ({query})"
    )
    count = con.execute("select count(*) from candidates").fetchone()[0]
    for start in range(0, count, DISTINCT_VALUES_AT_ONCE):
        found = con.execute(
            "select value from candidates where place > ? and place <= ?",
            [start, start + DISTINCT_VALUES_AT_ONCE],
        )
        yield [value for (value,) in found.fetchall()]


def _digests(keyed: Keyed, kind: str, value: str, lot: Lot, regions: Sequence[str]) -> set[str]:
    if kind == "email":
        found = {normalise.email_match(value)}
    elif kind == "phone":
        found = {normalise.phone_e164(value, region) for region in regions}
    else:
        found = {f"{lot.platform}:{lot.stream}:{value}"}
    return {keyed.digest(kind, one) for one in found if one}


def _matches() -> str:
    by_value = " union all ".join(
        f"select n, '{kind}' as kind, value from ({_candidates(kind)})" for kind in ("email", "phone")
    )
    return f"""
        select found.n, t.scope, t.requested_at
        from (
            {by_value} union all select n, 'profile', {PROFILE} from incoming
        ) as found
        inner join digests as d on found.kind = d.kind and found.value = d.value
        inner join door.tombstones as t on d.kind = t.kind and d.digest = t.digest
    """


def _spare_namesakes(con: Connection, keyed: Keyed) -> None:
    """A scoped tombstone needs the first name too: the others of the household keep theirs."""
    spared = [
        (n, scope)
        for n, scope, payload in con.execute(
            "select distinct n, scope, payload from doomed where scope <> ''"
        ).fetchall()
        if scope not in {keyed.digest("first_name", name) for name in _names(payload)}
    ]
    if spared:
        con.executemany("delete from doomed where n = ? and scope = ?", spared)


def _names(payload: str) -> set[str]:
    """Every text in a record, and every single word of it, as a first name would be normalised."""
    names: set[str] = set()
    for text in re.findall(r'"((?:[^"\\]|\\.){1,80})"', payload):
        whole = normalise.name_match(text)
        if whole:
            names |= {whole, *whole.split()}
    return names
