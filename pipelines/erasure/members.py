"""The records of one customer, as the private warehouse has them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.door.schema import Connection, Streams
from pipelines.reading import rows


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


def where_so(con: Connection, streams: Streams, where: str, value: Any) -> list[Member]:
    """Records of whoever fits the condition, in the order in which they came."""
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


def of_customer(con: Connection, streams: Streams, customer_id: str) -> list[Member]:
    """The records of one customer, the founder first."""
    return where_so(con, streams, "profiles.customer_id = ?", customer_id)


def _stream_of(streams: Streams, platform: str, word: str) -> str | None:
    return next(
        (
            stream.name
            for (name, _), stream in streams.items()
            if name == platform and word in stream.erasing.profiles
        ),
        None,
    )
