"""Static segments of Mailchimp, which its pages call tags: who has which. Members keep their status."""

from datetime import datetime
from typing import Any

from simulator.faults import Faults
from simulator.model import Company, MailContact
from simulator.platforms.mailchimp import nodes
from simulator.platforms.mailchimp.nodes import Audience
from simulator.platforms.mailchimp.problems import Refusal, not_found
from simulator.platforms.memberships import Leavers, Memberships, before, told
from simulator.wire import Call

MOST_MOVED = 500
FIRST_MADE = 7_000_000
Standing = dict[str, list[tuple[MailContact, datetime, str]]]


class Segments:
    """Of each audience; `names`: audience -> number -> name."""

    def __init__(self, company: Company, faults: Faults) -> None:
        there = before(company.mail_contacts)
        old = {listed: f"Liste {listed}" for listed in there}
        self.names = {one.list_id: dict(old) for one in nodes.AUDIENCES}
        base = {
            f"{one.list_id}/{listed}": [nodes.key_of(contact.email) for contact in on if contact.email]
            for one in nodes.AUDIENCES
            for listed, on in there.items()
        }
        self.memberships = Memberships("mailchimp", faults, base)
        self.leavers = Leavers()
        self.addresses = {nodes.key_of(one.email): one.email for one in company.mail_contacts if one.email}
        self._made = 0

    def read(self, call: Call, audience: Audience, which: list[str]) -> list[dict[str, Any]]:
        if which:
            raise not_found()
        if call.params.get("type") not in (None, "static"):
            return []
        return [self._segment(audience, number) for number in self.names[audience.list_id]]

    def tagged(self, call: Call, audience: Audience, number: str) -> list[str]:
        return self.memberships.shown(f"{audience.list_id}/{self._known(audience, number)}", call)

    def change(self, call: Call, audience: Audience, which: list[str], standing: Standing) -> dict[str, Any]:
        body = call.json if isinstance(call.json, dict) else {}
        if which:
            return self._move(call, audience, self._known(audience, which[0]), body, standing)
        names = self.names[audience.list_id]
        if not body.get("name") or body["name"] in names.values():
            raise Refusal(400, "Bad Request", "A tag with that name already exists.")
        self._made += 1
        number = FIRST_MADE + self._made
        names[number] = str(body["name"])
        return self._segment(audience, number)

    def _move(
        self, call: Call, audience: Audience, number: int, body: dict[str, Any], standing: Standing
    ) -> dict[str, Any]:
        """Answered with 200 whoever could not be moved; strangers are named among the errors."""
        there = {nodes.key_of(one.email or ""): one for one, _, _ in standing[audience.list_id]}
        answer: dict[str, Any] = {"members_added": [], "members_removed": [], "errors": []}
        for what, done, comes in (
            ("members_to_add", "members_added", True),
            ("members_to_remove", "members_removed", False),
        ):
            asked = [str(one).lower() for one in body.get(what, ())]
            if len(asked) > MOST_MOVED:
                raise Refusal(400, "Invalid Resource", f"at most {MOST_MOVED}")
            keys = [key for key in map(nodes.key_of, asked) if key in there]
            moved, _ = self.memberships.change(f"{audience.list_id}/{number}", keys, comes, call)
            answer[done] = [{"id": key, "email_address": there[key].email} for key in moved]
            if failed := [one for one in asked if nodes.key_of(one) not in moved]:
                told = {"email_addresses": failed, "error": "Email addresses could not be moved."}
                answer["errors"].append(told)
        return answer | {
            "total_added": len(answer["members_added"]),
            "total_removed": len(answer["members_removed"]),
            "error_count": len(answer["errors"]),
        }

    def _segment(self, audience: Audience, number: int) -> dict[str, Any]:
        return {
            "id": number,
            "name": self.names[audience.list_id][number],
            "member_count": len(self.memberships.of(f"{audience.list_id}/{number}")),
            "type": "static",
            "list_id": audience.list_id,
        }

    def _known(self, audience: Audience, number: str) -> int:
        if not number.isdigit() or int(number) not in self.names[audience.list_id]:
            raise not_found()
        return int(number)

    def operate(self, wish: dict[str, Any], now: datetime) -> None:
        for what, about in wish.items():
            match what:
                case "block":
                    self.leavers.when[str(about)] = now
                case "delete_list":
                    for names in self.names.values():
                        names.pop(int(about), None)
                case _:
                    raise ValueError(f"nothing is called {what}")

    def told(self) -> dict[str, Any]:
        """Of the first audience."""
        first = nodes.AUDIENCES[0].list_id
        names = {f"{first}/{number}": name for number, name in self.names[first].items()}
        return told(self.memberships, names, self.addresses) | {"blocked": sorted(self.leavers.when)}
