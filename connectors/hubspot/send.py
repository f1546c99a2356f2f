"""Lists of HubSpot: MANUAL lists of contacts. Nobody's subscription is written.

    GET  crm/lists/{version}/object-type-id/0-1/name/{name}      POST crm/lists/{version}
    GET  crm/lists/{version}/{id}/memberships (250)              PUT  .../memberships/add | remove
    POST crm/objects/{version}/contacts/batch/read | upsert (100)

A contact may have further addresses, and mail goes to the first: whoever is known there by another than the
one we may write to does not come onto a list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from connectors.hubspot.api import HubSpot
from connectors.hubspot.fetch import TOGETHER, walk
from connectors.landing import at
from connectors.sending import Contact, in_lots, made_once, spelt
from connectors.side_by_side import in_order
from connectors.stream import BadAnswer, NotThere, Row

CONTACTS = "0-1"  # what HubSpot calls the type of contacts
MEMBERS = 250
TOLD = (
    "email", "hs_additional_emails", "hs_email_optout", "hs_email_hard_bounce_reason_enum",
    "hs_email_quarantined",
)  # fmt: skip


@dataclass(frozen=True)
class HubSpotLists:
    hubspot: HubSpot
    account: str
    takes_newcomers = True

    @property
    def _path(self) -> str:
        return f"crm/lists/{self.hubspot.version}"

    def find(self, name: str) -> list[str]:
        try:
            path = f"{self._path}/object-type-id/{CONTACTS}/name/{quote(name, safe='')}"
            return [str(at(self.hubspot.get(path), "list.listId"))]
        except NotThere:
            return []

    def make(self, name: str) -> str:
        def made() -> str:
            body = {"name": name, "objectTypeId": CONTACTS, "processingType": "MANUAL"}
            return str(at(self.hubspot.http.post_once(self._path, body).data, "list.listId"))

        return made_once(partial(self.find, name), made)

    def members(self, list_id: str) -> list[Contact]:
        pages = walk(self.hubspot.get, f"{self._path}/{int(list_id)}/memberships", {"limit": MEMBERS})
        keys = list(dict.fromkeys(str(row["recordId"]) for rows in pages for row in rows))
        rows = self._read([{"id": key} for key in keys], {})
        known = {one.key: one for one in map(_contact, rows)}
        # Somebody on the list of whom nothing is to be read has no address that we know of.
        return [known.get(key, Contact(key, None)) for key in keys]

    def look_up(self, list_id: str, addresses: Sequence[str]) -> list[Contact]:
        wanted = {spelt(one) for one in addresses}
        rows = self._read([{"id": one} for one in sorted(wanted)], {"idProperty": "email"})
        found = []
        for row in rows:
            contact = _contact(row)
            found.append(contact)
            others = (spelt(one) for one in str(at(row, "properties.hs_additional_emails") or "").split(";"))
            # Known by that address too, and written to at another.
            found += [Contact(contact.key, one, is_refused=True) for one in others if one in wanted]
        return [one for one in found if one.address in wanted]

    def add(self, list_id: str, known: Sequence[Contact], newcomers: Sequence[str]) -> set[str]:
        made, refused = self._made(newcomers)
        self._change(list_id, "add", [*known, *made])
        return refused

    def remove(self, list_id: str, contacts: Sequence[Contact]) -> None:
        self._change(list_id, "remove", contacts)

    def _change(self, list_id: str, how: str, contacts: Sequence[Contact]) -> None:
        """Answered with 200 whoever of them was not moved: it is the reading afterwards that counts."""
        if contacts:
            keys = list(dict.fromkeys(one.key for one in contacts))
            self.hubspot.http.put(f"{self._path}/{int(list_id)}/memberships/{how}", keys)

    def _made(self, addresses: Sequence[str]) -> tuple[list[Contact], set[str]]:
        """New contacts with an address and nothing else; and the addresses HubSpot will not have. One that it
        will not have may refuse the whole batch: it is cut in two until it is found."""
        made: list[Contact] = []
        refused: set[str] = set()
        for lot in in_lots(addresses, TOGETHER):
            try:
                made += self._upserted(lot)
            except BadAnswer:
                if len(lot) == 1:
                    refused |= set(lot)
                    continue
                for half in (lot[: len(lot) // 2], lot[len(lot) // 2 :]):
                    more, bad = self._made(half)
                    made, refused = made + more, refused | bad
        return made, refused

    def _upserted(self, lot: Sequence[str]) -> list[Contact]:
        inputs = [{"id": one, "idProperty": "email", "properties": {"email": one}} for one in lot]
        rows = self.hubspot.post(f"{self.hubspot.contacts}/batch/upsert", {"inputs": inputs}).get("results")
        wanted = set(lot)
        # What is told of them here is not all: somebody who came meanwhile may have left everything.
        keys = [{"id": str(row["id"])} for row in rows or ()]
        found = map(_contact, self._read(keys, {}))
        return [one for one in found if one.address in wanted and not one.is_refused]

    def _read(self, inputs: Sequence[Row], more: Row) -> list[Row]:
        """Those of them that are there; the others are told as errors, beside."""

        def read(lot: Sequence[Row]) -> list[Row]:
            body = {"inputs": list(lot), "properties": list(TOLD), "propertiesWithHistory": [], **more}
            rows: Any = self.hubspot.call(f"{self.hubspot.contacts}/batch/read", body=body).get("results")
            return [row for row in rows or () if isinstance(row, dict)]

        calls = (partial(read, lot) for lot in in_lots(inputs, TOGETHER))
        return _each_once(row for rows in in_order(calls, self.hubspot.at_once) for row in rows)


def lists_of(hubspot: HubSpot, account: str | None) -> HubSpotLists:
    """A token is good for one account."""
    return HubSpotLists(hubspot, hubspot.account)


def _each_once(rows: Iterable[Row]) -> list[Row]:
    return list({str(row["id"]): row for row in rows}.values())


def _contact(row: Row) -> Contact:
    address = spelt(str(at(row, "properties.email") or "")) or None
    has_left = str(at(row, "properties.hs_email_optout")).lower() == "true"
    is_dead = bool(at(row, "properties.hs_email_hard_bounce_reason_enum"))
    is_held = str(at(row, "properties.hs_email_quarantined")).lower() == "true"
    return Contact(str(row["id"]), address, has_left or is_dead or is_held)
