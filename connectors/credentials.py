"""What a connector is given: its settings, its secrets, and a safe home for tokens that rotate.

The environment is read by the pipeline and handed down; nothing here looks at it.
"""

import fcntl
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.stream import MissingCredential

ATTEMPTS = 7  # with doubling waits from one second: about a minute of trouble is sat out


@dataclass(frozen=True)
class Token:
    """A token the platform gave us, and when it ends (epoch seconds; None: it does not)."""

    value: str
    expires_at: float | None = None

    def is_good(self, now: float) -> bool:
        # A minute early: a token that ends during the call is no use.
        return self.expires_at is None or now < self.expires_at - 60


class TokenStore:
    """Tokens that change under us, in one 0600 file, replaced whole and at once.

    A token is kept together with a fingerprint of the seed it grew from. When the operator sets a new
    seed in the environment, the old branch is forgotten: a fresh authorisation always wins.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._memory: dict[str, dict[str, Any]] = {}
        self._lock = threading.RLock()

    def get(self, name: str, seed: str) -> Token | None:
        """The token kept under `name`, if it grew from `seed`."""
        kept = self._read().get(name)
        if not kept or kept["seed"] != _fingerprint(seed):
            return None
        return Token(kept["value"], kept["expires_at"])

    def put(self, name: str, seed: str, token: Token) -> None:
        """Keep a token before it is used: a rotated token that is lost cannot be had again."""
        with self._lock:
            tokens = self._read()
            tokens[name] = {
                "seed": _fingerprint(seed),
                "value": token.value,
                "expires_at": token.expires_at,
            }
            self._write(tokens)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """One refresher at a time, over threads and processes: a refresh token works once."""
        with self._lock:
            if self._path is None:
                yield
                return
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield
            finally:
                os.close(handle)

    def _read(self) -> dict[str, dict[str, Any]]:
        if self._path is None:
            return dict(self._memory)
        try:
            return json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}

    def _write(self, tokens: dict[str, dict[str, Any]]) -> None:
        if self._path is None:
            self._memory = tokens
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = self._path.with_suffix(f".{os.getpid()}.{threading.get_ident()}.tmp")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(tokens, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._path)


def _fingerprint(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:16]


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Env:
    """One platform's block of firsthand.yaml, the secrets, and the clocks (tests bring their own)."""

    settings: Mapping[str, Any]
    secrets: Mapping[str, str]
    tokens: TokenStore = field(default_factory=lambda: TokenStore(None))
    now: Callable[[], datetime] = _utc_now
    sleep: Callable[[float], None] = time.sleep
    attempts: int = ATTEMPTS  # calls until a platform counts as down

    def secret(self, name: str) -> str:
        """The value of a variable.

        Raises MissingCredential naming it.
        """
        value = self.secrets.get(name, "").strip()
        if not value:
            raise MissingCredential(f"{name} is not set: put it into the environment or into .env")
        return value
