"""Which records name somebody who was erased: every value in them that a tombstone knows.

Looked for in each payload, however deep and however spelt: addresses and numbers; besides, the record's own
key, its profiles, and the one it belongs to. No tombstone, no cost: one look at an empty table.
"""

import re
from collections.abc import Iterator, Sequence

from connectors.stream import Stream
from pipelines import normalise
from pipelines.door import tombstones
from pipelines.door.incoming import Lot
from pipelines.door.schema import Connection
from pipelines.door.tombstones import EMAIL_LIKE, PHONE_LIKE
from pipelines.keyed import Keyed

DISTINCT_VALUES_AT_ONCE = 50_000
# E.164 has 15 at most; national numbers, their zero included, 10.
FEWEST_DIGITS, MOST_DIGITS_OF_ONE, MOST_DIGITS = 8, 10, 15
GROUPS = re.compile(r"\+?[0-9]+")
LOCAL, DOMAIN = re.compile(r"[\w.+-]*$"), re.compile(r"[\w.-]*[^\W_]|")
LIKE = {"email": EMAIL_LIKE, "phone": PHONE_LIKE}
# What a value is of the record it was found in.
MENTIONED, ITSELF, OWNER = "mentioned", "itself", "owner"


def find(con: Connection, lot: Lot, stream: Stream, keyed: Keyed, regions: Sequence[str]) -> None:
    """Make `hits(n, kind, value, role, scope, requested_at, key_version)` of temporary table `incoming`.

    `role`: mentioned, itself, owner, or the word of the side whose profile it is.
    """
    told = " union all ".join(_told(con, lot, stream))
    con.execute("create or replace temp table digests (value varchar, kind varchar, digest varchar)")
    for key in tombstones.keys(con, keyed):
        for kind in ("email", "phone", "record", "profile"):
            for values in _in_chunks(con, f"select distinct value from ({told}) where kind = '{kind}'"):
                _look_up(con, kind, [(v, d) for v in values for d in digests(key, kind, v, regions)])
    con.execute(
        f"""
        create or replace temp table hits as
        select distinct told.n, told.kind, told.value, told.role, t.scope, t.requested_at, t.key_version
        from ({told}) as told
        inner join digests as d on told.kind = d.kind and told.value = d.value
        inner join door.tombstones as t on d.kind = t.kind and d.digest = t.digest
        """
    )


def _told(con: Connection, lot: Lot, stream: Stream) -> Iterator[str]:
    """Queries of (n, kind, value, role): all by which a record may be known."""
    for kind in LIKE:
        values = f"unnest({alike(kind)})"
        yield f"select n, '{kind}' as kind, {values} as value, '{MENTIONED}' as role from incoming"
    own = _literal(f"{lot.platform}:{lot.stream}:")
    yield f"select n, 'record', {own} || account || ':' || key, '{ITSELF}' from incoming"
    for word in stream.erasing.sides:
        head, middle = _literal(f"{lot.platform}:"), _literal(f":{word}:")
        yield f"select n, 'profile', {head} || account || {middle} || key, {_literal(word)} from incoming"
    if stream.erasing.owner:
        owner_stream, path = stream.erasing.owner
        head, place = _literal(f"{lot.platform}:{owner_stream}:"), _literal(f"$.{path}")
        path_of = f"case when json_valid(payload) then payload::json ->> {place} end"
        yield f"select n, 'record', {head} || account || ':' || {path_of}, '{OWNER}' from incoming"


def alike(kind: str) -> str:
    """SQL: all in a `payload` that may be one, however deep."""
    # JSON writes a line break as two letters, and the second would stick to the address after it.
    text = r"regexp_replace(payload, '\\[nrtbf]', ' ', 'g')"
    return f"list_distinct(regexp_extract_all({text}, '{LIKE[kind]}'))"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _in_chunks(con: Connection, query: str) -> Iterator[list[str]]:
    con.execute(
        f"create or replace temp table candidates as "
        f"select row_number() over () as place, value from ({query}) where value is not null"
    )
    count = con.execute("select count(*) from candidates").fetchone()[0]
    for start in range(0, count, DISTINCT_VALUES_AT_ONCE):
        found = con.execute(
            "select value from candidates where place > ? and place <= ?",
            [start, start + DISTINCT_VALUES_AT_ONCE],
        )
        yield [value for (value,) in found.fetchall()]


