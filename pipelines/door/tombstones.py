"""Who asked to be forgotten, as keyed hashes: an e-mail address, a phone, a record, a profile, a number.

`scope` narrows a value shared by a household: a record must carry that first name as well to match. What
the stones are held against is in recognise.py, what becomes of a match in fates.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipelines import normalise
from pipelines.door.schema import Connection
from pipelines.keyed import Keyed

# Wide on purpose: what the normaliser does not accept falls away again.
EMAIL_LIKE = r"[^\s\"<>(),:;\\]+(?:@|%40)[^\s\"<>(),:;\\]*[^\s\"<>(),:;\\.]"
# A cell may hold two numbers with a slash or a space between: one run, taken apart where it is hashed.
PHONE_LIKE = r"\+?[0-9][0-9 ().\x{A0}/+-]{6,60}[0-9]"


@dataclass(frozen=True)
class Tombstone:
    """`kind`: email, phone; record (platform:stream:account:key), profile (its id) or number (a customer's).

    `scope`: digest of a first name, or "" where the value suffices.
    """

    digest: str
    kind: str
    requested_at: datetime
    scope: str = ""
    key_version: int = 1


def email(keyed: Keyed, address: str, requested_at: datetime, first_name: str | None = None) -> Tombstone:
    """Raises ValueError where it is no address."""
    match = normalise.email_match(address)
    if match is None:
        raise ValueError("no e-mail address")
    return _stone(keyed, "email", match, requested_at, first_name)


def phone(
    keyed: Keyed, number: str, region: str, requested_at: datetime, first_name: str | None = None
) -> Tombstone:
    """Raises ValueError where it is no phone number."""
    e164 = normalise.phone_e164(number, region)
    if e164 is None:
        raise ValueError("no phone number")
    return _stone(keyed, "phone", e164, requested_at, first_name)


def record(
    keyed: Keyed, platform: str, stream: str, account: str, key: str, requested_at: datetime
) -> Tombstone:
    return _stone(keyed, "record", f"{platform}:{stream}:{account}:{key}", requested_at)


def profile(keyed: Keyed, profile_id: str, requested_at: datetime) -> Tombstone:
    return _stone(keyed, "profile", profile_id, requested_at)


def number(keyed: Keyed, customer_number: str, requested_at: datetime) -> Tombstone:
    return _stone(keyed, "number", customer_number, requested_at)


def _stone(
    keyed: Keyed, kind: str, value: str, requested_at: datetime, first_name: str | None = None
) -> Tombstone:
    return Tombstone(
        keyed.digest(kind, value), kind, requested_at, scope_of(keyed, first_name), keyed.version
    )


def scope_of(keyed: Keyed, first_name: str | None) -> str:
    name = normalise.name_match(first_name)
    return keyed.digest("first_name", name) if name else ""


def add(con: Connection, stones: Iterable[Tombstone]) -> None:
    """Lay them down; the same one twice is once."""
    for stone in stones:
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
                "version": stone.key_version,
                "at": stone.requested_at,
            },
        )


def exist(con: Connection) -> bool:
    return con.execute("select exists (from door.tombstones)").fetchone()[0]


def keys(con: Connection, keyed: Keyed) -> list[Keyed]:
    """The keys that stones were made with, for each is looked up with its own. Raises MissingKey."""
    versions = con.execute("select distinct key_version from door.tombstones order by all").fetchall()
    return [keyed.of_version(version) for (version,) in versions]
