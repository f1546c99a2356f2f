"""Everything at once: the shop writes a file of all its records, and we fetch it (bulk operation).

For a first pull. The file is no moment's picture, so whoever reads it goes on from when it was begun. A run
that ends before the file is there leaves the shop at work, and the next run waits for the same one.
Reference: bulkOperationRunQuery, 2026-07. The file's address needs no token, and is not shown ours.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import urlsplit
from zlib import crc32

from connectors.client import Client
from connectors.json_text import parse
from connectors.landing import at
from connectors.shopify.queries import BULK_OPERATION_QUERY, BULK_OPERATIONS_QUERY, BULK_RUN
from connectors.shopify.shop import Shopify
from connectors.stream import BadAnswer, BrokenToken, MissingPermission, PlatformDown, Row
from connectors.times import moment

AT_WORK = frozenset({"CREATED", "RUNNING"})
# One whose file no run has fetched: by when it ended, for a large shop may write longer than any run waits.
# Files are kept for a week; what changed since it was begun is read after it, and of two days that is little.
STILL_NEW = timedelta(days=2)
BUSY = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED"})
LONGEST = 3600.0  # seconds; a shop that needs more is asked again by the next run
TRIES = 2
FILES = "storage.googleapis.com"  # where the shop's files lie, beside the shop itself
PAGE = 250
PART = 4 * 1024 * 1024  # bytes of the file whose records are in memory at once
MOST_PARTS = 256


class NoBulk(Exception):
    """There is no file to be had; the text says why. Page by page, the shop tells the same."""


def everything(shop: Shopify, query: str, nested: str | None) -> tuple[datetime, Iterator[list[Row]]]:
    """When the shop began to write, and all records. `nested` names the list that stands apart in the file.

    Raises NoBulk before anything was read.
    """
    for _ in range(TRIES):
        operation = _ended(shop, _begin(shop, query))
        began = moment(operation.get("createdAt"))
        if began is None:
            raise NoBulk("an operation without a time")
        if operation["status"] == "COMPLETED":
            return began, _records(shop, operation.get("url"), nested)
        if operation["status"] not in ("FAILED", "EXPIRED"):
            break
    raise NoBulk(f"the operation ended as {operation['status']} ({operation.get('errorCode')})")


def _running(shop: Shopify, query: str) -> Row | None:
    """The operation that was begun for the same: by an earlier run, or by a call whose answer was cut off."""
    nodes = at(shop.ask(BULK_OPERATIONS_QUERY)[0], "bulkOperations.nodes")
    for node in nodes if isinstance(nodes, list) else ():
        if not isinstance(node, dict) or _words(node.get("query")) != _words(query):
            continue
        ended = moment(node.get("completedAt"))
        is_new = ended is not None and (shop.http.date or shop.now()) - ended < STILL_NEW
        if node.get("status") in AT_WORK or (node.get("status") == "COMPLETED" and is_new):
            return node
    return None


def _words(text: Any) -> str:
    return " ".join(str(text).split())


def _begin(shop: Shopify, query: str) -> Row:
    """The operation there is, else a new one; where the app has as many as it may, after one has ended."""
    for _ in range(_looks(shop)):
        if found := _running(shop, query):
            return found
        told = at(shop.ask(BULK_RUN, {"query": query})[0], "bulkOperationRunQuery")
        operation = at(told, "bulkOperation")
        if isinstance(operation, dict) and operation.get("id"):
            return operation
        errors = at(told, "userErrors")
        first = errors[0] if isinstance(errors, list) and errors else None
        if at(first, "code") not in BUSY:
            raise NoBulk(f"refused: {str(at(first, 'message'))[:200]}")
        shop.sleep(shop.poll_seconds)
    raise NoBulk("the app's other operations do not end")


def _ended(shop: Shopify, operation: Row) -> Row:
    """The operation once the shop no longer works at it."""
    for _ in range(_looks(shop)):
        data, _ = shop.ask(BULK_OPERATION_QUERY, {"id": operation.get("id")})
        found = data.get("bulkOperation")
        if not isinstance(found, dict) or not isinstance(found.get("status"), str):
            raise NoBulk("the operation is not known any more")
        if found["status"] not in AT_WORK | {"CANCELING"}:
            return found
        shop.sleep(shop.poll_seconds)
    raise PlatformDown("shopify: the shop is still writing its file; the next run waits for the same one")


def _looks(shop: Shopify) -> int:
    return max(1, int(LONGEST / max(shop.poll_seconds, 0.1)))


def _records(shop: Shopify, url: Any, nested: str | None) -> Iterator[list[Row]]:
    """Pages of records. There is no file where nothing was found."""
    if url is None:
        return
    with TemporaryFile() as file:
        _download(shop, str(url), file)
        file.seek(0)
        rows = _joined(file, nested) if nested else map(_row, file)
        while page := list(islice(rows, PAGE)):
            yield page


def _download(shop: Shopify, url: str, file: IO[bytes]) -> None:
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    is_known = parts.hostname == FILES and parts.scheme == "https"
    if not is_known and parts.netloc != urlsplit(shop.http.base_url).netloc:
        raise BadAnswer(f"shopify: its file lies at {parts.hostname}, where none is expected")
    try:
        Client.of(shop.env, "shopify", origin, per_second=10).save(url, file)
    except (BadAnswer, BrokenToken, MissingPermission) as error:
        raise NoBulk(str(error)) from None  # its address no longer holds


def _row(line: bytes) -> Row:
    try:
        row = parse(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise BadAnswer("shopify: a line of its file that is no record")
    return row


def _joined(file: IO[bytes], nested: str) -> Iterator[Row]:
    """Each record with its own, which may stand anywhere. The file is dealt out by whose each line is, so
    that one part of it is in memory at a time.
    """
    count = min(MOST_PARTS, 1 + file.seek(0, 2) // PART)
    file.seek(0)
    with ExitStack() as stack:
        parts = [stack.enter_context(TemporaryFile()) for _ in range(count)]
        for line in file:
            row = _row(line)
            owner = str(row.get("__parentId") or row.get("id"))
            parts[crc32(owner.encode()) % count].write(line)
        for part in parts:
            part.seek(0)
            yield from _whole(map(_row, part), nested)


def _whole(rows: Iterator[Row], nested: str) -> list[Row]:
    records: list[Row] = []
    own: dict[str, list[Row]] = {}
    for row in rows:
        owner = row.pop("__parentId", None)
        if owner is None:
            records.append(row)
        else:
            own.setdefault(str(owner), []).append(row)
    return [row | {nested: {"nodes": own.get(str(row.get("id")), [])}} for row in records]
