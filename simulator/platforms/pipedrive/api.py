"""The answers of <company>.pipedrive.com/api/v2: lists by cursor, limits in headers, the deleted left out."""

import base64
import json
from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

from simulator.clock import Clock, Shown, read_moment
from simulator.faults import Faults
from simulator.model import Company, MailContact
from simulator.platforms.pipedrive import nodes
from simulator.platforms.pipedrive.nodes import Node
from simulator.wire import Answer, Call

TOKEN = "sim-pipedrive-token"
LARGEST = 500
SORTS = ("id", "update_time", "add_time")
PROMISED = ("update_time", "add_time", "name")
LIST = "persons"


class Refusal(Exception):
    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"success": False, "error": error, "error_info": "See https://developers.pipedrive.com"}


class Pipedrive:
    name = "pipedrive"

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.company, self.clock, self.faults = company, clock, faults
        self._is_expired, self._turn = False, 0
        self.has_marketing = True
        self.erased: set[int] = set()
        self.merged: dict[int, tuple[int, datetime]] = {}  # who was merged away: into whom, and when
        moment_of = lambda: (clock.now, faults.epoch, len(self.erased), len(self.merged))  # noqa: E731
        self._view = Shown(moment_of, self._look)
        self._lists = Shown(moment_of, dict[str, Any])

    def answer(self, call: Call) -> Answer:
        headers = self._limits(is_full=False)
        try:
            self._check(call)
            match call.method, call.parts[2:]:
                case "GET", ("persons",):
                    return Answer(self._persons(call), headers=headers)
                case "GET", ("persons", key):
                    return Answer({"success": True, "data": self._person(call, key)}, headers=headers)
                case "DELETE", ("persons", key):
                    return Answer({"success": True, "data": {"id": self._erase(key)}}, headers=headers)
                case "GET", ("deals", *which) if which in ([], ["archived"]):
                    return Answer(self._deals(call, is_archived=bool(which)), headers=headers)
                case "GET", ("organizations",):
                    made = min((one.created_at for one in self.company.mail_contacts), default=self.clock.now)
                    return Answer(self._page(call, lambda: [nodes.organization(made)]), headers=headers)
            raise Refusal(404, "Unknown method.")
        except Refusal as refusal:
            return Answer(refusal.body, refusal.status, headers)

    def refuse(self, call: Call, fault: str) -> Answer:
        self._turn += 1
        if fault == "server_error":
            return Answer("<html><body>502 Bad Gateway</body></html>", 502, {"Content-Type": "text/html"})
        if self._turn % 3 == 0:
            # Who goes on calling meets the guard in front.
            return Answer("<html><body>Access denied</body></html>", 403, {"Content-Type": "text/html"})
        body = {"success": False, "error": "request over limit", "errorCode": 429}
        return Answer(body, 429, self._limits(is_full=True))

    def expire(self, call: Call) -> None:
        self._is_expired = True

    def is_spared(self, call: Call) -> bool:
        return False

    def change(self, wish: dict[str, Any]) -> None:
        """`merge`: whom, and into whom; `marketing`: whether the account has Campaigns."""
        for what, about in wish.items():
            match what:
                case "merge":
                    loser, survivor = about
                    self.merged[int(loser)] = int(survivor), self.clock.now
                case "marketing":
                    self.has_marketing = bool(about)
                case _:
                    raise ValueError(f"nothing is called {what}")

    def missing(self) -> dict[str, dict[str, str]]:
        return {LIST: {str(key): lacks for key in self._view() if (lacks := self._lacks(key))}}

    def _limits(self, is_full: bool) -> dict[str, str]:
        told = {"limit": "20", "remaining": "0" if is_full else "17", "reset": "1"}
        daily = {"limit": "30000", "remaining": "29000"}
        return {f"x-ratelimit-{name}": value for name, value in told.items()} | {
            f"x-daily-ratelimit-token-{name}": value for name, value in daily.items()
        }

    def _check(self, call: Call) -> None:
        if call.parts[:2] != ("api", "v2"):
            raise Refusal(404, "Unknown method.")
        token = call.headers.get("x-api-token") or call.bearer
        if token != TOKEN or self._is_expired:
            self._is_expired = False  # a token has no successor: refused once
            raise Refusal(401, "unauthorized access")

    # -- people -------------------------------------------------------------------------------------

    def _look(self) -> dict[int, tuple[MailContact, datetime]]:
        now, took_over, found = self.clock.now, dict(self.merged.values()), {}
        for contact in self.company.mail_contacts:
            key = contact.contact_id
            if contact.visible_at > now or self._is_gone(contact):
                continue
            if self.faults.hides(self.name, LIST, str(key)):
                continue
            late = self.faults.came_late(self.name, LIST, str(key))
            found[key] = contact, nodes.changed_at(contact, now, late, took_over.get(key))
        return found

    def _is_gone(self, contact: MailContact) -> bool:
        is_away = contact.contact_id in self.erased or contact.contact_id in self.merged
        return is_away or nodes.deleted_at(contact, self.clock.now) is not None

    def _persons(self, call: Call) -> Node:
        # An id and the times decide the order; a promised field is taken only where it is shown.
        page = self._page(call, self._times)
        page["data"] = [self._render(call, row["id"]) for row in page["data"]]
        for row in page["data"]:
            row.pop(self._lacks(row["id"]) or "", None)
        page["data"] += [row for row in page["data"] if self._is_repeated(row)][:2]
        if page["data"] and self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(page["data"])
        if page["additional_data"]["next_cursor"] is None:
            self.faults.release(self.name, LIST, self.clock.now)
        return page

    def _times(self) -> list[Node]:
        return [
            {"id": key, "add_time": nodes.stamp(one.created_at), "update_time": nodes.stamp(changed)}
            for key, (one, changed) in self._view().items()
        ]

    def _is_repeated(self, row: Node) -> bool:
        return self.faults.chooses("repeated", self.name, str(row["id"]))

    def _render(self, call: Call, key: int) -> Node:
        contact, changed = self._view()[key]
        is_asked = "marketing_status" in call.params.get("include_fields", "")
        if is_asked and not self.has_marketing:
            raise Refusal(400, "Parameter 'include_fields' contains fields that are not available")
        row = nodes.person(contact, self.clock.now, changed, is_asked)
        if self.faults.chooses("unknown_field", self.name, str(key)):
            row["sim_score"] = key % 7
        return row

    def _lacks(self, key: int) -> str | None:
        if not self.faults.chooses("missing_field", self.name, str(key)):
            return None
        return PROMISED[key % len(PROMISED)]

    def _person(self, call: Call, text: str) -> Node:
        key = int(text) if text.isdigit() else 0
        if key not in self._view():
            raise Refusal(404, "Person not found")
        row = self._render(call, key)
        row.pop(self._lacks(key) or "", None)
        return row

    def _erase(self, text: str) -> int:
        key = int(text) if text.isdigit() else 0
        if key not in self._view():
            raise Refusal(410 if key in self.erased else 404, "Person already deleted")
        self.erased.add(key)
        return key

    # -- deals --------------------------------------------------------------------------------------

    def _deals(self, call: Call, is_archived: bool) -> Node:
        now, states = self.clock.now, call.params.get("status", "open,won,lost").split(",")

        def found() -> list[Node]:
            there = [
                one for one in self.company.mail_contacts if nodes.has_deal(one) and one.visible_at <= now
            ]
            rows = [nodes.deal(one, self._owner(one), now) for one in there]
            return [row for row in rows if row["status"] in states and is_told(row)]

        def is_told(row: Node) -> bool:
            is_over = row["is_deleted"] and read_moment(row["update_time"]) < now - nodes.SHOWN_AS_DELETED
            return read_moment(row["add_time"]) <= now and not is_over and row["is_archived"] == is_archived

        return self._page(call, found)

    def _owner(self, contact: MailContact) -> int | None:
        """Whose it is now: of who was deleted, nobody's."""
        key = contact.contact_id
        while key in self.merged:
            key = self.merged[key][0]
        is_gone = key in self.erased or nodes.deleted_at(contact, self.clock.now)
        return None if is_gone else key

    # -- pages --------------------------------------------------------------------------------------

    def _page(self, call: Call, rows: Callable[[], list[Node]]) -> Node:
        limit = call.params.get("limit", "100")
        if not limit.isdigit() or not 1 <= int(limit) <= LARGEST:
            raise Refusal(400, f"Parameter 'limit' must be between 1 and {LARGEST}")
        ranked, places = self._kept(call, rows)
        begin = bisect_right(places, _read(call.params["cursor"])) if call.params.get("cursor") else 0
        shown = ranked[begin : begin + int(limit)]
        following = _cursor(places[begin + len(shown) - 1]) if begin + len(shown) < len(ranked) else None
        if following and self.faults.strikes("empty_page", self.name, call.signature):
            is_by_id = call.params.get("sort_by", "id") == "id"
            shown, following = [], call.params.get("cursor") or _cursor([0 if is_by_id else "", 0])
        return {"success": True, "data": list(shown), "additional_data": {"next_cursor": following}}

    def _kept(self, call: Call, rows: Callable[[], list[Node]]) -> tuple[list[Node], list[list[Any]]]:
        """A list as it was asked for, in its order, made once however many pages are read of it."""
        told = ("sort_by", "sort_direction", "updated_since", "status")
        asked = "|".join([call.path, *(call.params.get(name, "") for name in told)])
        lists = self._lists()
        if asked not in lists:
            by, since = call.params.get("sort_by", "id"), _moment(call, "updated_since")
            if by not in SORTS or call.params.get("sort_direction", "asc") not in ("asc", "desc"):
                raise Refusal(400, "Parameter 'sort_by' or 'sort_direction' is invalid")
            found = [row for row in rows() if not since or read_moment(row["update_time"]) >= since]
            is_back = call.params.get("sort_direction") == "desc"
            found.sort(key=lambda row: (row[by], row["id"]), reverse=is_back)
            lists[asked] = found, [[row[by], row["id"]] for row in found]
        return lists[asked]


def _cursor(place: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read(cursor: str) -> list[Any]:
    try:
        return json.loads(base64.urlsafe_b64decode(cursor))
    except ValueError:
        raise Refusal(400, "Parameter 'cursor' is invalid") from None


def _moment(call: Call, name: str) -> datetime | None:
    text = call.params.get(name)
    if not text:
        return None
    try:
        return read_moment(text)
    except ValueError:
        raise Refusal(400, f"Parameter '{name}' is no RFC3339 time") from None
