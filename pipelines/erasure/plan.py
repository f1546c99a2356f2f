"""Before anybody is erased: which records are theirs, what hangs on them, what would stay and why.

Read from the private warehouse, for what is not published must go as well. Nothing is changed here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from pipelines import normalise
from pipelines.door import holds, recognise, tombstones
from pipelines.door.erasures import Extent
from pipelines.door.schema import Connection, Streams, raw_table
from pipelines.door.tombstones import Tombstone
from pipelines.keyed import Keyed
from pipelines.reading import rows


class OnHold(Exception):
    """Their data must be kept for a court, an authority or a dispute."""


class Doubtful(Exception):
    """The records may be more than one person; `commands` says how to decide."""

    def __init__(self, commands: list[str]) -> None:
        super().__init__("; ".join(commands))
        self.commands = commands


@dataclass(frozen=True)
class Member:
    """One record of the person. `stream` is None where no code knows its platform any more."""

    profile_id: str
    platform: str
    account: str
    word: str
    key: str
    stream: str | None
    created_at: datetime | None
    own_number: str


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


@dataclass
class Plan:
    """All that one erasure touches."""

    customer_id: str | None
    members: list[Member] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    # (platform, stream, account, key) -> how many versions are held
    records: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    # Those of them of which a row without anybody stays.
    ledger: set[tuple[str, str, str, str]] = field(default_factory=set)
    orders: int = 0
    net: dict[str, Decimal] = field(default_factory=dict)
    judgements: int = 0
    # Doubtful pairs with other customers: perhaps the same person under another number.
    perhaps: list[tuple[str, str]] = field(default_factory=list)

    def stones(self, keyed: Keyed, requested_at: datetime, *, with_values: bool = True) -> list[Tombstone]:
        """What to lay down. Without values nothing keeps the person from coming back by themselves."""
        found = [tombstones.record(keyed, *record, requested_at) for record in self.records]
        for member in self.members:
            found.append(tombstones.profile(keyed, member.profile_id, requested_at))
            found.append(tombstones.number(keyed, member.own_number, requested_at))
        for value in self.values if with_values else ():
            if value.is_blocked:
                for scope in value.scopes or (None,):
                    with suppress(ValueError):  # what is no address or number finds nobody
                        found.append(_of_value(keyed, value, requested_at, scope))
        return list(dict.fromkeys(found))

    def extent_with(self, told: Mapping[str, str]) -> Extent:
        """How much it is, and what became of it on the platforms: numbers and words, nobody's."""
        return Extent(
            told=dict(told),
            records=len({*self.records, *(m.profile_id for m in self.members if m.stream is None)}),
            versions=sum(self.records.values()),
            orders=len(self.ledger),
            sources=sorted({member.platform for member in self.members}),
        )


def _of_value(keyed: Keyed, value: Value, requested_at: datetime, scope: str | None) -> Tombstone:
    if value.kind == "email":
        return tombstones.email(keyed, value.value, requested_at, scope)
    return tombstones.phone(keyed, value.value, "ZZ", requested_at, scope)


def of_customer(con: Connection, streams: Streams, customer_id: str, also: Collection[str] = ()) -> Plan:
    """The whole of one customer; `also` are erased with them, and share nothing that anybody would miss.

    Raises Doubtful where the records may be several people's, OnHold.
    """
    _refuse_doubtful(con, customer_id)
    plan = Plan(customer_id, members(con, streams, customer_id))
    if holds.held(con) & {member.own_number for member in plan.members}:
        raise OnHold
    ids = [member.profile_id for member in plan.members]
    plan.values = list(_values(con, streams, ids, {customer_id, *also}))
    for member in plan.members:
        _add_records(con, streams, plan, member)
    for row in rows(
        con,
        "select currency, count(*) as orders, sum(net) as net"
        " from marts.orders where customer_id = ? group by all",
        customer_id,
    ):
        plan.orders += row["orders"]
        plan.net[row["currency"]] = row["net"]
    plan.judgements = con.execute(
        "select count(*) from door.judgements"
        " where list_contains($1, left_profile_id) or list_contains($1, right_profile_id)",
        [ids],
    ).fetchone()[0]
    plan.perhaps = con.execute(
        "select left_profile_id, right_profile_id from marts.review_queue"
        " where (left_customer_id = $1) <> (right_customer_id = $1) order by queue_position",
        [customer_id],
    ).fetchall()
    return plan


