"""The file a backup is: a line that says so, a line of JSON, a tar archive, encrypted or in the clear.

Its first member, contents.json, lists all others with their checksums.
"""

import base64
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from pipelines.sealed import Opener, Sealer, WrongKey, new_salt

VARIABLE = "FIRSTHAND_BACKUP_KEY"
MAGIC = b"FIRSTHAND BACKUP 1\n"
LONGEST_HEADER = 1000


class BackupRefused(Exception):
    """Not made, or not restored; the text says what to do."""


def list_contents(folder: Path, tables: dict[str, int], made_at: datetime) -> dict[str, Any]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        "made_at": made_at.astimezone(UTC).isoformat(),
        "tables": tables,
        "members": {str(path.relative_to(folder)): _sha256(path) for path in found},
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(folder: Path, contents: dict[str, Any], target: Path, passphrase: str | None) -> None:
    salt = new_salt()
    header = {"made_at": contents["made_at"], "salt": base64.b64encode(salt).decode() if passphrase else None}
    part = target.with_name(target.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + json.dumps(header).encode() + b"\n")
            sealer = Sealer(file, passphrase, salt) if passphrase else None
            _write_archive(folder, contents, sealer or file)
            if sealer:
                sealer.close()
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _write_archive(folder: Path, contents: dict[str, Any], out: Any) -> None:
    with tarfile.open(fileobj=out, mode="w|") as archive:
        listed = json.dumps(contents).encode()
        about = tarfile.TarInfo("contents.json")
        about.size = len(listed)
        archive.addfile(about, io.BytesIO(listed))
        for name in contents["members"]:
            archive.add(folder / name, name)


def unpack(source: Path, folder: Path, secrets: Mapping[str, str]) -> bool:
    """Decrypt and lay out the archive; whether it was encrypted."""
    try:
        with source.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise BackupRefused(f"{source.name} is no backup of Firsthand")
            salt = json.loads(file.readline(LONGEST_HEADER))["salt"]
            with tarfile.open(fileobj=_opened(file, salt, secrets), mode="r|") as archive:
                # `data` refuses links and paths that lead out of the folder.
                archive.extractall(folder, filter="data")
    except FileNotFoundError as error:
        raise BackupRefused(f"{source} does not exist") from error
    except (WrongKey, tarfile.TarError, ValueError, KeyError, EOFError) as error:
        raise BackupRefused(f"{source.name} cannot be read: {error}") from error
    return salt is not None


def _opened(file: BinaryIO, salt: str | None, secrets: Mapping[str, str]) -> Any:
    if salt is None:
        return file
    passphrase = secrets.get(VARIABLE)
    if not passphrase:
        raise BackupRefused(f"the backup is encrypted: set {VARIABLE} to the key it was made with")
    return Opener(file, passphrase, base64.b64decode(salt))


def verify(folder: Path, contents: Mapping[str, Any]) -> None:
    for name, expected in contents["members"].items():
        path = folder / name
        if not path.is_file() or _sha256(path) != expected:
            raise BackupRefused(f"the backup is damaged: {name} is missing or was changed")
