"""Keyed hashes: the same value gives the same digest for who holds FIRSTHAND_KEY, and nothing to others.

A plain hash would not do: phone numbers and e-mail addresses can be guessed, one after the other.
Without the key tombstones match nobody and the BI keys change, so it is backed up apart from the data.
"""

import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

VARIABLE = "FIRSTHAND_KEY"
VERSION = 1
SHORTEST = 16


class MissingKey(Exception):
    """FIRSTHAND_KEY is not set, or too short to be a secret."""


@dataclass(frozen=True)
class Keyed:
    key: bytes
    version: int = VERSION

    def __repr__(self) -> str:
        return "Keyed(key=...)"

    @classmethod
    def of(cls, secrets: Mapping[str, str]) -> "Keyed":
        """Raises MissingKey, saying how to make one."""
        text = secrets.get(VARIABLE, "")
        if len(text) < SHORTEST:
            raise MissingKey(
                f"{VARIABLE} must be set to a secret of at least {SHORTEST} characters, and kept for good; "
                "`python -c 'import secrets; print(secrets.token_hex(32))'` makes one"
            )
        return cls(text.encode())

    def digest(self, kind: str, value: str) -> str:
        return hmac.digest(self.key, f"{kind}:{value}".encode(), "sha256").hex()

    def number(self, kind: str, value: str) -> str:
        """A digest in the shape of a UUID, for what stands in a customer number's place."""
        return str(uuid.UUID(bytes=hmac.digest(self.key, f"{kind}:{value}".encode(), "sha256")[:16]))