def of_value(kind: str, value: str) -> Plan:
    """Nobody is known by it, or only records held in quarantine: it is shut out all the same."""
    return Plan(None, values=[Value(kind, value)])


def _refuse_doubtful(con: Connection, customer_id: str) -> None:
    asked = con.execute(
        "select left_profile_id, right_profile_id from marts.review_queue"
        " where left_customer_id = $1 and right_customer_id = $1 order by queue_position",
        [customer_id],
    ).fetchall()
    if asked:
        raise Doubtful([f"firsthand judge apart {left} {right}" for left, right in asked])


def _members(con: Connection, streams: Streams, where: str, value: Any) -> list[Member]:
    found = rows(
        con,
        f"""
        select
            profiles.profile_id, profiles.platform, profiles.account, profiles.object, profiles.created_at,
            numbers.own_number
        from marts.customer_profiles as profiles
        inner join identity.int_customer_profiles as numbers on profiles.profile_id = numbers.profile_id
        where {where}
        order by profiles.first_seen_at, profiles.profile_id
        """,
        value,
    )
    return [
        Member(
            row["profile_id"],
            row["platform"],
            row["account"],
            row["object"],
            row["profile_id"].removeprefix(f"{row['platform']}:{row['account']}:{row['object']}:"),
            _stream_of(streams, row["platform"], row["object"]),
            row["created_at"],
            row["own_number"],
        )
        for row in found
    ]


def members(con: Connection, streams: Streams, customer_id: str) -> list[Member]:
    """The records of one customer, the founder first."""
    return _members(con, streams, "profiles.customer_id = ?", customer_id)


def _stream_of(streams: Streams, platform: str, word: str) -> str | None:
    return next(
        (
            stream.name
            for (name, _), stream in streams.items()
            if name == platform and word in stream.erasing.profiles
        ),
        None,
    )


def _add_records(con: Connection, streams: Streams, plan: Plan, member: Member) -> None:
    """Their own record, and every record that belongs to it."""
    if member.stream is None:
        return
    stream = streams[member.platform, member.stream]
    if not stream.erasing.sides:  # of a record of two people only a side is theirs
        _add(
            con, plan, (member.platform, member.stream, member.account, member.key), bool(stream.erasing.keep)
        )
    for (platform, name), other in streams.items():
        owner, path = other.erasing.owner or ("", "")
        if (platform, owner) == (member.platform, member.stream):
            for (key,) in con.execute(
                f"select distinct _key from {raw_table(platform, name)}"
                f" where _account = ? and (payload ->> '$.{path}') = ?",
                [member.account, member.key],
            ).fetchall():
                _add(con, plan, (platform, name, member.account, key), bool(other.erasing.keep))


def _add(con: Connection, plan: Plan, record: tuple[str, str, str, str], is_ledger: bool) -> None:
    platform, stream, account, key = record
    plan.records[record] = con.execute(
        f"select count(*) from {raw_table(platform, stream)} where _account = ? and _key = ?", [account, key]
    ).fetchone()[0]
    if is_ledger:
        plan.ledger.add(record)


def _values(
    con: Connection, streams: Streams, ids: Sequence[str], leaving: Collection[str]
) -> Iterator[Value]:
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
    for member in _members(con, streams, "list_contains(?, profiles.profile_id)", list(ids)) if ids else ():
        if member.stream:
            table = raw_table(member.platform, member.stream)
            found = con.execute(
                f"select payload::varchar from {table}"
                " where _account = ? and _key = ? and payload is not null",
                [member.account, member.key],
            ).fetchall()
            words |= {word for (payload,) in found for word in recognise.names_in(payload)}
    return words
