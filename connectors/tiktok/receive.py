"""TikTok's webhook: leads with their answers, up to a thousand in one signed body."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.json_text import parse
from connectors.signatures import is_signed_in_hex
from connectors.stream import BadAnswer, Hook, Row
from connectors.tiktok.api import TikTok
from connectors.tiktok.read import TEXTS
from connectors.times import iso

BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    """Signed as sent, or with every letter beyond ASCII written as \\u and four digits."""
    secret, given = secrets.get("TIKTOK_APP_SECRET", ""), headers.get("x-open-signature", "")
    return any(is_signed_in_hex(form, secret, given, prefix="") for form in (body, _escaped(body)))


def _escaped(body: bytes) -> bytes:
    text = body.decode("utf-8", "replace")
    return BEYOND_ASCII.sub(lambda letter: json.dumps(letter[0])[1:-1], text).encode("ascii", "replace")


def receive(body: bytes, tiktok: TikTok) -> Iterator[Hook]:
    """Every lead of a body, with the answers it brings."""
    try:
        entries = parse(body)["entry"]
        found = [(str(entry["advertiser_id"]), _row(entry)) for entry in entries]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadAnswer(f"tiktok webhook: not the documented shape ({type(error).__name__})") from None
    for advertiser, row in found:
        yield Hook("leads", advertiser, [row])


def _row(entry: Mapping[str, Any]) -> Row:
    """As a line of the file. Ids come as numbers of 19 digits, and as 0 where there is none."""
    row: Row = {"lead_id": str(entry["id"])}
    row |= {name: str(entry[name]) for name in TEXTS if entry.get(name) not in (None, "", 0, "0")}
    if (created := _epoch(entry.get("create_time"))) is not None:
        row["created_time"] = created
    # Spaces of any kind around an answer are lost in a file, too.
    told = [
        (str(change["field"]), str(change.get("value") or "").strip())
        for change in entry.get("changes") or ()
    ]
    row["answers"] = [{"field": field, "value": value} for field, value in told if value]
    return row


def _epoch(seconds: Any) -> str | None:
    try:
        return iso(datetime.fromtimestamp(int(seconds), UTC))
    except (TypeError, ValueError, OverflowError, OSError):
        return None
