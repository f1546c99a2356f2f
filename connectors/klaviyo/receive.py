"""Klaviyo's webhook: signed events, several at once. Hints: each is read, and how its profile stands."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.json_text import parse
from connectors.klaviyo.api import Klaviyo
from connectors.klaviyo.fetch import LEFT_OUT, STANDING, named, owner
from connectors.landing import at
from connectors.signatures import is_signed_in_hex
from connectors.stream import BadAnswer, Hook, NotThere, Row


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    """The body and, behind it, when it was sent. Told again, it changes nothing: all of it is read anew."""
    stamp = headers.get("klaviyo-timestamp", "")
    given = headers.get("klaviyo-signature", "")
    signed = body + stamp.encode(errors="surrogatepass")
    return bool(stamp) and is_signed_in_hex(signed, secrets.get("KLAVIYO_WEBHOOK_SECRET", ""), given, "")


def receive(body: bytes, klaviyo: Klaviyo) -> Iterator[Hook]:
    """Events and profiles as they are now; a profile that is not there any more was deleted or merged."""
    rows: list[Row] = []
    people: dict[str, None] = {}
    for told in _told(body):
        row = _event(klaviyo, str(at(told, "id")))
        if row is not None:
            rows.append(row)
        people |= {key: None for one in (owner(told), owner(row)) if _is_id(key := str(one))}
    if rows:
        yield Hook("events", klaviyo.account, rows)
    there, gone = [], []
    for key in people:
        row = _profile(klaviyo, key)
        if row is None:
            gone.append({"id": key})
        else:
            there.append(row)
    if there:
        yield Hook("profiles", klaviyo.account, there)
    if gone:
        yield Hook("profiles", klaviyo.account, gone, "delete")


def _told(body: bytes) -> list[Any]:
    """The events a body names, each once."""
    try:
        data = at(parse(body), "data")
    except ValueError:
        raise BadAnswer("klaviyo webhook: no JSON") from None
    found = [at(one, "payload.data") for one in data] if isinstance(data, list) else None
    if found is None or not all(isinstance(one, dict) and _is_id(str(at(one, "id"))) for one in found):
        raise BadAnswer("klaviyo webhook: not the documented shape")
    return list({str(one["id"]): one for one in found}.values())


def _is_id(text: str) -> bool:
    return text.isascii() and text.isalnum() and len(text) < 40 and text != "None"


def _event(klaviyo: Klaviyo, key: str) -> Row | None:
    """None for one that is not there (any more), or of a kind that nobody reads."""
    try:
        data = klaviyo.get(f"events/{key}", {"include": "metric"})
    except NotThere:
        return None
    row, included = data.get("data"), data.get("included")
    kinds = [at(one, "attributes.name") for one in included] if isinstance(included, list) else []
    if at(row, "id") != key or not kinds or not isinstance(kinds[0], str):
        raise BadAnswer("klaviyo event: another one than was asked for, or of no kind")
    return None if kinds[0] in LEFT_OUT else named(row, kinds[0])


def _profile(klaviyo: Klaviyo, key: str) -> Row | None:
    try:
        row = klaviyo.get(f"profiles/{key}", STANDING).get("data")
    except NotThere:
        return None
    if not isinstance(row, dict) or not at(row, "id"):
        raise BadAnswer("klaviyo: a profile without an id")
    return row
