"""Sessions: a random token in a cookie, and here only its hash.

It ends after an hour without a page, after twelve hours whatever happens, and when the account changes.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from console import store
from console.accounts import Account
from pipelines.home import Home

IDLE, LONGEST = 60 * 60, 12 * 60 * 60  # seconds
# Seen again within a minute is not written down: a page would cost a write for each picture in it.
NOTED = 60


@dataclass(frozen=True)
class Sessions:
    home: Home
    clock: Callable[[], float] = time.time

    def begin(self, account: Account) -> str:
        """A new token, known to nobody yet."""
        token, now = secrets.token_urlsafe(32), int(self.clock())
        with store.opened(self.home) as con:
            con.execute("delete from sessions where seen_at <= ? or begun_at <= ?", self._ended(now))
            con.execute("insert into sessions values (?, ?, ?, ?)", [_hash(token), account.name, now, now])
        return token

    def whose(self, token: str) -> Account | None:
        """The account of a session that has not ended, with the role it has now."""
        now = int(self.clock())
        with store.opened(self.home) as con:
            found = con.execute(
                "select name, role, seen_at from sessions join accounts using (name)"
                " where token_hash = ? and seen_at > ? and begun_at > ?",
                [_hash(token), *self._ended(now)],
            ).fetchone()
            if found and now - found[2] >= NOTED:
                con.execute("update sessions set seen_at = ? where token_hash = ?", [now, _hash(token)])
        return Account(found[0], found[1]) if found else None

    def end(self, token: str) -> None:
        with store.opened(self.home) as con:
            con.execute("delete from sessions where token_hash = ?", [_hash(token)])

    def _ended(self, now: int) -> list[int]:
        return [now - IDLE, now - LONGEST]


def form_token(token: str) -> str:
    """What each form of a session carries: another site can send our cookie, and cannot know this."""
    return hmac.digest(token.encode(), b"form", "sha256").hex()


def _hash(token: str) -> str:
    """Plain: there is nothing to guess in 32 random bytes."""
    return hashlib.sha256(token.encode()).hexdigest()