def _look_up(con: Connection, kind: str, hashed: list[tuple[str, str]]) -> None:
    import pandas as pd

    rows = [(value, kind, digest) for value, digest in hashed]
    con.register("hashed", pd.DataFrame(rows, columns=["value", "kind", "digest"], dtype="object"))
    con.execute("insert into digests select * from hashed semi join door.tombstones using (digest, kind)")
    con.unregister("hashed")


def digests(keyed: Keyed, kind: str, value: str, regions: Sequence[str]) -> set[str]:
    """Every digest that `value` may have."""
    return {keyed.digest(kind, one) for one in spelt_as(kind, value, regions)}


def spelt_as(kind: str, value: str, regions: Sequence[str]) -> set[str]:
    """All that `value` may be, as values are compared: a number is read in each of the countries."""
    if kind == "email":
        value = value.replace("%40", "@")  # as links carry it
        found = {normalise.email_match(value), normalise.email_match(_bare(value))}
    elif kind == "phone":
        found = {number for part in _numbers_in(value) for number in _readings(part, regions)}
    else:
        found = {value}
    return {one for one in found if one}


def _readings(number: str, regions: Sequence[str]) -> Iterator[str | None]:
    yield from (normalise.phone_e164(number, region) for region in regions)
    if number[0] in "123456789":
        # Mail tools write international numbers without their plus.
        yield normalise.phone_e164(f"+{number}", "ZZ")


def _numbers_in(run: str) -> Iterator[str]:
    """A run of digits and signs, and where it is longer than a number every stretch of it that may be one."""
    yield run
    if sum(map(str.isdigit, run)) > MOST_DIGITS_OF_ONE:
        groups = [(one.start(), one.end()) for one in GROUPS.finditer(run)]
        for first, (start, _) in enumerate(groups):
            for _, end in groups[first:]:
                stretch = run[start:end]
                if FEWEST_DIGITS <= sum(map(str.isdigit, stretch)) <= MOST_DIGITS and stretch != run:
                    yield stretch


def _bare(address: str) -> str:
    """Without what a text may put around it: 'jeanne@mail.example' or to=jeanne@mail.example]."""
    local, _, domain = address.rpartition("@")
    return f"{LOCAL.search(local)[0]}@{DOMAIN.match(domain)[0]}"


def names_in(payload: str) -> set[str]:
    """Every text in a record, and every single word of it, as a first name would be normalised."""
    names: set[str] = set()
    for text in re.findall(r'"((?:[^"\\]|\\.){1,80})"', payload):
        names |= words_in(text)
    return names


def words_in(text: str) -> set[str]:
    """A text as a first name would be normalised, whole and word by word."""
    whole = normalise.name_match(text)
    return {whole, *whole.split()} if whole else set()


def known(con: Connection, keyed: Keyed, kind: str, query: str) -> None:
    """Make `known(value, requested_at)`: what `query` selects, as far as a tombstone of that kind knows it.

    A household's values are left out: alone they say nothing of whose they are.
    """
    con.execute("create or replace temp table digests (value varchar, kind varchar, digest varchar)")
    for key in tombstones.keys(con, keyed):
        for values in _in_chunks(con, f"select distinct value from ({query}) as told (value)"):
            hashed = [(value, digest) for value in values for digest in digests(key, kind, value, ("ZZ",))]
            _look_up(con, kind, hashed)
    con.execute(
        """
        create or replace temp table known as
        select d.value, max(t.requested_at) as requested_at
        from digests as d inner join door.tombstones as t on d.kind = t.kind and d.digest = t.digest
        where t.scope = ''
        group by d.value
        """
    )
