"""The command `forget`: one person asked to be forgotten.

    {"command": "forget", ..., "channel": "email", "identity_check": "replied from the address",
     "stones": [{"kind": "email", "digest": "...", "scope": "", "key_version": 1}, ...]}

It names nobody: whoever sends it has hashed all by which the person is known (pipelines/erasure/plan.py).
Obeying lays the tombstones and records the request; pipelines/erasure then removes what they match.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipelines.door import tombstones
from pipelines.door.command import Command, new_id
from pipelines.door.schema import Connection
from pipelines.door.tombstones import Tombstone

Channel = Literal["email", "phone", "letter", "form", "in_person", "retention", "other"]
Check = Literal["replied_from_address", "logged_in", "document", "known_in_person", "none"]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Stone(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["email", "phone", "record", "profile", "number"]
    digest: Digest
    scope: Literal[""] | Digest = ""
    key_version: int = Field(ge=1)


class Extent(BaseModel):
    """How much it is, for the receipts: once it is gone nobody can count it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    records: int = 0
    versions: int = 0
    orders: int = 0
    sources: list[str] = []
    # platform -> what it said to being asked to erase them too
    told: dict[str, str] = {}


class Said(Command):
    command: Literal["forget"] = "forget"
    channel: Channel
    identity_check: Check
    has_objected: bool = True
    extent: Extent = Extent()
    stones: list[Stone] = Field(min_length=1)


def request(
    stones: list[Tombstone],
    made_by: str,
    made_at: datetime,
    channel: Channel,
    identity_check: Check,
    extent: Extent,
    *,
    has_objected: bool = True,
) -> Said:
    """A new one, to be sent."""
    told = [
        Stone(kind=stone.kind, digest=stone.digest, scope=stone.scope, key_version=stone.key_version)
        for stone in stones
    ]
    return Said(
        id=new_id(),
        made_at=made_at,
        made_by=made_by,
        channel=channel,
        identity_check=identity_check,
        has_objected=has_objected,
        extent=extent,
        stones=told,
    )


def write(con: Connection, said: Said, ingested_at: datetime) -> None:
    requested_at = min(said.made_at, ingested_at)
    con.execute(
        "insert into door.erasures values (?, ?, ?, ?, ?, ?, ?, ?, null, null)",
        [
            said.id,
            requested_at,
            said.made_by,
            said.channel,
            said.identity_check,
            said.has_objected,
            said.extent.model_dump_json(),
            ingested_at,
        ],
    )
    tombstones.add(
        con,
        [Tombstone(one.digest, one.kind, requested_at, one.scope, one.key_version) for one in said.stones],
    )
