"""Encrypted streams: AES-256-GCM in chunks, the key made from a passphrase by scrypt with a salt of its own.

Each chunk is numbered and the last one marked, so that none can be changed, moved, left out or cut off
without being noticed. Only the `cryptography` library does any cryptography here.
"""

import os
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

CHUNK = 1 << 20
TAG = 16
# About 0.1 s and 32 MB: nothing for one backup, much for who tries a million passphrases.
COST = 2**15


class WrongKey(Exception):
    """The passphrase is another one, or the file was changed or cut short."""


def new_salt() -> bytes:
    return os.urandom(16)


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(passphrase.encode()))


def _nonce(number: int, is_last: bool) -> bytes:
    # The key is new for each file, so a counter never repeats under it.
    return struct.pack(">QI", number, is_last)


class Sealer:
    """A file to write to; what reaches `target` is encrypted. `close` writes the last chunk."""

    def __init__(self, target: BinaryIO, passphrase: str, salt: bytes) -> None:
        self._target, self._cipher = target, _cipher(passphrase, salt)
        self._waiting, self._number = bytearray(), 0

    def write(self, content: bytes) -> int:
        self._waiting += content
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return len(content)

    def close(self) -> None:
        self._put(bytes(self._waiting), is_last=True)

    def _put(self, content: bytes, *, is_last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, is_last), content, None))
        self._number += 1


class Opener:
    """A file to read from, decrypted chunk by chunk. Raises WrongKey."""

    def __init__(self, source: BinaryIO, passphrase: str, salt: bytes) -> None:
        self._source, self._cipher = source, _cipher(passphrase, salt)
        self._ready, self._number = bytearray(), 0
        self._next = source.read(CHUNK + TAG)

    def read(self, size: int) -> bytes:
        while len(self._ready) < size and self._next is not None:
            self._ready += self._take()
        content = bytes(self._ready[:size])
        del self._ready[:size]
        return content

    def _take(self) -> bytes:
        sealed, following = self._next, self._source.read(CHUNK + TAG)
        try:
            content = self._cipher.decrypt(_nonce(self._number, not following), sealed, None)
        except (InvalidTag, ValueError) as error:
            raise WrongKey("wrong FIRSTHAND_BACKUP_KEY, or the file was changed or cut short") from error
        self._number += 1
        self._next = following or None
        return content
