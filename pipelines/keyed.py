"""Keyed hashes: the same value gives the same digest for who holds FIRSTHAND_KEY, and nothing to others.

A plain hash would not do: phone numbers and e-mail addresses can be guessed, one after the other.
Without the key tombstones match nobody and the BI keys change, so it is backed up apart from the data.

A new key is a new version: FIRSTHAND_KEY is the one in use, FIRSTHAND_KEY_VERSION its number (1), and an
older one stays as FIRSTHAND_KEY_V1, for tombstones cannot be hashed again.
"""

import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

VARIABLE = "FIRSTHAND_KEY"
SHORTEST = 16


class MissingKey(Exception):
    """FIRSTHAND_KEY is not set, or too short to be a secret; or an older key that is still needed is gone."""


@dataclass(frozen=True)
class Keyed:
    key: bytes
    version: int = 1
    older: Mapping[int, bytes] = field(default_factory=dict)

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
        prefix = f"{VARIABLE}_V"
        older = {
            int(name.removeprefix(prefix)): value.encode()
            for name, value in secrets.items()
            if name.startswith(prefix) and name.removeprefix(prefix).isdecimal() and value
        }
        version = secrets.get(f"{VARIABLE}_VERSION") or "1"
        if not version.isdecimal():
            raise MissingKey(f"{VARIABLE}_VERSION is a whole number, 1 for the first key")
        return cls(text.encode(), int(version), older)

    def of_version(self, version: int) -> "Keyed":
        """The key that made what bears this version. Raises MissingKey."""
        if version == self.version:
            return self
        if version not in self.older:
            raise MissingKey(
                f"somebody was erased under version {version} of {VARIABLE}: set {VARIABLE}_V{version} to it"
            )
        return Keyed(self.older[version], version)

    def digest(self, kind: str, value: str) -> str:
        return hmac.digest(self.key, f"{kind}:{value}".encode(), "sha256").hex()

    def number(self, kind: str, value: str) -> str:
        """A digest in the shape of a UUID, for what stands in a customer number's place."""
        return str(uuid.UUID(bytes=hmac.digest(self.key, f"{kind}:{value}".encode(), "sha256")[:16]))

    def digits(self, kind: str, value: str) -> str:
        """A digest in 19 digits, for what stands in a platform's number's place; theirs are shorter."""
        found = int.from_bytes(hmac.digest(self.key, f"{kind}:{value}".encode(), "sha256")[:8], "big")
        return f"9{found % 10**18:018d}"
