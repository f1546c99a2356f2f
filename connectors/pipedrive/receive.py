"""Pipedrive's webhook (version 2): what changed, signed by nobody. The address it is sent to holds a secret
of ours; only ids are believed, and how a person stands is read from the platform.

Of two people who were merged, the deletion of the one says into whom: that is told nowhere else.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.declared import documented, known_by
from connectors.json_text import parse
from connectors.landing import at
from connectors.pipedrive.api import Pipedrive
from connectors.pipedrive.fetch import marketing
from connectors.stream import BadAnswer, Hook, NotThere, Row

knows_address = known_by("PIPEDRIVE_WEBHOOK_SECRET")


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    """Nothing is signed; what is none of theirs is refused all the same."""
    is_json = headers.get("content-type", "").startswith("application/json")
    return is_json and b'"meta"' in body and b'"entity"' in body


def receive(body: bytes, pipedrive: Pipedrive) -> Iterator[Hook]:
    """The person as they are now, whatever the body says; one that is not there any more was deleted."""
    with documented("pipedrive webhook"):
        meta = parse(body)["meta"]
        entity, key = meta["entity"], str(meta["entity_id"])
        survivor = meta.get("merged_to_id")
    if entity != "person":
        return
    if not _is_id(key) or (survivor is not None and not _is_id(str(survivor))):
        raise BadAnswer("pipedrive webhook: a person without a number")
    row = _person(pipedrive, key)
    if row is not None:
        yield Hook("persons", pipedrive.account, [row])
        return
    if survivor is not None and (other := _person(pipedrive, str(survivor))) is not None:
        yield Hook("persons", pipedrive.account, [{**other, "merged_ids": [key]}])
    yield Hook("persons", pipedrive.account, [{"id": int(key)}], "delete")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20


def _person(pipedrive: Pipedrive, key: str) -> Row | None:
    """None for one that is not there, or is shown as deleted."""
    try:
        row: Any = pipedrive.get(f"persons/{key}", marketing(pipedrive)).get("data")
    except NotThere:
        return None
    if not isinstance(row, dict) or str(row.get("id")) != key:
        raise BadAnswer("pipedrive: another person than the one asked for")
    return None if at(row, "is_deleted") is True else row
