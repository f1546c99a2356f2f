"""Manual lists of HubSpot, and contacts made over the API: what its users change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from simulator.faults import Faults
from simulator.model import Company, MailContact
from simulator.platforms.hubspot import nodes
from simulator.platforms.hubspot.nodes import Node
from simulator.platforms.hubspot.problems import Refusal
from simulator.platforms.memberships import Leavers, Memberships, before, told
from simulator.wire import Call

MOST_READ = 250
FIRST_MADE = 8_000
FIRST_NEWCOMER = 900_000


class Lists:
    """`names`: number -> name. `edition` moves with every change of a contact."""

    def __init__(self, company: Company, faults: Faults) -> None:
        there = before(company.mail_contacts)
        self.names = {str(listed): f"Liste {listed}" for listed in there}
        base = {str(listed): [nodes.key_of(one) for one in on] for listed, on in there.items()}
        self.memberships = Memberships("hubspot", faults, base)
        self.newcomers: list[MailContact] = []
        self.leavers = Leavers()
        self.edition = self._made = 0

    def welcome(self, addresses: list[str], now: datetime) -> None:
        """New contacts, with an address and nothing else."""
        for address in addresses:
            self.newcomers.append(
                MailContact(
                    contact_id=FIRST_NEWCOMER + len(self.newcomers), person_id=None, created_at=now,
                    visible_at=now, email=address, phone=None, first_name=None, last_name=None, lists=(),
                    list_unsubscribed=(), has_double_opt_in=False, consents=(),
                )
            )  # fmt: skip
        self.edition += 1

    def answer(self, method: str, path: list[str], call: Call, contacts: Mapping[str, Any]) -> Node:
        match method, *path:
            case "POST", *nothing if not nothing:
                return self._create(call)
            case "GET", "object-type-id", "0-1", "name", name:
                found = [listed for listed, known in self.names.items() if known == unquote(name)]
                return self._list(found[0] if found else "")
            case "GET", listed:
                return self._list(listed)
            case "GET", listed, "memberships":
                return self._members(listed, call, contacts)
            case "PUT", listed, "memberships", ("add" | "remove") as how:
                return self._move(listed, how, call, contacts)
        raise Refusal(404, "OBJECT_NOT_FOUND", "resource not found")

    def _create(self, call: Call) -> Node:
        body = call.json if isinstance(call.json, dict) else {}
        wanted = {"objectTypeId": "0-1", "processingType": "MANUAL"}
        if not body.get("name") or {name: body.get(name) for name in wanted} != wanted:
            raise Refusal(400, "VALIDATION_ERROR", "Invalid input")
        if body["name"] in self.names.values():
            raise Refusal(400, "VALIDATION_ERROR", "A list of that name exists")
        self._made += 1
        listed = str(FIRST_MADE + self._made)
        self.names[listed] = str(body["name"])
        return self._list(listed)

    def _list(self, listed: str) -> Node:
        return {
            "list": {
                "listId": self._known(listed),
                "listVersion": 1,
                "name": self.names[listed],
                "objectTypeId": "0-1",
                "processingType": "MANUAL",
                "processingStatus": "COMPLETE",
                "size": len(self.memberships.of(listed)),
            }
        }

    def _members(self, listed: str, call: Call, contacts: Mapping[str, Any]) -> Node:
        keys = sorted(self.memberships.shown(self._known(listed), call), key=int)
        keys = [key for key in keys if key in contacts and contacts[key].archived is None]
        limit, after = call.params.get("limit", "100"), call.params.get("after", "0")
        if not limit.isdigit() or int(limit) > MOST_READ or not after.isdigit():
            raise Refusal(400, "VALIDATION_ERROR", f"limit is at most {MOST_READ}")
        rest = [key for key in keys if int(key) > int(after)]
        shown = rest[: int(limit)]
        at = "2026-01-01T00:00:00Z"
        body: Node = {"results": [{"recordId": key, "membershipTimestamp": at} for key in shown]}
        if len(rest) > len(shown):
            body["paging"] = {"next": {"after": shown[-1], "link": ""}}
        return body | {"total": len(keys)}

    def _move(self, listed: str, how: str, call: Call, contacts: Mapping[str, Any]) -> Node:
        asked = call.json
        if not isinstance(asked, list):
            raise Refusal(400, "VALIDATION_ERROR", "Invalid input JSON")
        keys = [str(one) for one in asked]
        there = [key for key in keys if key in contacts and contacts[key].archived is None]
        moved, _ = self.memberships.change(self._known(listed), there, how == "add", call)
        return {
            "recordsIdsAdded": moved if how == "add" else [],
            "recordIdsRemoved": moved if how == "remove" else [],
            "recordIdsMissing": [key for key in keys if key not in there],
        }

    def _known(self, listed: str) -> str:
        if listed not in self.names:
            raise Refusal(404, "OBJECT_NOT_FOUND", "List does not exist")
        return listed

    def told(self, contacts: Mapping[str, Any]) -> Node:
        addresses = {key: one.told.get("email") for key, one in contacts.items()}
        return told(self.memberships, self.names, addresses) | {"blocked": sorted(self.leavers.when)}
