"""Lists and folders of Brevo, and contacts made over the API: what its users change."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.model import Company, MailContact
from simulator.platforms.brevo import nodes
from simulator.platforms.brevo.params import Refusal, page
from simulator.platforms.brevo.view import Contacts
from simulator.platforms.memberships import Leavers, Memberships, before, told
from simulator.wire import Answer, Call

MOST_MOVED = 150
FIRST_MADE = 500  # lists and folders that are made get numbers from here on
FIRST_NEWCOMER = 900_000
Render = Callable[[MailContact, datetime], dict[str, Any]]


class Lists:
    """`edition` moves with every change."""

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.clock, self.faults = clock, faults
        there = before(company.mail_contacts)
        self.names = {listed: f"Liste {listed}" for listed in there}
        self.folders = {1: "Your first folder"}
        self.folder_of = dict.fromkeys(self.names, 1)
        base = {str(listed): [str(one.contact_id) for one in on] for listed, on in there.items()}
        self.memberships = Memberships("brevo", faults, base)
        self.newcomers: list[MailContact] = []
        self.touched: dict[int, datetime] = {}
        self.leavers = Leavers()
        self.edition = self.made = 0

    # -- what a contact shows -----------------------------------------------------------------------

    def of(self, contact_id: int, own: list[int]) -> list[int]:
        """The lists a contact is on: those of old that they did not leave, and as they were moved since."""
        moved = {int(listed) for listed, key, _ in self.memberships.history if key == str(contact_id)}
        on = [listed for listed in moved if str(contact_id) in self.memberships.of(str(listed))]
        return [listed for listed in own if listed not in moved] + sorted(on)

    # -- calls that read ----------------------------------------------------------------------------

    def read(self, call: Call, view: Contacts, render: Render) -> dict[str, Any]:
        match call.parts[1:]:
            case ("contacts", "folders"):
                rows = [{"id": key, "name": name} | _counts(0) for key, name in self.folders.items()]
                return self._page(call, "folders", rows)
            case ("contacts", "lists"):
                return self._page(call, "lists", [self._list(one) for one in self.names])
            case ("contacts", "lists", listed):
                return self._list(self._known(listed))
            case ("contacts", "lists", listed, "contacts"):
                keys = self.memberships.shown(str(self._known(listed)), call)
                limit, offset = page(call, 50, 500)
                there = sorted((view.by_id[int(key)] for key in keys if int(key) in view.by_id), key=_came)
                if call.params.get("sort", "desc") != "asc":
                    there = there[::-1]
                rows = [render(*one) for one in there[offset : offset + limit]]
                return {"contacts": rows, "count": len(there)}
        raise Refusal(404, "document_not_found", "Document not found")

    def _list(self, listed: int) -> dict[str, Any]:
        count = len(self.memberships.of(str(listed)))
        return {"id": listed, "name": self.names[listed], "folderId": self.folder_of[listed]} | _counts(count)

    def _page(self, call: Call, things: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        limit, offset = page(call, 10, 50)
        if call.params.get("sort", "desc") != "asc":
            rows = rows[::-1]
        return {things: rows[offset : offset + limit], "count": len(rows)}

    def _known(self, listed: str) -> int:
        if not listed.isdigit() or int(listed) not in self.names:
            raise Refusal(404, "document_not_found", "List ID does not exist")
        return int(listed)

    # -- calls that change --------------------------------------------------------------------------

    def changed(self, call: Call, view: Contacts) -> Answer | None:
        """None: a call that changes nothing of this."""
        if call.method != "POST" or call.parts[1:2] != ("contacts",):
            return None
        body = call.json if isinstance(call.json, dict) else {}
        self.edition += 1
        match call.parts[2:]:
            case ():
                return self._create(body, view, call)
            case ("folders",):
                return Answer({"id": self._named(self.folders, body)}, 201)
            case ("lists",):
                if body.get("folderId") not in self.folders:
                    raise Refusal(404, "document_not_found", "Folder ID does not exist")
                listed = self._named(self.names, body)
                self.folder_of[listed] = body["folderId"]
                return Answer({"id": listed}, 201)
            case ("lists", listed, "contacts", ("add" | "remove") as how):
                return self._move(self._known(listed), body, how, view, call)
        return None

    def _named(self, known: dict[int, str], body: dict[str, Any]) -> int:
        if not body.get("name"):
            raise Refusal(400, "missing_parameter", "name is missing")
        self.made += 1  # a number is never given twice
        number = FIRST_MADE + self.made
        known[number] = str(body["name"])
        return number

    def _move(self, listed: int, body: dict[str, Any], how: str, view: Contacts, call: Call) -> Answer:
        asked = body.get("ids") or body.get("emails") or []
        if not asked or len(asked) > MOST_MOVED:
            raise Refusal(400, "invalid_parameter", f"between 1 and {MOST_MOVED} contacts")
        by_email = {nodes.address(one): one.contact_id for one, _ in view.records} if "emails" in body else {}
        ids = [by_email.get(one) if isinstance(one, str) else one for one in asked]
        known = [str(one) for one in ids if one in view.by_id]
        moved, _ = self.memberships.change(str(listed), known, how == "add", call)
        if not moved:
            word = "already in" if how == "add" else "already removed from"
            raise Refusal(400, "invalid_parameter", f"Contact {word} list and/or does not exist")
        self.touched |= {int(one): self.clock.now for one in moved}
        names = dict(zip(map(str, ids), asked, strict=True))
        success = [names[one] for one in moved]
        return Answer(
            {"contacts": {"success": success, "failure": [one for one in asked if one not in success]}}, 201
        )

    def _create(self, body: dict[str, Any], view: Contacts, call: Call) -> Answer:
        email = str(body.get("email") or "").lower()
        if "@" not in email or email.endswith(".invalid"):
            raise Refusal(400, "invalid_parameter", "email is not valid in string format")
        if any(nodes.address(one) == email for one, _ in view.records):
            raise Refusal(400, "duplicate_parameter", "Contact already exist")
        listed = [self._known(str(one)) for one in body.get("listIds", ())]
        made = MailContact(
            contact_id=FIRST_NEWCOMER + len(self.newcomers), person_id=None, created_at=self.clock.now,
            visible_at=self.clock.now, email=email, phone=None, first_name=None, last_name=None, lists=(),
            list_unsubscribed=(), has_double_opt_in=False, consents=(),
        )  # fmt: skip
        self.newcomers.append(made)
        for one in listed:
            self.memberships.change(str(one), [str(made.contact_id)], True, call)
        return Answer({"id": made.contact_id}, 201)

    # -- the operator -------------------------------------------------------------------------------

    def operate(self, wish: dict[str, Any]) -> None:
        self.edition += 1
        for what, about in wish.items():
            match what:
                case "block":
                    self.leavers.when[str(about)] = self.clock.now
                case "delete_list":
                    self.names.pop(int(about))
                case _:
                    raise ValueError(f"nothing is called {what}")

    def told(self, view: Contacts) -> dict[str, Any]:
        names = {str(listed): name for listed, name in self.names.items()}
        addresses = {str(key): nodes.address(one) for key, (one, _) in view.by_id.items()}
        return told(self.memberships, names, addresses) | {"blocked": sorted(self.leavers.when)}


def _counts(people: int) -> dict[str, int]:
    return {"totalBlacklisted": 0, "totalSubscribers": people, "uniqueSubscribers": people}


def _came(one: tuple[MailContact, datetime]) -> tuple[datetime, int]:
    return one[0].created_at, one[0].contact_id
