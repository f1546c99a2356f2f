"""Landing files: what a pull, a webhook or a dropped file brought, one record a line, safe on disk.

`<batch>.jsonl.gz` comes first, its manifest `<batch>.json` last and in one step: without a manifest the
writer died and the file is nobody's. No row is ever left out here; one without a key or a readable
time is written with "" or null, and the door says what is wrong with it.
"""

import fcntl
import gzip
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal

from connectors.json_text import canonical_with, quoted
from connectors.stream import Announced, Page, Row, Stream
from connectors.times import iso, moment

Via = Literal["api", "webhook", "file"]
LARGEST_COUNT = 10**12
BUFFER = 1 << 20  # bytes handed to the compressor at once


def at(row: Any, path: str) -> Any:
    """The value at a dotted path, None where it ends early."""
    for step in path.split("."):
        if not isinstance(row, dict):
            return None
        row = row.get(step)
    return row


def objects_at(row: Any, path: str) -> list[Row]:
    """The objects of the list at a dotted path; none where no list is there."""
    found = at(row, path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _json_time(found: datetime | None, told: Any = None) -> bytes:
    """As `iso` writes it; `told`, what it was read from, where that is written so already."""
    if found is None:
        return b"null"
    is_ours = isinstance(told, str) and len(told) == 27 and told[10::16] == "TZ" and told[19] == "."
    return b'"%b"' % str(told if is_ours else iso(found)).encode()


def _picker(path: str | None) -> Callable[[Any], Any]:
    """A reader of one path, made once per stream: this runs for every row."""
    if path is None:
        return lambda row: None
    if "." in path:
        return lambda row: at(row, path)
    get = itemgetter(path)

    def pick(row: Any) -> Any:
        try:
            return get(row)
        except (KeyError, TypeError, IndexError):
            return None

    return pick


def key_reader(path: str) -> Callable[[Any], str]:
    """A reader of a record's key as text; `a:b` joins two values where a record has no id of its own."""
    picks = [_picker(part) for part in path.split(":")]

    def read(row: Any) -> str:
        parts = [_as_key(pick(row)) for pick in picks]
        return ":".join(parts) if all(parts) else ""

    return read


def _as_key(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_COUNT


def _less(paths: Sequence[str]) -> Callable[[Any], Any]:
    """Gives a copy of a row less `paths`, for the hash only; without any, the row itself."""
    gone = frozenset(path for path in paths if "." not in path)
    heads = {path.partition(".")[0] for path in paths} - gone
    below = {
        head: _less([path.removeprefix(f"{head}.") for path in paths if path.startswith(f"{head}.")])
        for head in heads
    }

    def cut(row: Any) -> Any:
        if not isinstance(row, dict):
            return row
        left = dict(row)
        for name in gone:
            left.pop(name, None)
        for name, less in below.items():
            if name in left:
                left[name] = less(left[name])
        return left

    return cut if paths else lambda row: row


class LandingWriter:
    """One batch: one stream, one way, any number of accounts.

    Give it pages with `take`, say `drained` when an account's window is read to its end, then `commit`;
    `discard` leaves nothing. The cursor it proposes is the newest time seen, and never later than
    `started_at`: what changed while we read will be read again.
    """

    def __init__(
        self,
        folder: Path,
        platform: str,
        stream: Stream,
        via: Via,
        started_at: datetime,
        *,
        backfill: bool = False,
    ) -> None:
        stamp = started_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")
        self.batch = f"{stamp}-{platform}-{stream.name}-{via}-{secrets.token_hex(3)}"
        self.platform, self.stream, self.via = platform, stream, via
        self.rows, self.accounts = 0, {}
        self._started_at, self._backfill, self._folder = started_at, backfill, folder
        self._newest: dict[str, datetime] = {}
        self._key = key_reader(stream.key)
        self._changed, self._occurred = _picker(stream.changed_at), _picker(stream.occurred_at)
        self._form = _picker(stream.form)
        self._lasting = _less(stream.volatile)
        self._buffer: list[bytes] = []
        self._buffered = 0
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / f"{self.batch}.jsonl.gz"
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb")
        # Tells a writer at work from a dead one: the door deletes what has no manifest and no lock.
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._gzip = gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=self._file, mtime=0)

    def take(
        self, account: str, item: Page | Announced, fetched_at: datetime, arrived_at: datetime | None = None
    ) -> None:
        """Write a page's rows, or note what the platform says it holds."""
        if isinstance(item, Announced):
            # What nobody can count to is no count; the records are read all the same.
            if _is_count(item.count) and _is_count(item.expired):
                self._account(account)["announced"].append(
                    {"form": item.form, "count": item.count, "expired": item.expired}
                )
        else:
            self.write(account, item.rows, item.op, fetched_at, arrived_at, item.form)

    def write(
        self,
        account: str,
        rows: Iterable[Row],
        op: str,
        fetched_at: datetime,
        arrived_at: datetime | None = None,
        form: str | None = None,
    ) -> None:
        """Write rows; `form` stands in where a row does not name its own."""
        self._account(account)
        head = b'{"account":%b,"op":"%b","fetched_at":%b,"arrived_at":%b,"key":' % (
            quoted(account), op.encode(), _json_time(fetched_at), _json_time(arrived_at)
        )  # fmt: skip
        newest = self._newest.get(account)
        for row in rows:
            told, happened = self._changed(row), self._occurred(row)
            changed = moment(told)
            occurred = changed if happened is told else moment(happened)
            seen = changed or occurred
            if seen and (newest is None or seen > newest):
                newest = seen
            change = _json_time(changed, told)
            occurrence = change if occurred is changed else _json_time(occurred, happened)
            self._put(self._line(head, row, change, occurrence, form))
            self.rows += 1
        if newest:
            self._newest[account] = newest

    def drained(self, account: str) -> None:
        """The window of this account was read to its end: its cursor may move."""
        newest = self._newest.get(account)
        entry = self._account(account)
        entry["drained"] = True
        entry["cursor"] = iso(min(newest, self._started_at)) if newest else None

    def commit(self, inbox: Mapping[str, Sequence[int]] | Iterable[str] = ()) -> str | None:
        """Make the batch durable and visible; None (and no file) where there is nothing to tell.

        `inbox` names what the batch was read from, to be removed once it has landed; with the state it was
        read in (`state_of`), it is only removed if it is still the same.
        """
        inbox = dict(inbox) if isinstance(inbox, Mapping) else dict.fromkeys(inbox)
        if not (self.rows or inbox or self.accounts):
            self.discard()
            return None
        self._flush()
        self._gzip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        manifest = {
            "platform": self.platform,
            "stream": self.stream.name,
            "via": self.via,
            "started_at": iso(self._started_at),
            "rows": self.rows,
            "accounts": self.accounts,
            "inbox": inbox,
            "backfill": self._backfill,
        }
        write_durably(self._folder / f"{self.batch}.json", json.dumps(manifest).encode())
        self._file.close()
        return self.batch

    def discard(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _account(self, account: str) -> dict[str, Any]:
        return self.accounts.setdefault(account, {"cursor": None, "announced": [], "drained": False})

    def _line(self, head: bytes, row: Any, change: bytes, occurrence: bytes, form: str | None) -> bytes:
        payload, hashed = canonical_with(row, self._lasting(row))
        version = hashlib.sha256(hashed).hexdigest()
        named = self._form(row)
        form = form if named is None else str(named)
        return b'%b%b,"changed_at":%b,"occurred_at":%b,"form":%b,"version":"%b","payload":%b}\n' % (
            head,
            quoted(self._key(row)),
            change,
            occurrence,
            b"null" if form is None else quoted(form),
            version.encode(),
            quoted(payload),
        )

    def _put(self, line: bytes) -> None:
        self._buffer.append(line)
        self._buffered += len(line)
        if self._buffered > BUFFER:
            self._flush()

    def _flush(self) -> None:
        self._gzip.write(b"".join(self._buffer))
        self._buffer.clear()
        self._buffered = 0


def state_of(path: Path) -> list[int]:
    """Size and time of the last write: another file under the same name has another state."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def write_durably(path: Path, content: bytes) -> None:
    """All of it or nothing under that name, 0600, on disk when this returns."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(3)}.part")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
