"""HubSpot's webhook: signed hints at contacts, up to a hundred at once. How each stands is read."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.hubspot.api import HubSpot
from connectors.hubspot.fetch import PROPERTIES, TOGETHER, complete, is_id
from connectors.json_text import parse
from connectors.landing import at
from connectors.signatures import is_signed_with_request
from connectors.stream import BadAnswer, Hook, NotThere, Row

CONTACT = "0-1"  # what HubSpot calls contacts where it speaks of any object


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    """The whole public address is signed too, and only its owner knows it: a proxy in front says another."""
    return is_signed_with_request(
        body,
        secrets.get("HUBSPOT_CLIENT_SECRET", ""),
        headers.get("x-hubspot-signature-v3", ""),
        "POST",
        secrets.get("HUBSPOT_WEBHOOK_URL", ""),
        headers.get("x-hubspot-request-timestamp", ""),
        time.time(),
    )


def hints(body: bytes, account: str) -> list[str]:
    """The ids of all contacts that a body names, each once."""
    try:
        events: Any = parse(body)
    except ValueError:
        raise BadAnswer("hubspot webhook: no JSON") from None
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise BadAnswer("hubspot webhook: not the documented shape")
    # An app may serve several accounts; the number of ours is the configured one, where that is a number.
    ours = [
        event
        for event in events
        if _is_about_contacts(event) and (not account.isdigit() or str(event.get("portalId")) == account)
    ]
    return list(dict.fromkeys(key for event in ours for key in _named(event) if is_id(key)))


def _is_about_contacts(event: Row) -> bool:
    kind = str(event.get("subscriptionType"))
    return kind.startswith("contact.") or (
        kind.startswith("object.") and event.get("objectTypeId") == CONTACT
    )


def _named(event: Row) -> Iterator[str]:
    """A merge names all that were in it: what survives may have a number of its own."""
    merged = event.get("mergedObjectIds")
    for value in (
        event.get("newObjectId"),
        event.get("primaryObjectId"),
        *(merged if isinstance(merged, list) else ()),
        event.get("objectId"),
    ):
        if isinstance(value, int | str) and not isinstance(value, bool):
            yield str(value)


def receive(body: bytes, hubspot: HubSpot) -> Iterator[Hook]:
    """Each contact as it is now, whatever the body says; one that is not there any more is a deletion."""
    keys = hints(body, hubspot.account)
    for begin in range(0, len(keys), TOGETHER):
        asked = keys[begin : begin + TOGETHER]
        found = _together(hubspot, asked)
        gone: list[Row] = []
        for key in asked:
            if key in found:
                continue
            row = _one(hubspot, key)
            if row is None:
                gone.append({"id": key})
            else:
                # Asked for a number that was merged away, HubSpot answers with who survived.
                found[str(row.get("id"))] = row
        if found:
            yield Hook("contacts", hubspot.account, complete(hubspot, list(found.values())))
        if gone:
            yield Hook("contacts", hubspot.account, gone, "delete")


def _together(hubspot: HubSpot, keys: list[str]) -> dict[str, Row]:
    inputs = [{"id": key} for key in keys]
    data = hubspot.call(
        f"{hubspot.contacts}/batch/read", body={"properties": list(PROPERTIES), "inputs": inputs}
    )
    rows = data.get("results")
    if not isinstance(rows, list):
        raise BadAnswer("hubspot batch: no list of results in the answer")
    return {
        str(row["id"]): row for row in rows if isinstance(row, dict) and at(row, "id") and not _is_gone(row)
    }


def _one(hubspot: HubSpot, key: str) -> Row | None:
    try:
        row = hubspot.get(f"{hubspot.contacts}/{key}", {"properties": ",".join(PROPERTIES)})
    except NotThere:
        return None
    if not at(row, "id"):
        raise BadAnswer("hubspot: a contact without an id")
    return None if _is_gone(row) else row


def _is_gone(row: Row) -> bool:
    return row.get("archived") is True
