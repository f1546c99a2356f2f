"""Lists of Mailchimp: tags of an audience, which its API calls static segments; members keep their status.

    GET  lists/{id}/segments?type=static             POST lists/{id}/segments
    GET  lists/{id}/segments/{id}/members (1000)     POST lists/{id}/segments/{id}: 500 on, 500 off
    GET  lists/{id}/members/{hash}

Nobody is made a member: that is to be subscribed to all that is written to the audience, and outlives the
tag. Nobody's status is ever written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from connectors.mailchimp.api import LARGEST, Mailchimp, audiences, member_key
from connectors.mailchimp.fetch import ARCHIVED, listed
from connectors.sending import Contact, NoSuchAccount, in_lots, made_once, spelt
from connectors.side_by_side import in_order
from connectors.stream import NotThere, Row

LOT = 500
# Else the list would look shorter than it is.
EVERYBODY = {"include_unsubscribed": "true", "include_cleaned": "true", "include_transactional": "true"}
TOLD = ("id", "email_address", "status")


@dataclass(frozen=True)
class MailchimpLists:
    mailchimp: Mailchimp
    account: str
    takes_newcomers = False

    @property
    def _path(self) -> str:
        return f"lists/{self.account}"

    def find(self, name: str) -> list[str]:
        rows = self._rows(f"{self._path}/segments", "segments", type="static")
        return sorted({str(row["id"]) for row in rows if row.get("name") == name})

    def make(self, name: str) -> str:
        def made() -> str:
            body = {"name": name, "static_segment": []}
            return str(self.mailchimp.http.post_once(f"{self._path}/segments", body).data["id"])

        return made_once(partial(self.find, name), made)

    def members(self, list_id: str) -> list[Contact]:
        fields = ",".join([*(f"members.{name}" for name in TOLD), "total_items"])
        rows = self._rows(
            f"{self._path}/segments/{int(list_id)}/members", "members", fields=fields, **EVERYBODY
        )
        return _each_once(rows)

    def look_up(self, list_id: str, addresses: Sequence[str]) -> list[Contact]:
        """One by one, or all members there are, whichever takes fewer calls."""
        wanted = {spelt(one) for one in addresses}
        if not wanted:
            return []
        count = (
            self.mailchimp.get(self._path, fields="stats.member_count").get("stats", {}).get("member_count")
        )
        if len(wanted) <= (count or 0) / LARGEST + 2:
            found = in_order([partial(self._one, one) for one in sorted(wanted)], self.mailchimp.at_once)
            return _each_once(row for row in found if row is not None)
        fields = ",".join([*(f"members.{name}" for name in TOLD), "total_items"])
        rows = (
            row
            for params in ({}, ARCHIVED)
            for row in self._rows(f"{self._path}/members", "members", fields=fields, **params)
        )
        return [one for one in _each_once(rows) if one.address in wanted]

    def add(self, list_id: str, known: Sequence[Contact], newcomers: Sequence[str]) -> set[str]:
        self._change(list_id, "members_to_add", known)
        return set(newcomers)

    def remove(self, list_id: str, contacts: Sequence[Contact]) -> None:
        self._change(list_id, "members_to_remove", contacts)

    def _change(self, list_id: str, how: str, contacts: Sequence[Contact]) -> None:
        """Answered with 200 whoever of them was not moved: it is the reading afterwards that counts."""
        for lot in in_lots([one for one in contacts if one.address], LOT):
            self.mailchimp.http.post(
                f"{self._path}/segments/{int(list_id)}", {how: [one.address for one in lot]}
            )

    def _one(self, address: str) -> Row | None:
        try:
            return self.mailchimp.get(f"{self._path}/members/{member_key(address)}", fields=",".join(TOLD))
        except NotThere:
            return None

    def _rows(self, path: str, things: str, **params: Any) -> Iterator[Row]:
        for page in listed(self.mailchimp, path, things, **params):
            yield from page.rows


def lists_of(mailchimp: Mailchimp, account: str | None) -> MailchimpLists:
    """`account`: an audience's id; may be left out where there is one."""
    known = list(audiences(mailchimp))
    if account is None and len(known) == 1:
        account = known[0]
    if account not in known:
        raise NoSuchAccount(f"mailchimp: name one of the audiences as the account: {', '.join(known)}")
    return MailchimpLists(mailchimp, account)


def _each_once(rows: Iterator[Row]) -> list[Contact]:
    return list({one.key: one for one in map(_contact, rows)}.values())


def _contact(row: Row) -> Contact:
    address = spelt(str(row.get("email_address") or "")) or None
    # Where no status is told, it may be any.
    return Contact(
        str(row.get("id") or member_key(address or "")), address, row.get("status") != "subscribed"
    )
