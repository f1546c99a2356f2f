"""Every address and number somebody ever gave, and whom a stone for it would shut out besides."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines import normalise
from pipelines.door import recognise, tombstones
from pipelines.door.schema import Connection, Streams, raw_table
from pipelines.door.tombstones import Tombstone
from pipelines.erasure import members
from pipelines.keyed import Keyed
from pipelines.reading import rows


@dataclass(frozen=True)
class Value:
    """An address or number of theirs. `others`: how many other people gave it as well.

    `scopes`: the first names a record must carry beside it; none where the value alone is enough.
    `is_blocked`: false where a stone would shut out somebody else.
    """

    kind: str
    value: str
    others: int = 0
    scopes: tuple[str, ...] = ()
    is_blocked: bool = True


def stone(keyed: Keyed, value: Value, requested_at: datetime, scope: str | None) -> Tombstone:
    """Raises ValueError for what is no address or number."""
    if value.kind == "email":
        return tombstones.email(keyed, value.value, requested_at, scope)
    return tombstones.phone(keyed, value.value, "ZZ", requested_at, scope)


def given(con: Connection, streams: Streams, ids: Sequence[str], leaving: Collection[str]) -> Iterator[Value]:
    """Every address and number they ever gave, those of older versions too, and who else gave them."""
    given = rows(
        con,
        """
        with points as (
            select profile_id, identifier_type as kind, match_value as value, is_placeholder, is_role
            from identity.int_contact_points where identifier_type in ('email', 'phone')
            union all
            select
                profile_id, case channel when 'email' then 'email' else 'phone' end, match_value, false, false
            from contracts.consent_acts where channel in ('email', 'sms', 'phone', 'whatsapp')
        )
        select
            points.kind, points.value,
            bool_or(is_placeholder) as is_placeholder, bool_or(is_role) as is_role,
            list(distinct owners.customer_id) as customers,
            list(distinct struct_pack(profile := points.profile_id, customer := owners.customer_id)) as owners
        from points
        left join identity.int_customer_profiles as owners using (profile_id)
        where points.value is not null and points.value in (
            select value from points where list_contains(?, profile_id)
        )
        group by all order by all
        """,
        list(ids),
    )
    own = _first_names(con, ids)
    for row in given:
        strangers = [one["profile"] for one in row["owners"] if one["customer"] not in leaving]
        staying = [one for one in row["customers"] if one not in leaving]
        yield _value(row, own, len(staying), _words_of(con, streams, strangers))


def _value(row: Mapping[str, Any], own: set[str], others: int, taken: set[str]) -> Value:
    """`taken`: every word in the records of the others who gave it as well."""
    if row["is_placeholder"]:
        return Value(row["kind"], row["value"], others, is_blocked=False)
    if not others and not row["is_role"]:
        return Value(row["kind"], row["value"])
    # Whoever has the same name, be it as a last name, would be shut out with them: then only the records that
    # we know to be theirs are.
    scopes = tuple(sorted(own - taken))
    return Value(row["kind"], row["value"], others, scopes, is_blocked=bool(scopes))


def _first_names(con: Connection, ids: Sequence[str]) -> set[str]:
    names = con.execute(
        "select distinct first_name from identity.int_profile_names where list_contains(?, profile_id)",
        [list(ids)],
    ).fetchall()
    return {match for (name,) in names if (match := normalise.name_match(name))}


def _words_of(con: Connection, streams: Streams, ids: Sequence[str]) -> set[str]:
    words: set[str] = set()
    theirs = "list_contains(?::varchar[], profiles.profile_id)"
    for member in members.where_so(con, streams, theirs, list(ids)):
        if member.stream:
            table = raw_table(member.platform, member.stream)
            found = con.execute(
                f"select payload::varchar from {table}"
                " where _account = ? and _key = ? and payload is not null",
                [member.account, member.key],
            ).fetchall()
            words |= {word for (payload,) in found for word in recognise.names_in(payload)}
    return words
