"""Lists of Brevo: made in a folder of their own, filled by contact, each contact as blocked as before.

    GET  contacts/folders, contacts/lists            POST contacts/folders, contacts/lists
    GET  contacts/lists/{id}/contacts (500)          POST contacts/lists/{id}/contacts/add | remove (150)
    GET  contacts/{address}                          POST contacts: one newcomer a call

Not `contacts/import`: it goes on after we died and adds whoever it was given, whatever was withdrawn since.
So newcomers take a call each, 36,000 an hour; who is a contact already, 150 a call.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from connectors.brevo.fetch import CONTACTS, Brevo
from connectors.offsets import DELETION_SLACK, walk
from connectors.sending import Contact, in_lots, made_once, spelt
from connectors.side_by_side import in_order
from connectors.stream import BadAnswer, NotThere, Row

FOLDER = "Firsthand"
FOLDERS, MEMBERS, LOT = 50, 500, 150  # the largest page of folders and lists, of a list's members; a change


@dataclass(frozen=True)
class BrevoLists:
    brevo: Brevo
    account: str
    takes_newcomers = True

    def find(self, name: str) -> list[str]:
        return self._named("contacts/lists", "lists", name)

    def make(self, name: str) -> str:
        folder = made_once(
            partial(self._named, "contacts/folders", "folders", FOLDER),
            partial(self._made, "contacts/folders", {"name": FOLDER}),
        )
        body = {"name": name, "folderId": int(folder)}
        return made_once(partial(self.find, name), partial(self._made, "contacts/lists", body))

    def members(self, list_id: str) -> list[Contact]:
        rows = self._rows(f"contacts/lists/{int(list_id)}/contacts", "contacts", MEMBERS)
        return list({one.key: one for one in (_contact(row, list_id) for row in rows)}.values())

    def look_up(self, list_id: str, addresses: Sequence[str]) -> list[Contact]:
        """One by one, or all contacts there are, whichever takes fewer calls."""
        wanted = {spelt(one) for one in addresses}
        if not wanted:
            return []
        count = self.brevo.http.get("contacts", {"limit": 1, "offset": 0}).data.get("count") or 0
        if len(wanted) <= count / CONTACTS + 1:
            found = in_order([partial(self._one, one) for one in sorted(wanted)], self.brevo.at_once)
            rows = [row for row in found if row is not None]
        else:
            rows = [row for row in self._rows("contacts", "contacts", CONTACTS) if _address(row) in wanted]
        return list({one.key: one for one in (_contact(row, list_id) for row in rows)}.values())

    def add(self, list_id: str, known: Sequence[Contact], newcomers: Sequence[str]) -> set[str]:
        self._change(list_id, "add", known)
        calls = [partial(self._create, list_id, one) for one in newcomers]
        return {one for one in in_order(calls, self.brevo.at_once) if one is not None}

    def remove(self, list_id: str, contacts: Sequence[Contact]) -> None:
        self._change(list_id, "remove", contacts)

    def _change(self, list_id: str, how: str, contacts: Sequence[Contact]) -> None:
        for lot in in_lots(contacts, LOT):
            # Where nobody of a lot is to be moved Brevo answers 400: already done, or a contact that is no
            # more. Either way it is the reading afterwards that counts.
            with suppress(BadAnswer):
                body = {"ids": [int(one.key) for one in lot]}
                self.brevo.http.post(f"contacts/lists/{int(list_id)}/contacts/{how}", body)

    def _create(self, list_id: str, address: str) -> str | None:
        """The address where Brevo will not have it. Somebody who came meanwhile is met by the next look."""
        try:
            self.brevo.http.post("contacts", {"email": address, "listIds": [int(list_id)]})
        except BadAnswer as refused:
            return None if "duplicate_parameter" in str(refused) or "already" in str(refused) else address
        return None

    def _one(self, address: str) -> Row | None:
        try:
            data = self.brevo.http.get(f"contacts/{quote(address, safe='')}").data
        except NotThere:
            return None
        return data if isinstance(data, dict) else None

    def _named(self, path: str, things: str, name: str) -> list[str]:
        found = {int(row["id"]) for row in self._rows(path, things, FOLDERS) if row.get("name") == name}
        return [str(one) for one in sorted(found)]

    def _made(self, path: str, body: Row) -> str:
        return str(self.brevo.http.post_once(path, body).data["id"])

    def _rows(self, path: str, things: str, limit: int) -> Iterator[Row]:
        def ask(offset: int) -> tuple[list[Any], int | None]:
            data = self.brevo.http.get(path, {"limit": limit, "offset": offset, "sort": "asc"}).data
            return data.get(things) or [], data.get("count")

        for page in walk(ask, limit, DELETION_SLACK, self.brevo.at_once):
            yield from page.rows


def lists_of(brevo: Brevo, account: str | None) -> BrevoLists:
    """A key is good for one account."""
    return BrevoLists(brevo, brevo.account)


def _address(row: Row) -> str | None:
    return spelt(row["email"]) if isinstance(row.get("email"), str) else None


def _contact(row: Row, list_id: str) -> Contact:
    left = {str(one) for one in row.get("listUnsubscribed") or ()}
    # Where nothing is told of a block, there may be one.
    is_refused = row.get("emailBlacklisted") is not False or list_id in left
    return Contact(str(row["id"]), _address(row), is_refused)
