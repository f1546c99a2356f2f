"""Before anybody is erased: which records are theirs, what hangs on them, what would stay and why.

Read from the private warehouse, for what is not published must go as well. Nothing is changed here.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from pipelines.door import holds, tombstones
from pipelines.door.erasures import Extent
from pipelines.door.schema import Connection, Streams, raw_table
from pipelines.door.tombstones import Tombstone
from pipelines.erasure import members, values
from pipelines.erasure.members import Member
from pipelines.erasure.values import Value
from pipelines.keyed import Keyed
from pipelines.reading import rows


class OnHold(Exception):
    """Their data must be kept for a court, an authority or a dispute."""


class Doubtful(Exception):
    """The records may be more than one person; `commands` says how to decide."""

    def __init__(self, commands: list[str]) -> None:
        super().__init__("; ".join(commands))
        self.commands = commands


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
                        found.append(values.stone(keyed, value, requested_at, scope))
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


def of_customer(con: Connection, streams: Streams, customer_id: str, also: Collection[str] = ()) -> Plan:
    """The whole of one customer; `also` are erased with them, and share nothing that anybody would miss.

    Raises Doubtful where the records may be several people's, OnHold.
    """
    _refuse_doubtful(con, customer_id)
    plan = Plan(customer_id, members.of_customer(con, streams, customer_id))
    if holds.held(con) & {member.own_number for member in plan.members}:
        raise OnHold
    ids = [member.profile_id for member in plan.members]
    plan.values = list(values.given(con, streams, ids, {customer_id, *also}))
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
