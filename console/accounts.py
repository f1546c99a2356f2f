"""Local accounts: a name, a role, and a password of which only an Argon2id hash is kept.

Whatever changes an account ends its sessions: a role that was taken away is gone at once.
"""

import re
import time
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from console import store
from console.roles import ROLES
from pipelines.config import ConfigError
from pipelines.home import Home

NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
# As mail servers take them.
VOUCHED = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9.-]{1,255}")
# Length is what guards a password; rules of what must be in it make people write it down.
SHORTEST, LONGEST = 12, 200
# RFC 9106's second choice: 64 MiB and three passes, a twentieth of a second.
HASHER = PasswordHasher()


@dataclass(frozen=True)
class Account:
    name: str
    role: str


def add(home: Home, name: str, role: str, password: str) -> None:
    """Raises ConfigError where the name is taken or anything is no good."""
    _check(name, role, password)
    now = int(time.time())
    with store.opened(home) as con:
        if con.execute("select 1 from accounts where name = ?", [name]).fetchone():
            raise ConfigError(f"there is an account {name} already; `firsthand serve users list`")
        con.execute(
            "insert into accounts values (?, ?, ?, ?, ?)", [name, role, HASHER.hash(password), now, now]
        )


def vouched(home: Home, name: str, role: str) -> Account | None:
    """The account of whom the sign-in service vouches for, with their role of now; made where there is none.

    None where the name is a local account's: a service's word must not open what a password guards.
    """
    if not VOUCHED.fullmatch(name):
        return None
    now = int(time.time())
    with store.opened(home) as con:
        known = con.execute("select role from accounts where name = ?", [name]).fetchone()
        if known is None:
            con.execute("insert into accounts values (?, ?, '', ?, ?)", [name, role, now, now])
            con.execute("insert into vouched values (?)", [name])
        elif not con.execute("select 1 from vouched where name = ?", [name]).fetchone():
            return None
        elif known[0] != role:
            con.execute("update accounts set role = ?, changed_at = ? where name = ?", [role, now, name])
            con.execute("delete from sessions where name = ?", [name])
    return Account(name, role)


def end_closed_ways(home: Home, *, is_local_open: bool, is_vouching_open: bool) -> None:
    """No session outlives the way it came by."""
    with store.opened(home) as con:
        for is_open, which in ((is_local_open, "not in"), (is_vouching_open, "in")):
            if not is_open:
                con.execute(f"delete from sessions where name {which} (select name from vouched)")


def everybody(home: Home) -> list[Account]:
    """By name."""
    with store.opened(home) as con:
        return [Account(*row) for row in con.execute("select name, role from accounts order by name")]


def change_role(home: Home, name: str, role: str) -> None:
    _check(name, role)
    _change(home, name, "role", role)


def change_password(home: Home, name: str, password: str) -> None:
    _check(name, password=password)
    with store.opened(home) as con:
        if con.execute("select 1 from vouched where name = ?", [name]).fetchone():
            raise ConfigError(f"{name} comes by the sign-in service and has no password here")
    _change(home, name, "password_hash", HASHER.hash(password))


def remove(home: Home, name: str) -> None:
    with store.opened(home) as con:
        if not con.execute("delete from accounts where name = ?", [name]).rowcount:
            raise _unknown(name)


def recognised(home: Home, name: str, password: str) -> Account | None:
    """The account these belong to; takes as long for a name nobody has. Nothing for a password too long."""
    with store.opened(home) as con:
        found = con.execute(
            "select name, role, password_hash from accounts where name = ?", [name]
        ).fetchone()
    has_password = found is not None and bool(found[2])
    is_right = len(password) <= LONGEST and _verified(found[2] if has_password else _nobodys_hash(), password)
    if not has_password or not is_right:
        return None
    if HASHER.check_needs_rehash(found[2]):
        # The library's idea of enough has grown since.
        with store.opened(home) as con:
            con.execute("update accounts set password_hash = ? where name = ?", [HASHER.hash(password), name])
    return Account(found[0], found[1])


def _change(home: Home, name: str, column: str, value: str) -> None:
    with store.opened(home) as con:
        changed = con.execute(
            f"update accounts set {column} = ?, changed_at = ? where name = ?",
            [value, int(time.time()), name],
        )
        if not changed.rowcount:
            raise _unknown(name)
        con.execute("delete from sessions where name = ?", [name])


def _check(name: str, role: str = ROLES[0], password: str = "x" * SHORTEST) -> None:
    if not NAME.fullmatch(name):
        raise ConfigError(f"{name!r} is no account name: small letters, digits and . _ @ -, 2 to 64 of them")
    if role not in ROLES:
        raise ConfigError(f"{role} is no role; known: {', '.join(ROLES)}")
    if not SHORTEST <= len(password) <= LONGEST:
        raise ConfigError(f"a password has {SHORTEST} to {LONGEST} characters; a few words make a good one")


def _unknown(name: str) -> ConfigError:
    return ConfigError(f"there is no account {name}; `firsthand serve users list`")


def _verified(known: str, password: str) -> bool:
    try:
        return HASHER.verify(known, password)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    """So that a wrong name takes as long as a wrong password."""
    return HASHER.hash("nobody's")
